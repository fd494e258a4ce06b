"""An event as a calendar file."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar
from icalendar import Event as Entry

from policy.models import Event

ALARM_BEFORE = timedelta(days=-1)


def file_of(event: Event, address: str, now: datetime, *, online_url: str = "") -> bytes:
    """An iCalendar file with the event on its own clock and an alarm a day before; `address` is absolute.

    `online_url` is given only for people who are registered. An event whose hours are not known fills whole days.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//CLUSTER//portal//EN")
    calendar.add("version", "2.0")
    entry = Entry()
    entry.add("uid", f"event-{event.slug}@cluster-portal")
    entry.add("dtstamp", now)
    entry.add("sequence", event.version)  # RFC 5545, 3.8.7.4: by it a program knows the newer of two files
    if event.is_exact:
        entry.add("dtstart", event.begins)
        entry.add("dtend", event.ends)
    else:
        entry.add("dtstart", event.begins.date())
        # The day after: an end is exclusive (RFC 5545, 3.6.1).
        entry.add("dtend", event.ends.date() + timedelta(days=1))
    entry.add("summary", event.title)
    entry.add("description", "\n\n".join(filter(None, [event.summary, online_url])))
    entry.add(
        "location", ", ".join(filter(None, [event.venue, event.place])) or (_("online") if event.is_online else "")
    )
    entry.add("status", "CANCELLED" if event.state == Event.State.CANCELLED else "CONFIRMED")
    entry.add("url", address)
    entry.add_component(_alarm(event))
    calendar.add_component(entry)
    calendar.add_missing_timezones()  # RFC 5545, 3.2.19: whoever names a zone brings its rules along
    return calendar.to_ical()


def _alarm(event: Event) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", event.title)
    alarm.add("trigger", ALARM_BEFORE)
    return alarm
