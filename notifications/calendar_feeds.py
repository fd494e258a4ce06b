"""Dates as a calendar that programs subscribe to (RFC 5545): deadlines as moments, occasions with their length."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from members.zones import written
from notifications.registries import Deadline, Occasion

ASK_AGAIN = timedelta(hours=6)


def feed(*, name: str, deadlines: Iterable[Deadline], occasions: Iterable[Occasion], base: str, now: datetime) -> bytes:
    """The calendar `name`; `base` is where the portal stands, without a slash.

    The same dates make the same bytes all day long, so that programs need not read them twice.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//CLUSTER//portal//EN")
    calendar.add("version", "2.0")
    # RFC 7986's name, and the one that programs knew before it.
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"VALUE": "DURATION"})
    for deadline in deadlines:
        calendar.add_component(_closing(deadline, base, now))
    for occasion in occasions:
        calendar.add_component(_meeting(occasion, base, now))
    # RFC 5545 wants each zone that is named defined in the file; programs without one guess.
    calendar.add_missing_timezones()
    return calendar.to_ical()


def uid_of(key: str) -> str:
    """What calendars know a deadline of this `key` by: the same for ever, in feeds and files, telling nothing of it."""
    return f"{hashlib.blake2b(key.encode(), digest_size=12).hexdigest()}@cluster-portal"


def _closing(deadline: Deadline, base: str, now: datetime) -> Event:
    event = _begun(uid_of(deadline.key), deadline, base, now)
    at = deadline.at.astimezone(ZoneInfo(deadline.time_zone))
    event.add("dtstart", at)  # and no end: RFC 5545 wants one later than the beginning, a moment has none
    event.add("description", _("Until %(moment)s.") % {"moment": written(deadline.at, deadline.time_zone)})
    event.add("transp", "TRANSPARENT")
    return event


def _meeting(occasion: Occasion, base: str, now: datetime) -> Event:
    event = _begun(occasion.uid, occasion, base, now)
    zone = ZoneInfo(occasion.time_zone)
    first, last = occasion.starts_at.astimezone(zone), occasion.ends_at.astimezone(zone)
    event.add("dtstart", first if occasion.is_exact else first.date())
    # RFC 5545: whole days end with the day after the last, which no longer belongs to them.
    event.add("dtend", last if occasion.is_exact else last.date() + timedelta(days=1))
    event.add("status", "CANCELLED" if occasion.is_cancelled else "CONFIRMED")
    return event


def _begun(uid: str, dated: Deadline | Occasion, base: str, now: datetime) -> Event:
    """What both kinds have; where nobody knows when it was changed, today's first moment stands."""
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", dated.changed_at or now.replace(hour=0, minute=0, second=0, microsecond=0))
    if dated.changed_at:
        event.add("last-modified", dated.changed_at)
    event.add("summary", dated.title)
    event.add("location", dated.where)
    event.add("url", dated.url if "://" in dated.url else f"{base}{dated.url}")
    return event
