"""A round's closing as a calendar file."""

from datetime import datetime

from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from applications.models import Round
from members.zones import written
from notifications.calendar_feeds import uid_of

ALARM_BEFORE = "-P3D"


def closing(round: Round, address: str, now: datetime) -> bytes:
    """An iCalendar file with one event at the closing moment, and an alarm three days before; `address` is absolute."""
    calendar = Calendar()
    calendar.add("prodid", "-//CLUSTER//portal//EN")
    calendar.add("version", "2.0")
    event = Event()
    # The same for every download and in the feeds, so that reading it in again moves the entry (RFC 5545, 3.8.4.7).
    event.add("uid", uid_of(round.deadline_key))
    event.add("dtstamp", now)
    event.add("dtstart", round.closes_at)  # in UTC: no VTIMEZONE is needed, each calendar shows its own clock
    event.add("summary", _("%(title)s closes") % {"title": round.title})
    words = {"moment": written(round.closes_at, round.time_zone)}
    event.add("description", _("Closes on %(moment)s. The server decides.") % words)
    event.add("url", address)
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", str(event["summary"]))
    alarm["trigger"] = ALARM_BEFORE
    event.add_component(alarm)
    calendar.add_component(event)
    return calendar.to_ical()
