"""Invitations: the invited person's page, and for those who invited: send again, take back."""

from datetime import datetime
from typing import Any

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from members.actions import invitations
from members.actions.mandates import person_with
from members.acts import Refused
from members.forms.people import AcceptForm
from members.limits import limited
from members.models import Invitation, User


# The address is a key, so no copy of its page may lie in a cache.
@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@limited("invitation", "20/h")
def invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """What the link in the e-mail opens: sign in and accept, or make the account and accept at once."""
    invited = get_object_or_404(
        Invitation.objects.by_token(token).select_related("university", "invited_by", "accepted_by")
    )
    context = {"invitation": invited, "here": request.get_full_path(), **_standing(invited, timezone.now())}
    if request.user.is_authenticated:
        return _as_account(request, invited, context)
    # Whoever has an account signs in to it: a second one under the same address would split the person in two.
    if person_with(invited.email) or not context["is_open"]:
        return render(request, "people/invitation.html", context | {"needs_sign_in": context["is_open"]})
    return _as_new_person(request, invited, context)


def _standing(invited: Invitation, now: datetime) -> dict[str, Any]:
    """Whether it can be accepted, and where only a word of those in office is missing, whose."""
    day = timezone.localdate(now)
    is_open = invited.is_open(now)
    missing = invitations.why_not_backed(invited, day) if is_open and not invited.is_backed_on(day) else ""
    return {"is_open": is_open and not missing, "missing": missing}


def _as_account(request: HttpRequest, invited: Invitation, context: dict) -> HttpResponse:
    # Verified: else anybody could add the invited address to an account and take the role.
    is_mine = request.user.emailaddress_set.filter(email__iexact=invited.email, verified=True).exists()
    if request.method == "POST" and is_mine:
        try:
            invitations.accept_invitation(invitation=invited, person=request.user, now=timezone.now())
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Thank you. The desk is yours from the first day of the mandate."))
            return redirect("people:my_mandates")
    return render(request, "people/invitation.html", context | {"is_mine": is_mine})


def _as_new_person(request: HttpRequest, invited: Invitation, context: dict) -> HttpResponseBase:
    form = AcceptForm(request.POST or None, email=invited.email)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            person = invitations.accept_as_new_person(
                invitation=invited, given_name=given["given_name"], family_name=given["family_name"],
                password=given["password1"], now=timezone.now(),
            )  # fmt: skip
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return perform_login(request, person, redirect_url=reverse("people:my_mandates"))
    return render(request, "people/invitation.html", context | {"form": form})


@require_POST
def invitation_again(request: HttpRequest, reference: str) -> HttpResponse:
    invited = _find(request.user, reference)
    try:
        invitations.invite_again(invitation=invited, by=request.user, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The invitation to %(email)s was sent again.") % {"email": invited.email})
    return _back(invited)


@require_POST
def invitation_withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    invited = _find(request.user, reference)
    try:
        invitations.withdraw_invitation(invitation=invited, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The invitation to %(email)s is taken back.") % {"email": invited.email})
    return _back(invited)


def _find(user: User, reference: str) -> Invitation:
    """Invitations are seen by those who may give the role; for all others there are none."""
    invited = get_object_or_404(Invitation.objects.select_related("university", "invited_by"), reference=reference)
    if not user.has_perm("members.keep_invitation", invited):
        raise Http404
    return invited


def _back(invited: Invitation) -> HttpResponse:
    if invited.university:
        return redirect("people:university_people", invited.university.slug)
    return redirect("people:consortium_people")
