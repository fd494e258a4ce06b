"""Time zones: which are known, and how a moment reads in a deadline's zone and in the reader's."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


@cache
def known_zones() -> frozenset[str]:
    """The IANA time zones that people live in, e.g. Europe/Stockholm."""
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


@dataclass(frozen=True)
class Moment:
    """A moment as it reads in its own zone and to the reader; `same` when both clocks agree."""

    there: datetime
    city: str
    here: datetime
    here_city: str
    same: bool


def city_of(zone: str) -> str:
    """The city a zone is named after: "Europe/Madrid" reads "Madrid"."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def both_clocks(at: datetime, zone: str) -> Moment:
    """How `at` (aware) reads in `zone` and in the active reader's zone."""
    there = at.astimezone(ZoneInfo(zone))
    reader = timezone.get_current_timezone()
    here = at.astimezone(reader)
    same = there.utcoffset() == here.utcoffset()
    return Moment(there=there, city=city_of(zone), here=here, here_city=city_of(str(reader)), same=same)
