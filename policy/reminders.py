"""Reminders before an event begins; each has a key, so the job may run as often as it likes."""

from datetime import datetime, timedelta

from policy.actions import telling
from policy.models import Event, Registration

AHEAD = (("1d", timedelta(days=1)), ("7d", timedelta(days=7)))


def send_due(now: datetime) -> int:
    """Tell everybody with a place in an event that begins in less than a day, or a week; the nearer reminder wins.

    Returns how many people were told; told once per beginning and distance, however often this runs.
    """
    told, start = 0, now
    for mark, distance in AHEAD:
        coming = Event.objects.filter(
            state=Event.State.PUBLISHED, starts_at__gt=start, starts_at__lte=now + distance
        ).select_related("host")
        for event in coming.order_by("pk"):
            who = Registration.objects.holding_a_place().filter(event=event).select_related("person")
            told += telling.reminded(event, [registration.person for registration in who], mark)
        start = now + distance  # the week begins where the day ends: a late run sends the nearer reminder, not both
    return told
