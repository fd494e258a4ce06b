"""People register, change their mind; organisers approve, refuse, reorder the waiting list, note who was there."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from members.acts import Refused
from members.models import University, User
from policy.actions import telling
from policy.actions.guards import hold, log, refuse_when_over, step
from policy.actions.waiting import fill_free_places, settle
from policy.models import Event, EventInvitation, Registration
from policy.models.registrations import next_in_line

States = Registration.State


@transaction.atomic
def register(
    *,
    event: Event,
    by: User,
    now: datetime,
    university: University | None = None,
    answers: dict[str, Any] | None = None,
) -> Registration:
    """Ask for a place: at once one's own where one is free, else in line; or for approval where that is wanted.

    The event's row is the lock for its places. Raises Refused outside the registration's window, for who is registered
    already and for who was refused.
    """
    event = hold(event)
    if not event.is_registration_open(now):
        raise Refused(_("Registration for this event is not open."))
    registration = _asked(event, by, now, university=university, answers=answers)
    if not event.needs_approval:
        settle(registration, now=now)
    _log_and_tell(registration, by=by)
    return registration


@transaction.atomic
def register_invited(*, invitation: EventInvitation, person: User, by: User, now: datetime) -> Registration:
    """Register `person` by an invitation: no approval, also after closing, first in line where the event is full.

    Somebody who is registered already keeps the place, or comes to the front of the line. Raises Refused when the event
    is over or cancelled.
    """
    event = hold(invitation.event)
    refuse_when_over(event, now)
    registration = Registration.objects.filter(event=event, person=person, state__in=States.live).first()
    if registration is None:
        registration = _asked(event, person, now, university=invitation.home, invited=True)
    registration.event = event
    # Also on a place one had before: declining later gives it up, which is found by the invitation.
    Registration.objects.filter(pk=registration.pk).update(invitation=invitation)
    registration.invitation = invitation
    if registration.state == States.ASKED:
        settle(registration, now=now, first=True)
    elif registration.state == States.WAITING:
        Registration.objects.filter(pk=registration.pk).update(line=next_in_line(event, first=True))
    _log_and_tell(registration, by=by)
    return registration


def _asked(
    event: Event,
    person: User,
    now: datetime,
    *,
    university: University | None,
    answers: dict[str, Any] | None = None,
    invited: bool = False,
) -> Registration:
    """The person's one row for the event, standing where a new request stands."""
    fresh = {"asked_at": now, "university": university, "answers": answers or {}}
    # One row for good: who was refused cannot become somebody new by cancelling and asking again.
    registration, made = Registration.objects.get_or_create(
        event=event, person=person, defaults={"state_since": now, **fresh}
    )
    registration.event = event
    if made:
        return registration
    if registration.is_live:
        raise Refused(_("You are registered already."))
    if registration.state == States.REFUSED and not invited:
        raise Refused(_("Your registration was not accepted: %(reason)s") % {"reason": registration.reason})
    step(registration, "ask_again", now=now, reason="", **fresh)
    return registration


def _log_and_tell(registration: Registration, *, by: User) -> None:
    log("registration.asked", registration, by=by, event=registration.event, after=registration.state)
    telling.registered(registration)


@transaction.atomic
def change_answers(
    *, registration: Registration, answers: dict[str, Any], university: University | None, by: User, now: datetime
) -> Registration:
    """Keep other answers of somebody who is registered. Raises Refused once the event has begun."""
    # Not under the lock: answers take no place, and the last who saves is the same person.
    if not registration.is_live or registration.event.starts_at < now:
        raise Refused(_("It is too late to change your answers; write to the organisers."))
    Registration.objects.filter(pk=registration.pk).update(answers=answers, university=university)
    log("registration.answers", registration, by=by, event=registration.event)
    return registration


@transaction.atomic
def leave(*, registration: Registration, by: User, now: datetime) -> Registration:
    """Give up one's place or one's place in line; who is next in line moves up in the same transaction.

    Raises Refused once the event has begun.
    """
    event = hold(registration.event)
    registration.event = event
    # Of the row under the lock: it may have been put off since the page was opened.
    if event.starts_at < now:
        raise Refused(_("The event has begun; write to the organisers."))
    before = registration.state
    step(registration, "cancel", now=now, line=None)
    log("registration.cancelled", registration, by=by, event=event, before=before, after=registration.state)
    telling.left(registration, by=by)
    fill_free_places(event=event, now=now)
    return registration


@transaction.atomic
def approve(*, registration: Registration, by: User, now: datetime) -> Registration:
    """Let somebody come: with a place where one is free and nobody waits, else in line."""
    event = hold(registration.event)
    registration.event = event
    refuse_when_over(event, now)
    if registration.state != States.ASKED:
        raise Refused(_("Only a registration that waits for approval can be approved."))
    settle(registration, now=now)
    log("registration.approved", registration, by=by, event=event, before=States.ASKED, after=registration.state)
    telling.approved(registration)
    return registration


@transaction.atomic
def refuse(*, registration: Registration, reason: str, by: User, now: datetime) -> Registration:
    """Do not let somebody come; the person reads the reason. Raises Refused without one."""
    if not reason.strip():
        raise Refused(_("Say why; the person reads it."))
    event = hold(registration.event)
    registration.event = event
    before = registration.state
    step(registration, "refuse", now=now, line=None, reason=reason.strip())
    log(
        "registration.refused", registration, by=by, event=event, before=before, after=registration.state,
        reason=reason.strip(),
    )  # fmt: skip
    telling.refused(registration)
    return registration


@transaction.atomic
def put_first(*, registration: Registration, by: User, now: datetime) -> Registration:
    """Bring somebody to the front of the waiting list."""
    event = hold(registration.event)
    line = next_in_line(event, first=True)
    # No step of the machine, since the state stays; so the update itself asks for it.
    waiting = Registration.objects.filter(pk=registration.pk, state=States.WAITING)
    if not waiting.update(line=line):
        raise Refused(_("This person does not wait any more."))
    registration.line = line
    log("registration.put_first", registration, by=by, event=event)
    return registration


@transaction.atomic
def mark_attended(*, registration: Registration, by: User, now: datetime) -> Registration:
    """Note that somebody was there; possible from the day on which the event begins."""
    event = hold(registration.event)  # first: the trigger on the registration takes this lock too, after the row
    registration.event = event
    if event.begins.date() > now.astimezone(event.zone).date():
        raise Refused(_("The event has not begun yet."))
    step(registration, "attend", now=now)
    log("registration.attended", registration, by=by, event=event, after=registration.state)
    return registration


@transaction.atomic
def unmark_attended(*, registration: Registration, by: User, now: datetime) -> Registration:
    """Take back that somebody was there."""
    event = hold(registration.event)
    registration.event = event
    step(registration, "unattend", now=now)
    log("registration.unattended", registration, by=by, event=event, after=registration.state)
    return registration
