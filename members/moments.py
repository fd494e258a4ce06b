"""A deadline as people read it: what is left, when in its own time zone, when in the reader's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

PRESSING = timedelta(days=4)
# The sign is POSIX's: twelve hours behind Greenwich, where a day ends last.
ANYWHERE_ON_EARTH = "Etc/GMT+12"


@dataclass(frozen=True)
class Moment:
    """One aware moment, read at `now` by somebody in `reader_zone`."""

    at: datetime
    zone: ZoneInfo
    reader_zone: ZoneInfo
    now: datetime

    @classmethod
    def read(cls, at: datetime | None, zone: str | ZoneInfo, *, now: datetime) -> Moment | None:
        """The moment `at` with the zone it was set in; the reader's zone is Django's current one. None stays None."""
        if at is None:
            return None
        # By its name: the current zone may be `datetime.UTC`, under which the API answers and which is no ZoneInfo.
        return cls(at=at, zone=ZoneInfo(str(zone)), reader_zone=ZoneInfo(str(timezone.get_current_timezone())), now=now)

    @property
    def is_past(self) -> bool:
        return self.at <= self.now

    @property
    def is_pressing(self) -> bool:
        """Less than four days are left: drawn red."""
        return not self.is_past and self.at - self.now < PRESSING

    @property
    def left(self) -> str:
        """What is left: "closed", "25 min", "7 h", "3 d 04 h" while pressing, else whole days."""
        if self.is_past:
            return _("closed")
        minutes = int((self.at - self.now).total_seconds() // 60)
        days, hours = minutes // 1440, minutes // 60 % 24
        if minutes < 60:
            return _("%(minutes)d min") % {"minutes": minutes}
        if minutes < 1440:
            return _("%(hours)d h") % {"hours": hours}
        if self.is_pressing:
            return _("%(days)d d %(hours)02d h") % {"days": days, "hours": hours}
        return _("%(days)d d") % {"days": days}

    @property
    def left_in_words(self) -> str:
        """What is left, for those who hear the page."""
        if self.is_past:
            return _("closed")
        days = (self.at - self.now).days
        if days:
            return ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}
        minutes = int((self.at - self.now).total_seconds() // 60)
        if hours := minutes // 60:
            return ngettext("%(hours)d hour left", "%(hours)d hours left", hours) % {"hours": hours}
        if minutes:
            return ngettext("%(minutes)d minute left", "%(minutes)d minutes left", minutes) % {"minutes": minutes}
        return _("less than a minute left")

    @property
    def there(self) -> datetime:
        return self.at.astimezone(self.zone)

    @property
    def here(self) -> datetime:
        return self.at.astimezone(self.reader_zone)

    @property
    def place(self) -> str:
        """The city that names the zone, as people say it."""
        if self.zone.key == ANYWHERE_ON_EARTH:
            return _("anywhere on earth")
        return self.zone.key.rsplit("/", 1)[-1].replace("_", " ")

    @property
    def is_same_for_reader(self) -> bool:
        return self.there.replace(tzinfo=None) == self.here.replace(tzinfo=None)

    @property
    def on(self) -> str:
        """Day and hour in the deadline's own zone; the year only when it is another one: "6 May, 12:00"."""
        return _day_and_hour(self.there, this_year=self.now.astimezone(self.zone).year)

    @property
    def for_reader(self) -> str:
        """The same moment for the reader: "same for you", "13:00 for you" or with the day when that differs."""
        if self.is_same_for_reader:
            return _("same for you")
        if self.there.date() == self.here.date():
            return _("%(time)s for you") % {"time": date_format(self.here, "H:i")}
        return _("%(moment)s for you") % {"moment": _day_and_hour(self.here, this_year=self.here.year)}


def waiting_since(at: datetime, *, now: datetime) -> tuple[str, str]:
    """How long something waits: short for the first column of a board ("12 d", "5 h", "now"), and in words."""
    hours = max(int((now - at).total_seconds() // 3600), 0)
    days = hours // 24
    if days:
        return _("%(days)d d") % {"days": days}, ngettext("for %(days)d day", "for %(days)d days", days) % {
            "days": days
        }
    if hours:
        words = ngettext("for %(hours)d hour", "for %(hours)d hours", hours) % {"hours": hours}
        return _("%(hours)d h") % {"hours": hours}, words
    return _("now"), _("for less than an hour")


def how_long(at: datetime, now: datetime) -> str:
    """What stands after "since": "3 days", in the first minute "just now"."""
    return _("just now") if now - at < timedelta(minutes=1) else timesince(at, now, depth=1)


def ago(at: datetime, now: datetime) -> str:
    """ "3 days ago"; in the first minute "just now"."""
    return how_long(at, now) if now - at < timedelta(minutes=1) else _("%(time)s ago") % {"time": how_long(at, now)}


def _day_and_hour(moment: datetime, *, this_year: int) -> str:
    pattern = "j M, H:i" if moment.year == this_year else "j M Y, H:i"
    return date_format(moment, pattern)
