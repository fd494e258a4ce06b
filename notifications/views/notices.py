"""A person's notices: read one, read all, narrow."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from members.lists import show_list
from notifications import actions
from notifications.filters import NoticeCatalogue
from notifications.models import Notice


@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    return _list(request)


@require_safe
def notice_open(request: HttpRequest, reference: str) -> HttpResponse:
    """Go to what the notice is about; having gone there counts as having read it."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), reference=reference)
    actions.mark_read(notices=Notice.objects.filter(pk=notice.pk), now=timezone.now())
    # Addresses of ours alone: a link that begins here must not end on another's page.
    if url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None):
        return redirect(notice.url)
    return redirect("notifications:notice_list")


@require_POST
def notice_read(request: HttpRequest, reference: str) -> HttpResponse:
    notice = get_object_or_404(Notice.objects.visible_to(request.user), reference=reference)
    actions.mark_read(notices=Notice.objects.filter(pk=notice.pk), now=timezone.now())
    return _back_to_list(request)


@require_POST
def notice_read_all(request: HttpRequest) -> HttpResponse:
    """Everything the person has, whatever the list is narrowed to."""
    actions.mark_read(notices=Notice.objects.visible_to(request.user), now=timezone.now())
    return _back_to_list(request)


def _back_to_list(request: HttpRequest) -> HttpResponse:
    """The same narrowed list again: as the swapped part for htmx, else by its address."""
    if request.htmx:
        return _list(request)
    query = request.GET.urlencode()
    return redirect(f"{reverse('notifications:notice_list')}{'?' if query else ''}{query}")


def _list(request: HttpRequest) -> HttpResponse:
    catalogue = NoticeCatalogue(request.GET, queryset=Notice.objects.visible_to(request.user), request=request)
    return show_list(request, catalogue, "notifications/notice_list.html", filename="notices")
