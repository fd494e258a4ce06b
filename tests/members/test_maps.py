from itertools import pairwise

import pytest

from members import maps
from members.map_labels import place_labels

# Computed once with d3-geo 3.1: the conic conformal projection with parallels 43 and 62, rotated by -11, centred on
# 52.2, scaled by 1010 and moved to 360, 310; Equal Earth rotated by -11.65, centred on 12.5, scaled by 176, moved to
# 480, 220.
NUMBERS_OF_D3 = [
    ("Espoo", 60.18, 24.83, (479.867, 159.337), (506.231, 72.416)),
    ("Lisboa", 38.74, -9.14, (82.831, 507.257), (430.856, 131.952)),
    ("Dublin", 53.31, -6.22, (182.834, 269.380), (442.065, 89.674)),
    ("Shanghai", 31.03, 121.43, (1501.870, -416.519), (750.461, 156.636)),
    ("Atlanta", 33.78, -84.4, (-699.680, -192.572), (246.560, 147.685)),
    ("Suva", -18.1, 178.4, (2048.627, -2054.525), (910.831, 328.352)),
    ("Honolulu", 21.3, -157.8, (-587.083, -1388.175), (46.261, 189.362)),
]
ESPOO = maps.MapPoint("aalto", "Espoo", 60.18, 24.83, url="/universities/aalto/")
TORINO = maps.MapPoint("polito", "Torino", 45.06, 7.66)
SHANGHAI = maps.MapPoint("tongji", "Shanghai", 31.03, 121.43, kind="seeep")


@pytest.mark.parametrize(
    ("city", "lat", "lon", "europe", "world"), NUMBERS_OF_D3, ids=[row[0] for row in NUMBERS_OF_D3]
)
def test_place_agrees_with_d3(city, lat, lon, europe, world):
    assert maps.Map("europe").place(lat, lon) == pytest.approx(europe, abs=0.001)
    assert maps.Map("world").place(lat, lon) == pytest.approx(world, abs=0.001)


def test_draw_names_what_lies_outside_the_sheet():
    drawing = maps.draw("europe", [ESPOO, SHANGHAI])

    assert [placed.point for placed in drawing.points] == [ESPOO]
    assert drawing.outside == [SHANGHAI]


def test_draw_leaves_out_arcs_to_points_not_on_the_sheet():
    arcs = [maps.MapArc("aalto", "polito", 4), maps.MapArc("aalto", "tongji", 2), maps.MapArc("polito", "aalto", 1)]

    drawing = maps.draw("europe", [ESPOO, TORINO, SHANGHAI], arcs)

    assert [arc.width for arc in drawing.arcs] == [3, 1]


def test_arc_path_is_the_same_in_both_directions():
    assert maps.arc_path((10, 20), (50, 80)) == maps.arc_path((50, 80), (10, 20)) == "M10,20Q38.4,44.4 50,80"


@pytest.mark.parametrize("view", ["europe", "world"])
def test_land_stays_on_the_sheet_and_never_runs_across_it(view):
    sheet = maps.VIEWS[view]
    rings = [
        [tuple(map(float, place.split(","))) for place in ring.rstrip("Z").split("L")]
        for ring in maps.land_path(view).split("M")[1:]
    ]

    edge = maps.MARGIN + 0.1
    assert all(
        -edge <= x <= sheet.width + edge and -edge <= y <= sheet.height + edge for ring in rings for x, y in ring
    )
    inland = [
        abs(here[0] - there[0])
        for ring in rings
        for here, there in pairwise(ring)
        if all(0 <= x <= sheet.width and 0 <= y <= sheet.height for x, y in (here, there))
    ]
    assert max(inland) < sheet.width * 0.2


def test_clip_cuts_a_square_at_the_corner():
    square = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]

    assert sorted(maps.clip(square, 0, 5, 0, 5)) == [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_labels_do_not_cover_each_other():
    leuven, louvain = ((235.0, 323.0), "Leuven"), ((233.0, 330.0), "Louvain-la-Neuve")

    one, other = place_labels([leuven, louvain], 720, 620, size=11.5, always=True)

    assert one.anchor != other.anchor or abs(one.y - other.y) >= 11.5


def test_labels_without_room_are_left_out():
    crowd = [((100.0 + n, 100.0), "Louvain-la-Neuve") for n in range(12)]

    labels = place_labels(crowd, 200, 200, size=20, always=False)

    assert None in labels
    assert all(label is not None for label in place_labels(crowd, 200, 200, size=20, always=True))
