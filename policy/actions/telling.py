"""Who is told what about events."""

from collections.abc import Iterable
from datetime import datetime

from django.db import models
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from members.models import User
from members.zones import written
from notifications.actions import notify
from notifications.mails import absolute
from notifications.models import Topic
from policy.models import BodyMembership, Event, EventInvitation, Registration

States = Registration.State


def _when_and_where(event: Event) -> str:
    moment = written(event.starts_at, event.time_zone)
    return _("%(moment)s, %(where)s") % {"moment": moment, "where": event.where} if event.where else moment


def _for_the_calendar(event: Event) -> str:
    """Where the event's own file is; the notice leaves by e-mail too, so the address says the host."""
    address = absolute(reverse("policy:event_calendar", args=[event.slug]))
    return _("For your calendar: %(address)s") % {"address": address}


def _tell(people: Iterable[User], event: Event, *, subject: str, body: str, key: str, url: str = "") -> None:
    notify(
        recipients=people, topic=Topic.EVENTS, subject=subject, body=body, key=key, url=url or event.get_absolute_url()
    )


def _step_key(registration: Registration, what: str) -> str:
    """One key per step: who cancels and registers again is told again."""
    return f"registration-{what}:{registration.pk}:{registration.state_since:%Y%m%d%H%M%S%f}"


def registered(registration: Registration) -> None:
    """Tell the person where the registration stands; organisers see those that wait for them on their dashboard."""
    event = registration.event
    words = {"event": event.title, "when": _when_and_where(event)}
    told: dict[str, tuple[str, str]] = {
        States.APPROVED: (_("You are registered: %(event)s"), _("You have a place. %(when)s.")),
        # Somebody noted as present may answer an invitation afterwards.
        States.ATTENDED: (_("You are registered: %(event)s"), _("You have a place. %(when)s.")),
        States.WAITING: (
            _("You are on the waiting list: %(event)s"),
            _("All places are taken. When one comes free, the next in line gets it and is told. %(when)s."),
        ),
        States.ASKED: (
            _("Your registration waits for approval: %(event)s"),
            _("The organisers look at it and you are told. %(when)s."),
        ),
    }
    subject, body = told[registration.state]
    text = f"{body % words}\n\n{_for_the_calendar(event)}"
    _tell([registration.person], event, subject=subject % words, body=text, key=_step_key(registration, "asked"))


def approved(registration: Registration) -> None:
    registered(registration)


def moved_up(registration: Registration) -> None:
    event = registration.event
    words = {"event": event.title, "when": _when_and_where(event)}
    body = _("A place came free and you were next on the waiting list. You have a place now. %(when)s.") % words
    body = f"{body}\n\n{_for_the_calendar(event)}"
    subject = _("You moved up: %(event)s") % words
    _tell([registration.person], event, subject=subject, body=body, key=_step_key(registration, "up"))


def refused(registration: Registration) -> None:
    event = registration.event
    subject = _("Your registration was not accepted: %(event)s") % {"event": event.title}
    key = _step_key(registration, "refused")
    _tell([registration.person], event, subject=subject, body=registration.reason, key=key)


def left(registration: Registration, *, by: User) -> None:
    """Confirm it to the person, or say who answered the invitation otherwise."""
    event = registration.event
    subject = _("Registration cancelled: %(event)s") % {"event": event.title}
    body = _("You are no longer registered. While registration is open you can register again.")
    if by.pk != registration.person_id:
        body = _("%(by)s changed the answer to the invitation.") % {"by": by} + " " + body
    _tell([registration.person], event, subject=subject, body=body, key=_step_key(registration, "left"))


