"""Following a call, and wanting a part in answering it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from funding import actions
from funding.filters import InterestFilter
from funding.forms import InterestForm
from funding.models import Call, Interest
from funding.permissions import staff_universities
from members.acts import Conflict, Refused
from members.forms.conflicts import still_typed, versions_of_form
from members.lists import show_list
from members.models import Act


@require_POST
def call_follow(request: HttpRequest, slug: str) -> HttpResponse:
    call = _call(request, slug)
    try:
        actions.follow_call(call=call, by=request.user)
        messages.success(request, _("You hear when something that matters changes, and before a deadline."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(call)


@require_POST
def call_unfollow(request: HttpRequest, slug: str) -> HttpResponse:
    call = _call(request, slug)
    actions.unfollow_call(call=call, by=request.user)
    messages.success(request, _("You no longer follow this call."))
    return redirect(call)


@require_safe
def interest_list(request: HttpRequest) -> HttpResponse:
    """One's own interests, and those of the others in the same calls."""
    rows = Interest.objects.visible_to(request.user).with_standing(timezone.localdate())
    rows = rows.select_related("call__programme", "university", "person")
    found = InterestFilter(request.GET, queryset=rows, request=request)
    return show_list(request, found, "funding/interest_list.html", filename="interests")


@require_http_methods(["GET", "POST"])
def interest_add(request: HttpRequest, slug: str) -> HttpResponse:
    call = _call(request, slug)
    if not request.user.has_perm("funding.express_interest"):
        raise PermissionDenied
    form = _form(request, Interest(call=call, person=request.user))
    if request.method == "POST" and form.is_valid():
        try:
            actions.express_interest(interest=form.instance, by=request.user, now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The others who are interested are told, and you see who they are."))
            return redirect(call)
    return _form_page(request, form, {"call": call})


@require_http_methods(["GET", "POST"])
def interest_edit(request: HttpRequest, reference: str) -> HttpResponse:
    interest = _interest(request, reference, "funding.edit_interest")
    form = _form(request, interest)
    context: dict[str, Any] = {"call": interest.call, "interest": interest}
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_interest(interest=form.instance, version=form.cleaned_data["version"], by=request.user)
            messages.success(request, _("Saved."))
            return redirect(interest.call)
        except Conflict as conflict:
            context |= _after_conflict(request, form, conflict)
        except Refused as refused:
            form.add_error(None, str(refused))
    return _form_page(request, form, context)


@require_http_methods(["GET", "POST"])
def interest_withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    interest = _interest(request, reference, "funding.withdraw_interest")
    if request.method == "POST":
        try:
            actions.withdraw_interest(interest=interest, by=request.user, now=timezone.now())
            messages.success(request, _("Withdrawn. The others no longer see it."))
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect("funding:interest_list")
    context = {
        "interest": interest, "confirm_label": _("Withdraw"), "cancel_url": interest.call.get_absolute_url(),
        "still_acts": request.user.has_perm("funding.edit_interest", interest),
    }  # fmt: skip
    return render(request, "funding/interest_withdraw.html", context)


def _call(request: HttpRequest, slug: str) -> Call:
    return get_object_or_404(Call.objects.visible_to(request.user).select_related("programme"), slug=slug)


def _interest(request: HttpRequest, reference: str, permission: str) -> Interest:
    rows = Interest.objects.visible_to(request.user).select_related("call__programme", "university", "person")
    interest = get_object_or_404(rows, reference=reference)
    if not request.user.has_perm(permission, interest):
        raise PermissionDenied
    return interest


def _form(request: HttpRequest, interest: Interest) -> InterestForm:
    universities = staff_universities(request.user)
    return InterestForm(request.POST or None, instance=interest, universities=universities)


def _after_conflict(request: HttpRequest, form: InterestForm, conflict: Conflict) -> dict[str, Any]:
    """Both versions, and the form with what was typed over the newer one."""
    # Two copies: a bound form writes what was typed into its instance.
    stored, fresh = (Interest.objects.select_related("university").get(pk=form.instance.pk) for _copy in range(2))
    again = InterestForm(
        still_typed(form, stored.version), instance=fresh, universities=staff_universities(request.user)
    )
    versions = versions_of_form(form, stored)
    return {"form": again, "conflict": str(conflict), "versions": versions, "other": Act.objects.about(stored).last()}


def _form_page(request: HttpRequest, form: InterestForm, context: dict[str, Any]) -> HttpResponse:
    status = 409 if "conflict" in context else 422 if form.errors else 200
    return render(request, "funding/interest_form.html", {"form": form} | context, status=status)
