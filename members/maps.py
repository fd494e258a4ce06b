"""Maps drawn by the server: the outline of the land, the universities as points, the relations between them as arcs.

The projections are those of d3-geo (tests compare with its numbers); the outline is the npm package world-atlas,
read once. Everything ends in plain numbers and path strings, so that `components/map.html` works without script,
prints, and turns dark by CSS.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from django.conf import settings

from members.map_labels import Label, place_labels

MARGIN = 4.0  # the land runs on a little beyond the sheet, so that its outline is not drawn along the edge
XY = tuple[float, float]
Ring = list[XY]


@dataclass(frozen=True)
class MapPoint:
    """A university or city; `kind` is a class of the point: member, associate, seeep, industry, former."""

    slug: str
    label: str
    lat: float
    lon: float
    url: str = ""
    kind: str = "member"


@dataclass(frozen=True)
class MapArc:
    """A relation between two points, named by slug; the heavier, the thicker the line."""

    from_: str
    to: str
    weight: float = 1
    label: str = ""


@dataclass(frozen=True)
class PlacedPoint:
    point: MapPoint
    x: float
    y: float
    label: Label | None
    phone_label: Label | None


@dataclass(frozen=True)
class PlacedArc:
    path: str
    width: int
    label: str


@dataclass(frozen=True)
class MapDrawing:
    """What `components/map.html` draws; `outside` are the points that this view does not show, named below it."""

    view: str
    width: int
    height: int
    land: str
    points: list[PlacedPoint]
    arcs: list[PlacedArc]
    outside: list[MapPoint]


@dataclass(frozen=True)
class View:
    """A map sheet: its size, the raw projection, and how that is turned, scaled and moved onto it (as in d3-geo)."""

    width: int
    height: int
    raw: Callable[[float, float], XY]
    rotate: float
    center: XY
    scale: float
    object_name: str
    lon_range: XY
    lat_range: XY
    decimals: int
    label_size: float
    phone_label_size: float

    def project(self, lon: float, lat: float) -> XY:
        """Longitude and latitude in degrees to a place on the sheet."""
        turned = (lon + self.rotate + 180) % 360 - 180
        x, y = self.raw(math.radians(turned), math.radians(lat))
        cx, cy = self.raw(math.radians(self.center[0]), math.radians(self.center[1]))
        return self.width / 2 + self.scale * (x - cx), self.height / 2 - self.scale * (y - cy)


def conic_conformal(south: float, north: float) -> Callable[[float, float], XY]:
    """Lambert's projection with two true parallels (degrees): d3.geoConicConformalRaw."""
    y0, y1 = math.radians(south), math.radians(north)

    def stretch(y: float) -> float:
        return math.tan((math.pi / 2 + y) / 2)

    n = math.log(math.cos(y0) / math.cos(y1)) / math.log(stretch(y1) / stretch(y0))
    f = math.cos(y0) * stretch(y0) ** n / n

    def raw(x: float, y: float) -> XY:
        # At the South Pole the cone runs out to infinity: there `stretch` is nought.
        r = f / stretch(max(y, -math.pi / 2 + 1e-6)) ** n
        return r * math.sin(n * x), f - r * math.cos(n * x)

    return raw


def equal_earth(x: float, y: float) -> XY:
    """Equal areas without the stretched poles: d3.geoEqualEarthRaw."""
    a1, a2, a3, a4, m = 1.340264, -0.081106, 0.000893, 0.003796, math.sqrt(3) / 2
    turn = math.asin(m * math.sin(y))
    t2 = turn * turn
    t6 = t2 * t2 * t2
    return (
        x * math.cos(turn) / (m * (a1 + 3 * a2 * t2 + t6 * (7 * a3 + 9 * a4 * t2))),
        turn * (a1 + a2 * t2 + t6 * (a3 + a4 * t2)),
    )


