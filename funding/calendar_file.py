"""The stages of a call as a calendar file."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from funding.models import Call, CallStage
from members.zones import written
from notifications.calendar_feeds import uid_of

ALARM_BEFORE = "-P7D"


def stages_of(call: Call, stages: Iterable[CallStage], address: str, now: datetime) -> bytes:
    """An iCalendar file with one event per deadline and an alarm a week before; `address` is absolute."""
    calendar = Calendar()
    calendar.add("prodid", "-//CLUSTER//portal//EN")
    calendar.add("version", "2.0")
    for stage in stages:
        if stage.deadline is not None:
            calendar.add_component(_event(call, stage, address, now))
    return calendar.to_ical()


def _event(call: Call, stage: CallStage, address: str, now: datetime) -> Event:
    event = Event()
    # The same in every file and feed: one that is taken anew then moves the entries it made (RFC 5545, 3.8.4.7).
    event.add("uid", uid_of(stage.deadline_key))
    event.add("dtstamp", now)
    event.add("dtstart", stage.deadline)  # in UTC, which needs no rules of a zone (RFC 5545, 3.3.5)
    event.add("sequence", call.version)  # RFC 5545, 3.8.7.4: by it a program knows the newer of two files
    event.add("summary", _("%(stage)s closes: %(title)s") % {"stage": stage, "title": call.title})
    words = {"moment": written(stage.deadline, stage.time_zone)}
    event.add("description", _("Closes on %(moment)s. The funder's clock decides.") % words)
    event.add("url", address)
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", str(event["summary"]))
    alarm["trigger"] = ALARM_BEFORE
    event.add_component(alarm)
    return event
