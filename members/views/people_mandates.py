"""Mandates: mine and those I stand in for; end one, pass it on, name a deputy."""

from datetime import date
from typing import Any

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from members.actions import invitations, mandates
from members.acts import Refused
from members.forms.people import DeputyForm, EndForm, HandOverForm, TakeBackForm
from members.models import Invitation, Mandate, User
from members.people_filters import COMING, ENDED, IN_FORCE, TAKEN_BACK
from members.people_timeline import timeline_of
from members.permissions import acts_for_a_university

FORM_METHODS = ["GET", "HEAD", "POST"]
OVER = (ENDED, TAKEN_BACK)


@require_safe
def my_mandates(request: HttpRequest) -> HttpResponse:
    """Everything I may, could and will be able to act through."""
    today = timezone.localdate()
    held = [with_acts(mandate, request.user, today) for mandate in request.user.every_mandate]
    mine = [row for row in held if row["mandate"].person_id == request.user.pk]
    context = {
        "mine": [row for row in mine if row["standing"] == "now"],
        "coming": [row for row in mine if row["standing"] == "coming"],
        "ended": [row for row in mine if row["standing"] in OVER],
        "stood_in": [row for row in held if _stands_in(row, request.user, today)],
        "universities": request.user.own_universities(),
        "publishes": acts_for_a_university(request.user),
    }
    return render(request, "people/my_mandates.html", context)


def _stands_in(row: dict[str, Any], user: User, today: date) -> bool:
    """Now or later; days as a deputy that are over are no duty any more."""
    mandate = row["mandate"]
    is_over = row["standing"] in OVER or (mandate.deputy_until is not None and mandate.deputy_until < today)
    return mandate.person_id != user.pk and not is_over


@require_safe
def mandate_detail(request: HttpRequest, reference: str) -> HttpResponse:
    mandate = _find(request.user, reference)
    row = with_acts(mandate, request.user, timezone.localdate())
    return render(
        request, "people/mandate_detail.html", {"row": row, "mandate": mandate, "steps": timeline_of(mandate)}
    )


@require_http_methods(FORM_METHODS)
def mandate_end(request: HttpRequest, reference: str) -> HttpResponse:
    mandate = _find_to(request.user, "members.end_mandate", reference)
    today = timezone.localdate()
    form = EndForm(request.POST or None, initial={"last_day": today})

    def act(last_day: date, reason: str) -> str:
        return mandates.end(mandate=mandate, last_day=last_day, reason=reason, by=request.user, today=today)

    where = mandates.where_tasks_go(mandate, today + mandates.ONE_DAY)
    return _form_page(request, mandate, form=form, act=act, template="people/mandate_end.html", where=where)


@require_http_methods(FORM_METHODS)
def mandate_take_back(request: HttpRequest, reference: str) -> HttpResponse:
    """For a mandate that has not begun, or began today: it then never counted."""
    mandate = _find_to(request.user, "members.end_mandate", reference)
    today = timezone.localdate()

    def act(reason: str) -> str:
        where = mandates.take_back(mandate=mandate, reason=reason, by=request.user, today=today, now=timezone.now())
        return " ".join([_("The mandate of %(person)s is taken back.") % {"person": mandate.person}, where])

    form = TakeBackForm(request.POST or None)
    where = mandates.where_tasks_go(mandate, mandate.starts_on)
    return _form_page(request, mandate, form=form, act=act, template="people/mandate_take_back.html", where=where)


@require_http_methods(FORM_METHODS)
def mandate_hand_over(request: HttpRequest, reference: str) -> HttpResponse:
    mandate = _find_to(request.user, "members.hand_over_mandate", reference)
    today = timezone.localdate()
    form = HandOverForm(request.POST or None, initial={"last_day": today})

    def act(email: str, last_day: date) -> str:
        followed = invitations.hand_over(
            mandate=mandate, email=email, last_day=last_day, by=request.user, today=today, now=timezone.now()
        )
        if isinstance(followed, Invitation):
            return _("%(email)s is invited to follow. Until they accept nobody does.") % {"email": email}
        return _("%(person)s follows. Open tasks of the desk move with the mandate.") % {"person": followed.person}

    return _form_page(request, mandate, form=form, act=act, template="people/mandate_hand_over.html")


@require_http_methods(FORM_METHODS)
def mandate_deputy(request: HttpRequest, reference: str) -> HttpResponse:
    mandate = _find_to(request.user, "members.name_deputy", reference)
    form = DeputyForm(request.POST or None)

    def act(deputy: User, first_day: date | None, last_day: date | None) -> str:
        mandates.name_deputy(
            mandate=mandate, deputy=deputy, first_day=first_day, last_day=last_day, by=request.user,
            today=timezone.localdate(),
        )  # fmt: skip
        return _("%(deputy)s stands in and was told.") % {"deputy": deputy}

    return _form_page(request, mandate, form=form, act=act, template="people/mandate_deputy.html")


@require_http_methods(FORM_METHODS)
def mandate_dismiss_deputy(request: HttpRequest, reference: str) -> HttpResponse:
    mandate = _find_to(request.user, "members.name_deputy", reference)

    def act() -> str:
        deputy = mandate.deputy
        mandates.dismiss_deputy(mandate=mandate, by=request.user)
        return _("%(deputy)s no longer stands in.") % {"deputy": deputy}

    return _form_page(
        request, mandate, form=forms.Form(request.POST), act=act, template="people/mandate_dismiss.html",
        confirm_label=_("End it now"), cancel_url=mandate.get_absolute_url(),
    )  # fmt: skip


def _standing(mandate: Mandate, today: date) -> str:
    if mandate.taken_back_at is not None:
        return TAKEN_BACK
    if mandate.starts_on > today:
        return COMING
    return IN_FORCE if mandate.is_in_force(today) else ENDED


def with_acts(mandate: Mandate, user: User, today: date) -> dict[str, Any]:
    """A mandate with where it stands on `today` and what `user` may do with it; no queries beyond the user's own."""
    standing = _standing(mandate, today)
    may_end = standing not in OVER and user.has_perm("members.end_mandate", mandate)
    return {
        "mandate": mandate,
        "standing": standing,
        "may_end": may_end,
        "may_take_back": may_end and mandate.can_be_taken_back(today),
        "may_hand_over": standing == IN_FORCE and user.has_perm("members.hand_over_mandate", mandate),
        "may_name_deputy": standing not in OVER and user.has_perm("members.name_deputy", mandate),
    }


@reauthentication_required
def _form_page(
    request: HttpRequest, mandate: Mandate, *, form: forms.Form, act: Any, template: str, **extra: Any
) -> HttpResponse:
    """Show `form`; once it is valid do `act` with its fields and go back to the mandate, saying how it went.

    Only for people who gave their password within the last minutes; what they typed survives being asked for it.
    """
    if request.method == "POST" and form.is_valid():
        try:
            said = act(**form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, said)
            return redirect(mandate)
    return render(request, template, {"mandate": mandate, "form": form, **extra})


def _find(user: User, reference: str) -> Mandate:
    mandates_seen = Mandate.objects.visible_to(user).select_related("person", "deputy", "university", "given_by")
    return get_object_or_404(mandates_seen, reference=reference)


def _find_to(user: User, permission: str, reference: str) -> Mandate:
    mandate = _find(user, reference)
    if not user.has_perm(permission, mandate):
        raise PermissionDenied
    return mandate
