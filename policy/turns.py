"""Whose turn it is at an event, and the one next step: for whoever wants to come, is invited, or organises."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.moments import how_long
from members.zones import written
from policy.models import Event, EventInvitation, Registration

States = Registration.State
Turn = dict[str, Any]


def of(
    event: Event,
    user: Any,
    now: datetime,
    *,
    registration: Registration | None,
    invitation: EventInvitation | None,
    runs: bool,
) -> Turn:
    """The turn of `user` at `now`: an organiser's work first, then an invitation, then one's own registration."""
    if runs and event.state in (Event.State.DRAFT, Event.State.ARCHIVED):
        return _of_organiser(event, now)
    # Before invitation and registration: nobody is asked to do anything for what does not take place.
    if event.state == Event.State.CANCELLED:
        return {"caps": _("Cancelled"), "title": _("This event does not take place."), "why": event.cancelled_because}
    if event.is_over(now):
        return _of_the_past(event, now, registration)
    if invitation is not None and invitation.is_open:
        return _invited(invitation, now)
    return _of_the_coming(event, user, now, registration)


def _of_the_coming(event: Event, user: Any, now: datetime, registration: Registration | None) -> Turn:
    if registration is not None and registration.state != States.CANCELLED:
        return _registered(event, registration, now)
    return _of_the_interested(event, user, now)


def _link(event: Event, act: str, label: str, *, quiet: bool = False) -> Turn:
    return {"url": reverse(f"policy:event_{act}", args=[event.slug]), "label": label, "quiet": quiet}


def _of_organiser(event: Event, now: datetime) -> Turn:
    since = _("Your turn since %(time)s") % {"time": how_long(event.state_since, now)}
    if event.state == Event.State.ARCHIVED:
        title = _("It is put away; take it out to work on it again.")
        return {"caps": since, "title": title, "mine": True, "actions": [_link(event, "restore", _("Take it out"))]}
    missing = event.missing_to_publish()
    if missing:
        return {
            "caps": since,
            "title": _("Complete it, then publish it."),
            "why": _("Still missing: %(missing)s.") % {"missing": ", ".join(missing)},
            "mine": True,
            "actions": [_link(event, "edit", _("Edit"))],
        }
    return {
        "caps": since,
        "title": _("Publish it, so that people see it and can register."),
        "mine": True,
        "actions": [_link(event, "publish", _("Publish")), _link(event, "edit", _("Edit"), quiet=True)],
    }


def _of_the_past(event: Event, now: datetime, registration: Registration | None) -> Turn:
    """What is over: how long ago where the day is known, and whether one was there."""
    caps = _("Past")
    if event.precision in (Event.Precision.MINUTE, Event.Precision.DAY):
        caps = _("Over since %(time)s") % {"time": how_long(event.ends_at, now)}
    was_there = registration is not None and registration.state == States.ATTENDED
    title = _("You were there.") if was_there else _("This event is over.")
    return {"caps": caps, "title": title, "why": event.when}


def _invited(invitation: EventInvitation, now: datetime) -> Turn:
    return {
        "caps": _("Your turn since %(time)s") % {"time": how_long(invitation.invited_at, now)},
        "title": _("You are invited as %(who)s.") % {"who": invitation.invited},
        "why": _("Accept, decline, or name somebody of your university who comes instead."),
        "mine": True,
        "actions": [{"url": invitation.get_absolute_url(), "label": _("Answer the invitation")}],
    }


def _registered(event: Event, registration: Registration, now: datetime) -> Turn:
    since = how_long(registration.state_since, now)
    # Not once it has begun: the acts refuse then, and a place that comes free helps nobody.
    may_change = event.starts_at >= now
    leave = [_link(event, "leave", _("Cancel my registration"), quiet=True)]
    leaves = leave if may_change and registration.can("cancel") else []
    if registration.state == States.WAITING:
        return {
            "caps": _("Waiting since %(time)s") % {"time": since},
            "title": _("You are number %(n)d on the waiting list.") % {"n": place_in_line(registration)},
            "why": _("When a place comes free, the next in line gets it at once and is told."),
            "actions": leaves,
        }
    if registration.state == States.ASKED:
        title = _("The organisers look at your registration.")
        return {"caps": _("Their turn since %(time)s") % {"time": since}, "title": title, "actions": leaves}
    if registration.state == States.REFUSED:
        return {"caps": _("Not accepted"), "title": _("You cannot take part."), "why": registration.reason}
    answers = _link(event, "register", _("Change my answers"), quiet=True)
    asked = [answers] if may_change and event.questions.exists() else []
    return {"caps": _("Registered"), "title": _("You have a place."), "why": event.when, "actions": [*asked, *leaves]}


def place_in_line(registration: Registration) -> int:
    return Registration.objects.waiting().filter(event=registration.event_id, line__lte=registration.line).count()


def _of_the_interested(event: Event, user: Any, now: datetime) -> Turn:
    """Somebody who may see it and is not registered."""
    if not event.takes_registrations:
        return {"caps": _("No registration"), "title": _("Nobody needs to register here."), "why": event.when}
    if event.registration_opens_at and now < event.registration_opens_at:
        words = {"moment": written(event.registration_opens_at, event.time_zone)}
        return {"caps": _("Not open yet"), "title": _("Registration opens on %(moment)s.") % words}
    if not event.is_registration_open(now):
        return {"caps": _("Closed"), "title": _("Registration is closed."), "why": _("Ask the organisers.")}
    until = _("Register until %(moment)s.") % {"moment": written(event.last_moment, event.time_zone)}
    if not user.is_authenticated:
        url = f"{reverse('account_login')}?next={event.get_absolute_url()}"
        actions = [{"url": url, "label": _("Sign in to register")}]
        return {"caps": _("Registration is open"), "title": until, "why": places(event), "actions": actions}
    return {
        "caps": _("Registration is open"),
        "title": until,
        "why": places(event),
        "mine": True,
        "actions": [_link(event, "register", _("Register"))],
    }


def places(event: Event) -> str:
    """How many places are left and what happens to who comes now, in a sentence."""
    if event.quota is None:
        return _("The organisers look at each registration.") if event.needs_approval else ""
    left = event.quota - event.taken
    if left <= 0 or event.queued:
        return _("All %(places)d places are taken; you would be number %(n)d on the waiting list.") % {
            "places": event.quota,
            "n": event.queued + 1,
        }
    words = {"n": left, "places": event.quota}
    return ngettext("%(n)d of %(places)d places is left.", "%(n)d of %(places)d places are left.", left) % words
