"""Lists narrowed to a part of the map: `bbox=west,south,east,north` in degrees, as GeoJSON writes it (RFC 7946)."""

import math
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Corners = tuple[float, float, float, float]


class CornersField(forms.CharField):
    """Four numbers in one value, parted by commas."""

    def clean(self, value: Any) -> Corners | None:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            west, south, east, north = (float(part) for part in typed.split(","))
        except ValueError:
            west = south = east = north = math.nan
        if not all(-180 <= number <= 180 for number in (west, south, east, north)):
            raise ValidationError(
                _(
                    "Give four numbers from -180 to 180, parted by commas: west, south, east, north. "
                    "For example 5,45,15,55."
                )
            )
        # Which of the two latitudes is north needs no rule; between the meridians the order says which way round.
        return west, min(south, north), east, max(south, north)


class Area(django_filters.Filter):
    """Rows with `latitude` and `longitude` inside a box; one that is wider in the west than in the east lies across the
    date line.
    """

    field_class = CornersField

    def __init__(self) -> None:
        super().__init__(label=gettext_lazy("On the map"), required=False)

    def filter(self, qs: QuerySet, corners: Corners | None) -> QuerySet:
        if corners is None:
            return qs
        west, south, east, north = corners
        within = Q(longitude__gte=west) & Q(longitude__lte=east)
        across = Q(longitude__gte=west) | Q(longitude__lte=east)
        return qs.filter(within if west <= east else across, latitude__range=(south, north))

    @staticmethod
    def in_words(corners: Corners) -> str:
        west, south, east, north = (f"{number:g}" for number in corners)
        words = {"west": west, "south": south, "east": east, "north": north}
        return _("latitude %(south)s to %(north)s, longitude %(west)s to %(east)s") % words


def box_around(places: list[tuple[float, float]]) -> str:
    """The value of `bbox` that holds all `places` (latitude, longitude), a little wider."""
    latitudes, longitudes = zip(*places, strict=True)
    west, south = math.floor(min(longitudes)), math.floor(min(latitudes))
    return f"{west},{south},{math.ceil(max(longitudes))},{math.ceil(max(latitudes))}"
