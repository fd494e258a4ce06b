"""Moments typed as people say them: a day and an hour on the clock of a named zone."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from members.zones import city_of, known_zones

PATTERN = "%Y-%m-%dT%H:%M"


class LocalMomentField(forms.Field):
    """A day and an hour without a zone; `at_zone` makes a moment of it."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=PATTERN)
    default_error_messages = {"invalid": _("“%(typed)s” is not a day and an hour; write it as 2027-05-06 12:00.")}

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        if isinstance(value, datetime):
            return value.replace(tzinfo=None)
        typed = str(value).strip()
        try:
            # A day alone would be its first second: a round that closes "on 6 May" would be closed all that day.
            moment = parse_datetime(typed) if ":" in typed else None
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is not None:
            raise ValidationError(self.error_messages["invalid"], code="invalid", params={"typed": value})
        if not 2000 <= moment.year <= 2100:
            raise ValidationError(_("The year %(year)d is not plausible."), params={"year": moment.year})
        return moment


def at_zone(local: datetime, zone: str) -> datetime:
    """The moment that `local` names on the clock of `zone`.

    Raises ValidationError for an hour that the clock leaves out in spring, or shows twice in autumn: a deadline that
    people could read in two ways is no deadline.
    """
    there = local.replace(tzinfo=ZoneInfo(zone))
    # PEP 495: an hour that is clear has one offset in both folds; else the clock leaves it out or shows it twice.
    later = there.replace(fold=1)
    words = {"moment": local.strftime("%d.%m.%Y, %H:%M"), "city": city_of(zone)}
    if there.utcoffset() == later.utcoffset():
        return there
    if there.astimezone(ZoneInfo("UTC")).astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local:
        raise ValidationError(
            _("In %(city)s the clocks go forward that night and there is no %(moment)s. Choose another hour."),
            params=words,
        )
    raise ValidationError(
        _("In %(city)s the clocks go back that night and %(moment)s comes twice. Choose another hour."), params=words
    )


def zone_choices() -> list[Any]:
    """Every zone people live in, by continent, for a select."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for zone in sorted(known_zones()):
        continent, _slash, city = zone.partition("/")
        groups.setdefault(continent, []).append((zone, city.replace("_", " ") or zone))
    return [*groups.items()]


def shown_at(moment: datetime | None, zone: str) -> str:
    """What a field for a local moment shows of a moment."""
    return moment.astimezone(ZoneInfo(zone)).strftime(PATTERN) if moment else ""
