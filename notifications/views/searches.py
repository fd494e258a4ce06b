"""A person's saved searches: keep one, name it, choose how to hear of news, delete it."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from members.acts import Refused
from members.lists import show_list
from members.models import Role
from notifications import searches
from notifications.catalogues import watched_list, watched_lists
from notifications.filters import SavedSearchCatalogue
from notifications.forms import SavedSearchForm
from notifications.models import SavedSearch


@require_safe
def search_list(request: HttpRequest) -> HttpResponse:
    rows = SavedSearch.objects.visible_to(request.user).select_related("user", "university")
    catalogue = SavedSearchCatalogue(request.GET, queryset=rows, request=request)
    extra = {"lists": watched_lists()}
    return show_list(request, catalogue, "notifications/search_list.html", extra=extra, filename="saved-searches")


@require_http_methods(["GET", "POST"])
def search_add(request: HttpRequest) -> HttpResponse:
    """Save what a list was narrowed to: `?list=calls&q=status=open`."""
    watched = watched_list(request.GET.get("list", ""))
    if watched is None:
        return redirect("notifications:search_list")
    now = timezone.now()
    search = SavedSearch(catalogue=watched.key, query=searches.tidy(request.GET.get("q", "")), user=request.user)
    form = _form(request, search, initial={"name": (searches.described(search, now) or str(watched.label))[:120]})
    if request.method == "POST" and form.is_valid():
        try:
            searches.save_search(search=form.instance, by=request.user, now=now)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved. You find it under “My saved searches”."))
            return redirect(search.address)
    return _page(request, form, search, now)


@require_http_methods(["GET", "POST"])
def search_edit(request: HttpRequest, reference: str) -> HttpResponse:
    search, now = _own(request, reference), timezone.now()
    form = _form(request, search)
    if request.method == "POST" and form.is_valid():
        try:
            searches.change_search(search=form.instance, now=now)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect("notifications:search_list")
    return _page(request, form, search, now)


@require_http_methods(["GET", "POST"])
def search_delete(request: HttpRequest, reference: str) -> HttpResponse:
    search = _own(request, reference)
    if request.method == "POST":
        search.delete()
        messages.success(request, _("Deleted."))
        return redirect("notifications:search_list")
    cancel = reverse("notifications:search_list")
    context = {"search": search, "confirm_label": _("Delete"), "cancel_url": cancel, "is_final": True}
    return render(request, "notifications/search_delete.html", context)


def _own(request: HttpRequest, reference: str) -> SavedSearch:
    """Colleagues may use a shared search, its owner alone changes it."""
    return get_object_or_404(SavedSearch.objects.filter(user=request.user), reference=reference)


def _form(request: HttpRequest, search: SavedSearch, **more: object) -> SavedSearchForm:
    universities = request.user.universities_as(*Role.values)
    return SavedSearchForm(request.POST or None, instance=search, universities=universities, **more)


def _page(request: HttpRequest, form: SavedSearchForm, search: SavedSearch, now: datetime) -> HttpResponse:
    watched = watched_list(search.catalogue)
    if watched is None:
        raise Http404
    context = {"form": form, "search": search, "watched": watched, "total": searches.found_now(search, now)}
    context["narrowed_to"] = search.narrowed_to or searches.described(search, now)
    return render(request, "notifications/search_form.html", context, status=422 if form.errors else 200)
