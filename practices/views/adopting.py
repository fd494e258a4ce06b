""" "We adopted this": said, added to, taken back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from members.acts import Conflict, Refused
from members.forms.conflicts import still_typed, versions_of_form
from practices import actions, showing
from practices.forms.small import AdoptionForm
from practices.models import Adoption, Practice
from practices.views.finding import practice_to, practices_seen_by, try_to


@require_http_methods(["GET", "POST"])
def adoption_add(request: HttpRequest, reference: str) -> HttpResponse:
    practice = practice_to("adopt_practice", request, reference)
    places = showing.places_to_adopt(practice, request.user, practice.adoptions.in_force())
    if not places:
        messages.info(request, _("Your university has said so already."))
        return redirect(practice)
    form = AdoptionForm(request.POST or None, places=places, day=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        names = ("university", "since", "changed", "result")
        words = {name: form.cleaned_data[name] for name in names}
        try:
            actions.adopt(practice=practice, **words, by=request.user, now=timezone.now())
            messages.success(request, _("Thank you. The owner is told, and you hear of new versions."))
            return redirect(practice)
        except Refused as refused:
            form.add_error(None, str(refused))
    return _page(request, practice, form)


def _adoption(request: HttpRequest, reference: str, slug: str, permission: str) -> Adoption:
    practice = get_object_or_404(practices_seen_by(request), reference=reference)
    rows = practice.adoptions.in_force().select_related("university")
    adoption = get_object_or_404(rows, university__slug=slug)
    adoption.practice = practice
    if not request.user.has_perm(permission, adoption):
        raise PermissionDenied
    return adoption


@require_http_methods(["GET", "POST"])
def adoption_edit(request: HttpRequest, reference: str, slug: str) -> HttpResponse:
    adoption = _adoption(request, reference, slug, "practices.edit_adoption")
    day, practice = timezone.localdate(), adoption.practice
    form = AdoptionForm(request.POST or None, instance=adoption, places=[], day=day)
    trouble: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["version"] or 0
        try:
            actions.change_adoption(adoption=form.instance, version=seen, by=request.user, now=timezone.now())
            messages.success(request, _("Saved."))
            return redirect(practice)
        except Conflict as conflict:
            stored = Adoption.objects.get(pk=adoption.pk)
            trouble = {"conflict": str(conflict), "versions": versions_of_form(form, stored)}
            form = AdoptionForm(still_typed(form, stored.version), instance=stored, places=[], day=day)
        except Refused as refused:
            form.add_error(None, str(refused))
    return _page(request, practice, form, adoption=adoption, **trouble)


def _page(request: HttpRequest, practice: Practice, form: AdoptionForm, **more: Any) -> HttpResponse:
    status = 409 if "conflict" in more else 422 if form.errors else 200
    context = {"practice": practice, "form": form, "adoption": None, "conflict": "", "versions": [], "other": None}
    return render(request, "practices/adoption_form.html", context | more, status=status)


@require_http_methods(["GET", "POST"])
def adoption_withdraw(request: HttpRequest, reference: str, slug: str) -> HttpResponse:
    adoption = _adoption(request, reference, slug, "practices.withdraw_adoption")
    practice = adoption.practice
    if request.method == "POST":
        done = _("Taken back. You can say it again any time.")
        try_to(request, actions.withdraw_adoption, done, adoption=adoption, now=timezone.now())
        return redirect(practice)
    context = {
        "practice": practice, "adoption": adoption, "confirm_label": _("Take it back"),
        "cancel_url": practice.get_absolute_url(), "is_final": False,
    }  # fmt: skip
    return render(request, "practices/adoption_withdraw.html", context)