VIEWS = {
    "europe": View(
        width=720, height=620, raw=conic_conformal(43, 62), rotate=-11, center=(0, 52.2), scale=1010,
        object_name="countries", lon_range=(-40, 70), lat_range=(24, 80), decimals=1,
        label_size=11.5, phone_label_size=21,
    ),
    "world": View(
        width=960, height=440, raw=equal_earth, rotate=-11.65, center=(0, 12.5), scale=176,
        object_name="land", lon_range=(-168.35, 191.65), lat_range=(-57, 84), decimals=1,
        label_size=13, phone_label_size=34,
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Map:
    """One of the two sheets, `europe` or `world`."""

    view: str

    def place(self, lat: float, lon: float) -> XY:
        """Where a latitude and longitude (degrees) lie on the sheet, in its units."""
        return VIEWS[self.view].project(lon, lat)

    def shows(self, lat: float, lon: float) -> bool:
        sheet = VIEWS[self.view]
        x, y = self.place(lat, lon)
        return 0 < x < sheet.width and 0 < y < sheet.height


def draw(view: str, points: Iterable[MapPoint], arcs: Iterable[MapArc] = ()) -> MapDrawing:
    """A sheet with its points, their labels where these cover nothing, and the arcs between points that are on it."""
    sheet, on_map = VIEWS[view], Map(view)
    points = list(points)
    shown = [point for point in points if on_map.shows(point.lat, point.lon)]
    places = {point.slug: on_map.place(point.lat, point.lon) for point in shown}
    names = [(places[point.slug], point.label) for point in shown]
    labels = place_labels(names, sheet.width, sheet.height, size=sheet.label_size, always=view == "europe")
    # On a telephone the sheet is drawn so small that letters as high as before need more of its units.
    phone_labels = place_labels(names, sheet.width, sheet.height, size=sheet.phone_label_size, always=False)
    placed = [
        PlacedPoint(point, *_rounded(places[point.slug]), label, phone_label)
        for point, label, phone_label in zip(shown, labels, phone_labels, strict=True)
    ]
    return MapDrawing(
        view=view,
        width=sheet.width,
        height=sheet.height,
        land=land_path(view),
        points=placed,
        arcs=_placed_arcs([arc for arc in arcs if arc.from_ in places and arc.to in places], places),
        outside=[point for point in points if point.slug not in places],
    )


def _rounded(place: XY) -> XY:
    return round(place[0], 1), round(place[1], 1)


def _placed_arcs(arcs: Sequence[MapArc], places: dict[str, XY]) -> list[PlacedArc]:
    heaviest = max((arc.weight for arc in arcs), default=1)
    return [
        # Three widths, each a class of the stylesheet: a stroke as wide as its weight would hide the smaller ones.
        PlacedArc(arc_path(places[arc.from_], places[arc.to]), math.ceil(3 * arc.weight / heaviest) or 1, arc.label)
        for arc in arcs
    ]


def arc_path(start: XY, end: XY, bend: float = 0.14) -> str:
    """A curve between two places, bent to the same side of the way from west to east, whichever end comes first."""
    (x0, y0), (x1, y1) = sorted([start, end])
    control = ((x0 + x1) / 2 + (y1 - y0) * bend, (y0 + y1) / 2 - (x1 - x0) * bend)
    numbers = [*_rounded((x0, y0)), *_rounded(control), *_rounded((x1, y1))]
    return "M{:g},{:g}Q{:g},{:g} {:g},{:g}".format(*numbers)


@cache
def land_path(view: str) -> str:
    """The outline of the land on this sheet as an SVG path; computed once per process."""
    sheet = VIEWS[view]
    drawn = []
    for ring in _rings(sheet.object_name):
        # First in degrees, because far from its cone the projection is no map; then on the sheet, by its edges.
        window = clip(_turned(ring, sheet.rotate), *sheet.lon_range, *sheet.lat_range)
        flat = [sheet.project(lon, lat) for lon, lat in window]
        drawn.append(clip(flat, -MARGIN, sheet.width + MARGIN, -MARGIN, sheet.height + MARGIN))
    return "".join(_path(ring, sheet.decimals) for ring in drawn if len(ring) > 2)


def _turned(ring: Ring, rotate: float) -> Ring:
    """The ring with longitudes that run on across the date line, up to where the turned globe is cut open.

    The sheet of the world is cut at 168.35° W, in the Bering Strait, where no land lies.
    """
    seam = -180 - rotate
    return [(lon + 360 if lon < seam else lon, lat) for lon, lat in ring]


def clip(ring: Ring, left: float, right: float, low: float, high: float) -> Ring:
    """The part of a ring inside a rectangle (Sutherland and Hodgman: one side after the other)."""
    for axis, limit, keeps_above in ((0, left, True), (0, right, False), (1, low, True), (1, high, False)):
        ring = _clip_side(ring, axis, limit, keeps_above)
    return ring


def _clip_side(ring: Ring, axis: int, limit: float, keeps_above: bool) -> Ring:
    kept: Ring = []
    for before, here in zip([*ring[-1:], *ring[:-1]], ring, strict=True):
        was_in = (before[axis] >= limit) == keeps_above
        is_in = (here[axis] >= limit) == keeps_above
        if was_in != is_in:
            share = (limit - before[axis]) / (here[axis] - before[axis])
            crossing = (before[0] + share * (here[0] - before[0]), before[1] + share * (here[1] - before[1]))
            kept.append(crossing)
        if is_in:
            kept.append(here)
    return kept


def _path(ring: Ring, decimals: int) -> str:
    """A closed path of the ring; points that fall on the one before are left out."""
    words: list[str] = []
    for x, y in ring:
        word = f"{round(x, decimals):g},{round(y, decimals):g}"
        if not words or words[-1] != word:
            words.append(word)
    return f"M{'L'.join(words)}Z" if len(words) > 2 else ""


@cache
def _rings(object_name: str) -> list[Ring]:
    """All rings of land or countries in degrees, decoded from TopoJSON (delta-coded, shared arcs)."""
    text = (settings.NODE_MODULES / "world-atlas" / f"{object_name}-110m.json").read_text(encoding="utf-8")
    topology = json.loads(text)
    arcs = [_decoded(arc, **topology["transform"]) for arc in topology["arcs"]]
    polygons: list[list[list[int]]] = []
    geometries = topology["objects"][object_name]["geometries"]
    for geometry in geometries:
        polygons += geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    return [_ring(indices, arcs) for polygon in polygons for indices in polygon]


def _decoded(arc: list[list[int]], scale: list[float], translate: list[float]) -> Ring:
    x = y = 0
    ring = []
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        ring.append((x * scale[0] + translate[0], y * scale[1] + translate[1]))
    return ring


def _ring(indices: list[int], arcs: list[Ring]) -> Ring:
    """The arcs of a ring joined; a negative number (~index) means: the other way round."""
    ring: Ring = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        # Neighbouring arcs share the point where they meet.
        ring += arc[1:] if ring else arc
    return ring
