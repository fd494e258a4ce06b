"""Bodies, series and meetings of `data/` as rows: what a page does not tell stays empty."""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from members.loading import Load, Row
from members.models import University
from members.reference_data import first_day, last_day, read
from policy.models import Body, BodyMembership, Event, EventSeries

DATA = Path(__file__).parent / "data"
PRECISIONS = {1: Event.Precision.YEAR, 2: Event.Precision.MONTH, 3: Event.Precision.DAY}
Item = dict[str, Any]


def load(load: Load) -> None:
    """Bring this room's tables to what the files say; events and seats that people made stay as they are."""
    file = read(DATA / "bodies.json")
    load.bring(Body, ("slug",), map(body, file["items"]))
    bodies = dict(Body.objects.values_list("slug", "pk"))
    places = {place.slug: place for place in University.objects.only("slug", "time_zone")}
    key = ("body_id", "person_id", "university_id", "role", "starts_on")
    load.bring(BodyMembership, key, [row for item in file["items"] for row in seats(item, bodies, places)])
    load.bring(EventSeries, ("slug",), [series(item, bodies) for item in read(DATA / "series.json")["items"]])
    names = dict(EventSeries.objects.values_list("slug", "pk"))
    meetings = read(DATA / "events.json")
    known_on = datetime.strptime(meetings["meta"]["as_of"], "%Y-%m").replace(tzinfo=UTC)
    load.bring(Event, ("slug",), [event(item, names, bodies, places, known_on) for item in meetings["items"]])


def body(item: Item) -> Row:
    return {
        "slug": item["slug"],
        "name": item["name"],
        "short_name": item["short_name"],
        "kind": item["kind"],
        "purpose": item["purpose"] or "",
        "starts_on": first_day(item["since"]),
        "note": item["note"] or "",
    }


def seats(item: Item, bodies: dict[str, int], places: dict[str, University]) -> Iterator[Row]:
    for seat in item["seats"]:
        yield {
            "body_id": bodies[item["slug"]],
            "person_id": None,
            "university_id": places[seat["university"]].pk,
            "role": seat["role"],
            "starts_on": first_day(seat["from"]),
            "ends_on": last_day(seat["until"]),
            "note": seat["note"] or "",
        }


def series(item: Item, bodies: dict[str, int]) -> Row:
    return {
        "slug": item["slug"],
        "name": item["name"],
        "for_whom": item["for_whom"],
        "rhythm": item["rhythm"] or "",
        "body_id": bodies[item["body"]] if item["body"] else None,
        "is_sample": item["certainty"] == "sample",
    }


def event(
    item: Item, names: dict[str, int], bodies: dict[str, int], places: dict[str, University], known_on: datetime
) -> Row:
    """One meeting, from the first to the last moment that its dates leave possible, on the clock of its host."""
    host = places[item["host"]]
    zone = ZoneInfo(host.time_zone)
    return {
        "slug": item["key"],
        "title": item["title"],
        "summary": item["summary"] or "",
        "series_id": names[item["series"]],
        "body_id": bodies[item["body"]] if item["body"] else None,
        "host_id": host.pk,
        "place": item["place"] or "",
        "time_zone": host.time_zone,
        "starts_at": datetime.combine(first_day(item["start"]), time.min, tzinfo=zone),
        # The last minute that the dates leave possible: an event of "2013" is past when 2013 is.
        "ends_at": datetime.combine(last_day(item["end"] or item["start"]), time(23, 59), tzinfo=zone),
        "precision": PRECISIONS[len(item["start"].split("-"))],
        "audience": Event.Audience.PUBLIC,
        "takes_registrations": False,
        "source": item["source"],
        "state": Event.State.PUBLISHED,
        "state_since": known_on,
    }
