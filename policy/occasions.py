"""The events of this room in calendars that people subscribe to."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.timezone import localdate

from members.history import last_change_of
from notifications.registries import Occasion
from policy.models import Event, EventInvitation, Registration

MOST = 300


def occasions(user: Any, now: datetime) -> Iterator[Occasion]:
    """Public events for visitors; for a person those for which one is registered or invited today. One query."""
    rows = Event.objects.visible_to(user).shown().upcoming(now).select_related("host")
    if user.is_authenticated:
        registered = Registration.objects.live().filter(person=user, event=OuterRef("pk"))
        invited = EventInvitation.objects.standing().reaching(user, localdate(now)).filter(event=OuterRef("pk"))
        rows = rows.filter(Exists(registered) | Exists(invited))
    for event in rows.annotate(changed_at=last_change_of(Event)).order_by("starts_at", "pk")[:MOST]:
        yield Occasion(
            uid=f"event-{event.slug}@cluster-portal",  # the slug never changes (Event.save)
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            time_zone=event.time_zone,
            title=event.title,
            where=event.where,
            url=event.get_absolute_url(),
            room="policy",
            when=event.when,
            is_exact=event.is_exact,
            is_cancelled=event.state == Event.State.CANCELLED,
            changed_at=event.changed_at,
        )
