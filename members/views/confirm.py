"""Calling a page correct, by one click; archiving and bringing back, by the secretariat."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from members.actions import universities as actions
from members.acts import Refused
from members.forms.reasons import ReasonForm, VersionForm
from members.models import Factsheet, University


@require_POST
def university_confirm(request: HttpRequest, slug: str) -> HttpResponse:
    university = get_object_or_404(University.objects.visible_to(request.user), slug=slug)
    return _confirm(request, university, university, _("Thank you. The page is confirmed for a year."))


@require_POST
def university_factsheet_confirm(request: HttpRequest, slug: str) -> HttpResponse:
    university = get_object_or_404(University.objects.visible_to(request.user), slug=slug)
    factsheet = get_object_or_404(Factsheet.objects.select_related("university"), university=university)
    return _confirm(request, university, factsheet, _("Thank you. The factsheet is confirmed for a year."))


def _confirm(request: HttpRequest, university: University, page: University | Factsheet, thanks: str) -> HttpResponse:
    if not request.user.has_perm("members.confirm_university", university):
        raise PermissionDenied
    form = VersionForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    try:
        actions.confirm(page=page, version=version, by=request.user, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, thanks)
    return redirect(university)


def university_archive(request: HttpRequest, slug: str) -> HttpResponse:
    """Out of the lists, with a reason; nothing that refers to it is lost."""
    university = get_object_or_404(University.objects.visible_to(request.user), slug=slug)
    if not request.user.has_perm("members.curate"):
        raise PermissionDenied
    form = ReasonForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        context = {
            "university": university,
            "form": form,
            "confirm_label": _("Archive"),
            "cancel_url": university.get_absolute_url(),
        }
        return render(request, "members/university_archive.html", context, status=422 if form.is_bound else 200)
    try:
        actions.archive(university=university, reason=form.cleaned_data["reason"], by=request.user, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("%(name)s is archived.") % {"name": university.short_name})
    return redirect(university)


@require_POST
def university_restore(request: HttpRequest, slug: str) -> HttpResponse:
    university = get_object_or_404(University.objects.visible_to(request.user), slug=slug)
    if not request.user.has_perm("members.curate"):
        raise PermissionDenied
    try:
        actions.restore(university=university, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("%(name)s is back in the lists.") % {"name": university.short_name})
    return redirect(university)
