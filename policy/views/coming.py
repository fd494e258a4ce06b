"""People register for an event, change their answers, cancel; and answer an invitation."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from members.acts import Refused
from policy import actions, showing, turns
from policy.actions.inviting import possible_delegates
from policy.forms.registering import AnswerForm, DelegateForm, RegisterForm
from policy.models import Event, EventInvitation, Registration

FORM_PAGE = ["GET", "POST"]
SAID = {
    Registration.State.APPROVED: gettext_lazy("You have a place."),
    Registration.State.WAITING: gettext_lazy(
        "All places are taken: you are on the waiting list and move up by yourself."
    ),
    Registration.State.ASKED: gettext_lazy("The organisers look at your registration; you are told."),
}


@require_http_methods(FORM_PAGE)
def event_register(request: HttpRequest, slug: str) -> HttpResponse:
    """Register, or change the answers of a registration that stands."""
    event = get_object_or_404(Event.objects.visible_to(request.user).with_registrations(), slug=slug)
    known = showing.own_registration(event, request.user)
    standing = known if known and known.is_live else None
    if standing is None and not event.is_registration_open(timezone.now()):
        messages.error(request, _("Registration for this event is not open."))
        return redirect(event)
    questions = list(event.questions.all())
    form = RegisterForm(request.POST or None, questions=questions, homes=request.user.own_universities(), known=known)
    sent = request.method == "POST"
    if sent and (form.is_valid() or not form.fields):
        try:
            return _keep(request, event, standing, form)
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect(event)
    context = {"event": event, "form": form, "registration": standing, "places": turns.places(event)}
    return render(request, "policy/event_register.html", context, status=422 if sent else 200)


def _keep(request: HttpRequest, event: Event, standing: Registration | None, form: RegisterForm) -> HttpResponse:
    typed: dict[str, Any] = {"university": form.university(), "answers": form.answers()}
    now = timezone.now()
    if standing is not None:
        standing.event = event
        actions.change_answers(registration=standing, by=request.user, now=now, **typed)
        messages.success(request, _("Saved."))
        return redirect(event)
    registration = actions.register(event=event, by=request.user, now=now, **typed)
    messages.success(request, SAID[registration.state])
    return redirect(event)


@require_http_methods(FORM_PAGE)
def event_leave(request: HttpRequest, slug: str) -> HttpResponse:
    event = get_object_or_404(Event.objects.visible_to(request.user), slug=slug)
    registration = showing.own_registration(event, request.user)
    if registration is None or not registration.can("cancel"):
        raise PermissionDenied
    if request.method == "POST":
        try:
            actions.leave(registration=registration, by=request.user, now=timezone.now())
            messages.success(request, _("You are no longer registered."))
        except Refused as refused:
            messages.error(request, str(refused))
        # An event for invited people may have been seen by the registration alone; its page would be "not found" now.
        still_seen = Event.objects.visible_to(request.user).filter(pk=event.pk).exists()
        return redirect(event if still_seen else "policy:event_list")
    context = {"event": event, "confirm_label": _("Cancel my registration"), "cancel_url": event.get_absolute_url()}
    return render(request, "policy/event_leave.html", context)


def reached(request: HttpRequest, reference: UUID) -> EventInvitation:
    """The invitation, if it reaches this person today and was not taken back; else it is not there."""
    mine = EventInvitation.objects.standing().reaching(request.user, timezone.localdate())
    joined = ("event__host", "event__body", "university", "seat__person", "seat__university", "delegate")
    return get_object_or_404(mine.select_related(*joined), reference=reference)


def invitation_answer(request: HttpRequest, reference: UUID) -> HttpResponse:
    """The invitation with its three answers; each posts to an address of its own."""
    return _answer_page(request, reached(request, reference))


def _answer_page(
    request: HttpRequest,
    invitation: EventInvitation,
    *,
    status: int = 200,
    answering: AnswerForm | None = None,
    delegating: DelegateForm | None = None,
) -> HttpResponse:
    now = timezone.now()
    people = possible_delegates(invitation, now).exclude(pk=request.user.pk)
    context = {
        "invitation": invitation,
        "event": invitation.event,
        "answering": answering or AnswerForm(auto_id="answer_%s"),
        "delegating": delegating or DelegateForm(people=people, auto_id="delegate_%s"),
        "people": people.exists(),
        "is_over": invitation.event.is_over(now) or invitation.event.state != Event.State.PUBLISHED,
    }
    return render(request, "policy/invitation_answer.html", context, status=status)


@require_POST
def invitation_accept(request: HttpRequest, reference: UUID) -> HttpResponse:
    invitation = reached(request, reference)
    waits = _("Accepted. All places are taken: you wait in line, and are told when one comes free.")
    return _answered_in_words(request, invitation, actions.accept, _("Accepted; you are registered."), waits)


@require_POST
def invitation_decline(request: HttpRequest, reference: UUID) -> HttpResponse:
    invitation = reached(request, reference)
    said = _("Declined. You can still name somebody who comes instead.")
    return _answered_in_words(request, invitation, actions.decline, said)


@require_POST
def invitation_delegate(request: HttpRequest, reference: UUID) -> HttpResponse:
    invitation = reached(request, reference)
    people = possible_delegates(invitation, timezone.now()).exclude(pk=request.user.pk)
    form = DelegateForm(request.POST, people=people, auto_id="delegate_%s")
    if not form.is_valid():
        return _answer_page(request, invitation, status=422, delegating=form)
    name = {"name": form.cleaned_data["delegate"]}
    said, waits = (
        _("%(name)s is registered and told.") % name,
        _("%(name)s is told, and waits in line: all places are taken.") % name,
    )
    return _answered(request, invitation, actions.delegate, said, waits, **form.cleaned_data)


def _answered_in_words(
    request: HttpRequest, invitation: EventInvitation, act: Any, said: str, waits: str = ""
) -> HttpResponse:
    form = AnswerForm(request.POST, auto_id="answer_%s")
    if not form.is_valid():
        return _answer_page(request, invitation, status=422, answering=form)
    return _answered(request, invitation, act, said, waits, words=form.cleaned_data["words"])


def _answered(
    request: HttpRequest, invitation: EventInvitation, act: Any, said: str, waits: str = "", **more: Any
) -> HttpResponse:
    """Do it and say so; `waits` where the registration that came of it stands in line."""
    try:
        made = act(invitation=invitation, by=request.user, now=timezone.now(), **more)
        in_line = isinstance(made, Registration) and made.state == Registration.State.WAITING
        messages.success(request, waits if in_line else said)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(invitation)
