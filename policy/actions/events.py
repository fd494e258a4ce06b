"""Organisers add an event, change it, publish it, cancel it, put it away."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.acts import Refused, clean_or_refuse
from members.models import User
from policy.actions import telling
from policy.actions.guards import hold, log, no_seat_is_given_twice
from policy.actions.waiting import fill_free_places
from policy.models import Event, EventInvitation, EventQuestion, ProgrammeItem, Registration

# Who registered is told when one of these changes.
WHEN_AND_WHERE = ("starts_at", "ends_at", "time_zone", "place", "venue", "is_online")


@transaction.atomic
def add_event(
    *,
    event: Event,
    programme: Sequence[ProgrammeItem] = (),
    questions: Sequence[EventQuestion] = (),
    by: User,
    now: datetime,
) -> Event:
    """Keep a new event as a draft, with its programme and questions. Raises Refused where the checks object."""
    event.state, event.state_since = Event.State.DRAFT, now
    clean_or_refuse(event)
    event.save()
    _keep_rows(event, programme, questions)
    log("event.added", event, by=by, event=event, after=event.state)
    return event


@transaction.atomic
def change_event(
    *,
    event: Event,
    version: int,
    fields: Collection[str],
    programme: Sequence[ProgrammeItem] | None = None,
    questions: Sequence[EventQuestion] | None = None,
    by: User,
    now: datetime,
) -> Event:
    """Save the changed `fields` over `version`, and the rows (None: as they are); more places let the line move up.

    Who registered is told when hours or place changed. Raises Conflict when somebody saved in between, Refused for
    fewer places than people who come, or where the model's own checks object.
    """
    stored = hold(event)
    _refuse_fewer_places_than_taken(event)
    clean_or_refuse(event)
    with no_seat_is_given_twice():
        event.save_over(version, fields)
    _keep_rows(event, programme, questions)
    changed = changed_fields(stored, event, fields)
    act = log("event.changed", event, by=by, event=event, details={"fields": changed})
    if stored.state == Event.State.PUBLISHED and not event.is_over(now):  # states move without counting the version up
        if set(changed) & set(WHEN_AND_WHERE):
            telling.moved(event, act)
        fill_free_places(event=event, now=now)
    return event


@transaction.atomic
def publish_event(*, event: Event, by: User, now: datetime) -> Event:
    """Show it to its audience and open its registration. Raises Refused while something is missing, and says what."""
    missing = hold(event).missing_to_publish()
    if missing:
        raise Refused(_("Still missing: %(missing)s.") % {"missing": ", ".join(missing)})
    _step(event, "publish", by=by, now=now)
    return event


@transaction.atomic
def cancel_event(*, event: Event, reason: str, by: User, now: datetime) -> Event:
    """Say that it does not take place: everybody who is registered, waits or is invited is told, with the reason."""
    if not reason.strip():
        raise Refused(_("Say why it does not take place; everybody who wanted to come reads it."))
    stored = hold(event)
    # The stored row: the page may have been opened before somebody moved the event.
    if stored.is_over(now):
        raise Refused(_("It is over; archive it instead."))
    act = _step(event, "cancel", by=by, now=now, reason=reason.strip(), cancelled_because=reason.strip())
    telling.cancelled(stored, act, now)
    return event


@transaction.atomic
def archive_event(*, event: Event, by: User, now: datetime) -> Event:
    """Put it away: it leaves the calendar; registrations stay. Raises Refused while people are about to come."""
    stored = hold(event)
    coming = Registration.objects.live().filter(event=event).count()
    if stored.state == Event.State.PUBLISHED and not stored.is_over(now) and coming:
        words = ngettext(
            "%(n)d person is registered. Cancel the event first, so that they are told.",
            "%(n)d people are registered. Cancel the event first, so that they are told.",
            coming,
        )
        raise Refused(words % {"n": coming})
    event.state = stored.state  # the log quotes it, and the page may have read the event before it was published
    _step(event, "archive", by=by, now=now)
    return event


@transaction.atomic
def restore_event(*, event: Event, by: User, now: datetime) -> Event:
    """Take it out of the archive, as a draft."""
    _step(event, "restore", by=by, now=now)
    return event


def _keep_rows(
    event: Event, programme: Sequence[ProgrammeItem] | None, questions: Sequence[EventQuestion] | None
) -> None:
    """Make these the rows of the event (None: as they are); rows that stay keep their keys."""
    for manager, rows in ((event.programme, programme), (event.questions, questions)):
        if rows is None:
            continue
        manager.exclude(pk__in=[row.pk for row in rows if row.pk]).delete()
        for position, row in enumerate(rows):
            # Lines of the programme need no position: they stand by their hours.
            row.event = event
            if isinstance(row, EventQuestion):
                row.position = position
            row.save()


def changed_fields(before: Event, after: Event, fields: Collection[str]) -> list[str]:
    """Those of `fields` in which two states of an event differ."""
    named = (field for field in Event._meta.concrete_fields if field.name in fields)
    return [field.name for field in named if getattr(before, field.attname) != getattr(after, field.attname)]


def _step(event: Event, transition: str, *, by: User, now: datetime, reason: str = "", **changes: str) -> models.Model:
    before = event.state
    if not event.move(transition, state_since=now, **changes):
        raise Refused(_("This event has changed meanwhile. Look at it again before you go on."))
    return log(f"event.{transition}", event, by=by, event=event, before=before, after=event.state, reason=reason)


def _refuse_fewer_places_than_taken(event: Event) -> None:
    """The database refuses the same."""
    if event.quota is None:
        return
    taken = Registration.objects.holding_a_place().filter(event=event).count()
    if event.quota < taken:
        words = ngettext("%(n)d person comes; offer at least that.", "%(n)d people come; offer at least those.", taken)
        raise Refused(words % {"n": taken})


def who_is_told(event: Event) -> dict[str, int]:
    """How many people a cancellation would reach."""
    return {
        "registered": Registration.objects.live().filter(event=event).count(),
        "invited": EventInvitation.objects.filter(event=event, state=EventInvitation.State.OPEN).count(),
    }
