"""Time zones: which are known, and how a moment reads in its own; in the reader's beside it: see `members.moments`."""

from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _


@cache
def known_zones() -> frozenset[str]:
    """The IANA time zones that people live in, e.g. Europe/Stockholm."""
    # Not CET, EST or Etc/GMT+5: names of no place, whose summers nobody knows.
    places = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    return frozenset(zone for zone in available_timezones() if zone.startswith(places)) | {"UTC"}


def is_known_zone(name: str) -> bool:
    return name in known_zones()


def check_zone(name: str) -> None:
    """Validator: raises ValidationError unless `name` is an IANA zone."""
    if not is_known_zone(name):
        raise ValidationError(
            _("“%(name)s” is not a time zone; write it like Europe/Stockholm."), params={"name": name}
        )


def city_of(zone: str) -> str:
    """The city a zone is named after: "Europe/Madrid" reads "Madrid"."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def day_in(zone: str, at: datetime) -> date:
    """The day of `at` (aware) on the clock of `zone`; by `at.date()` it would be the day of UTC, which is nobody's."""
    return at.astimezone(ZoneInfo(zone)).date()


def written(at: datetime, zone: str, pattern: str = "j F Y, H:i") -> str:
    """`at` (aware) in its own `zone`, by Django's date `pattern`: "6 May 2027, 12:00 (Madrid)"."""
    return f"{date_format(at.astimezone(ZoneInfo(zone)), pattern)} ({city_of(zone)})"