def invited(invitation: EventInvitation, now: datetime) -> None:
    """Tell whoever holds the mandate or the seat today; a successor finds the invitation on the dashboard."""
    event = invitation.event
    words = {"event": event.title, "who": invitation.invited, "when": _when_and_where(event)}
    body = _("You are invited as %(who)s. %(when)s.\n\nAccept, decline, or name somebody who comes instead.") % words
    _tell(
        invitation.people(localdate(now)), event, subject=_("You are invited: %(event)s") % words, body=body,
        key=f"event-invited:{invitation.pk}:{invitation.invited_at:%Y%m%d%H%M%S}", url=invitation.get_absolute_url(),
    )  # fmt: skip


def answered(invitation: EventInvitation, now: datetime) -> None:
    """Tell the chair and the secretary of the body; an event without a body is looked at by the secretariat."""
    event = invitation.event
    state = str(EventInvitation.State(invitation.state).label)
    words = {"who": invitation.invited, "answer": state.lower(), "event": event.title}
    body = invitation.words or _("No words were added.")
    subject = _("%(who)s: %(answer)s (%(event)s)") % words
    key = f"invitation-answered:{invitation.pk}:{invitation.answered_at:%Y%m%d%H%M%S%f}"
    _tell(keepers(event, now), event, subject=subject, body=body, key=key)


def delegated(invitation: EventInvitation, *, by: User) -> None:
    event = invitation.event
    words = {"event": event.title, "by": by, "when": _when_and_where(event), "who": invitation.invited}
    subject = _("You go to %(event)s as a delegate") % words
    body = _("%(by)s named you to come in place of: %(who)s. %(when)s.") % words
    body = f"{body}\n\n{_for_the_calendar(event)}"
    key = f"event-delegated:{invitation.pk}:{invitation.answered_at:%Y%m%d%H%M%S%f}"
    _tell([invitation.delegate], event, subject=subject, body=body, key=key)


def keepers(event: Event, now: datetime) -> list[User]:
    """Who fills the seats of chair and secretary of the event's body: those who may run the event."""
    day = localdate(now)
    seats = BodyMembership.objects.in_force(day).filter(body=event.body_id, role__in=BodyMembership.Role.keeping)
    return [person for seat in seats.select_related("person", "university") for person in seat.people(day)]


def cancelled(event: Event, act: models.Model, now: datetime) -> None:
    """Tell everybody who is registered, waits, or has not answered the invitation yet."""
    subject = _("Cancelled: %(event)s") % {"event": event.title}
    body = _("It does not take place on %(when)s.\n\n%(reason)s") % {"when": event.when, "reason": act.reason}
    people = _everybody(event)
    invitations = event.invitations.filter(state=EventInvitation.State.OPEN).select_related(
        "seat__person", "seat__university", "university"
    )
    for invitation in invitations:
        people += invitation.people(localdate(now))
    # Who is registered and invited stands there twice; the key tells each person once.
    _tell(people, event, subject=subject, body=body, key=f"event-cancelled:{act.pk}")


def moved(event: Event, act: models.Model) -> None:
    """Tell everybody who is registered or waits that hours or place changed."""
    subject = _("New time or place: %(event)s") % {"event": event.title}
    body = _("It now takes place on %(when)s. Take the new calendar file.") % {"when": _when_and_where(event)}
    _tell(_everybody(event), event, subject=subject, body=body, key=f"event-moved:{act.pk}")


def reminded(event: Event, people: Iterable[User], mark: str) -> int:
    """Remind of the beginning; returns how many were told for the first time."""
    words = {"event": event.title, "when": _when_and_where(event)}
    body = _("It begins on %(when)s.") % words
    told = notify(
        recipients=people, topic=Topic.DEADLINES, subject=_("Soon: %(event)s") % words,
        body=f"{body}\n\n{_for_the_calendar(event)}",
        key=f"event-soon:{event.pk}:{event.starts_at:%Y%m%d%H%M}:{mark}", url=event.get_absolute_url(),
    )  # fmt: skip
    return len(told)


def _everybody(event: Event) -> list[User]:
    live = Registration.objects.live().filter(event=event).select_related("person")
    return [registration.person for registration in live]
