"""The waiting list moves up by itself: a place that comes free goes to the next who waits for it."""

from datetime import datetime

from django.db import transaction

from policy.actions import telling
from policy.actions.guards import hold, log, step
from policy.models import Event, Registration
from policy.models.registrations import next_in_line


@transaction.atomic
def fill_free_places(*, event: Event, now: datetime) -> list[Registration]:
    """Give each free place to the next in line; returns who moved up. Safe to call at any time and twice.

    Nobody moves up once the event is over or does not take place.
    """
    event = hold(event)
    if event.state != Event.State.PUBLISHED or event.is_over(now):
        return []
    free = places_left(event)
    line = Registration.objects.waiting().filter(event=event).select_related("person")
    moved = list(line if free is None else line[: max(free, 0)])
    for registration in moved:
        registration.event = event
        step(registration, "move_up", now=now, line=None)
        log("registration.moved_up", registration, by=None, event=event, before="waiting", after="approved")
        telling.moved_up(registration)
    return moved


def places_left(event: Event) -> int | None:
    """How many places are free, None where nobody counts; call it under the event's lock."""
    if event.quota is None:
        return None
    return event.quota - Registration.objects.holding_a_place().filter(event=event).count()


def settle(registration: Registration, *, now: datetime, first: bool = False) -> None:
    """Give an asked-for place when one is free and nobody waits for it, else a place in line.

    `first` puts the person before all others who wait: an invitation goes before registrations. Call it under the lock.
    """
    event = registration.event
    left = places_left(event)
    # A place may be free while somebody waits, until the line is filled: then it is theirs, unless one is invited.
    if left is None or (left > 0 and (first or not Registration.objects.waiting().filter(event=event).exists())):
        step(registration, "approve", now=now, reason="")
    else:
        step(registration, "queue", now=now, line=next_in_line(event, first=first), reason="")
