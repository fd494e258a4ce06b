"""The directory of universities, with its map, and the comparison of a few of them."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.areas import box_around
from members.comparing import MOST, comparison
from members.filters import UniversityFilter, directory_for
from members.lists import show_list
from members.maps import Map, MapDrawing, MapPoint, draw
from members.models import University

POINTS_ON_MAP = 60


@login_not_required
def university_list(request: HttpRequest) -> HttpResponse:
    """Everybody sees the directory; archived universities are seen by the secretariat only."""
    universities = directory_for(request.user, timezone.localdate())
    if request.GET.get("export"):
        universities = universities.prefetch_related("identifiers", "tags")
    catalogue = UniversityFilter(request.GET, queryset=universities, request=request)
    return show_list(
        request,
        catalogue,
        "members/university_list.html",
        extra=({} if request.GET.get("export") else _map_of(catalogue.rows)),
        filename="universities",
        list_key="universities",
    )


def _map_of(universities: QuerySet) -> dict[str, Any]:
    """The first universities of the list: one query."""
    placed = universities.filter(latitude__isnull=False)
    places = placed.values_list("slug", "short_name", "latitude", "longitude", "kind_now")[: POINTS_ON_MAP + 1]
    points = [
        MapPoint(
            slug=slug,
            label=name,
            lat=float(latitude),
            lon=float(longitude),
            url=reverse("members:university_detail", args=[slug]),
            kind=kind or "none",
        )
        for slug, name, latitude, longitude, kind in places
    ]
    sheet = _sheet(tuple(points[:POINTS_ON_MAP]))
    shown = [(placed.point.lat, placed.point.lon) for placed in sheet.points]
    box = box_around(shown) if shown and sheet.outside else ""
    return {"map": sheet, "map_caption": _caption(len(points)), "map_box": box}


@lru_cache(maxsize=128)
def _sheet(points: tuple[MapPoint, ...]) -> MapDrawing:
    """Europe where a third of them lie there (the others are named below it), else the world.

    Placing the labels is the dearest part of the page, and most readers ask for the same points.
    """
    europe = Map("europe")
    in_europe = sum(europe.shows(point.lat, point.lon) for point in points)
    return draw("europe" if 3 * in_europe >= len(points) else "world", points)


def _caption(found: int) -> str:
    if found > POINTS_ON_MAP:
        return _("The first %(count)d of the list are drawn. Narrow it down to see the others.") % {
            "count": POINTS_ON_MAP
        }
    return ngettext("%(count)d place on the map", "%(count)d places on the map", found) % {"count": found}


@login_not_required
def university_compare(request: HttpRequest) -> HttpResponse:
    """Two to four universities side by side: `?u=kth&u=polito`."""
    visible = University.objects.visible_to(request.user)
    asked = dict.fromkeys(slug.replace("\x00", "") for slug in request.GET.getlist("u"))
    slugs = list(asked)[:MOST]
    today = timezone.localdate()
    chosen = _in_order(visible.filter(slug__in=slugs).with_kind(today), slugs)
    others = visible.exclude(slug__in=slugs).values_list("slug", "name")[:500] if len(chosen) < MOST else []
    context = {
        "universities": chosen,
        "table": comparison(chosen, today),
        "others": others,
        "too_many": len(asked) > MOST,
        "unknown": len(chosen) < len(slugs),
        "most": MOST,
    }
    return render(request, "members/university_compare.html", context)


def _in_order(universities: Iterable[University], slugs: list[str]) -> list[University]:
    return sorted(universities, key=lambda university: slugs.index(university.slug))
