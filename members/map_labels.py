"""Where the names on a map go, so that they cover neither each other nor the points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

XY = tuple[float, float]
Box = tuple[float, float, float, float]

DOT = 6.0
WIDTH_OF_A_LETTER = 0.59  # of the font size, for Inter at weight 600, measured over the members' names


@dataclass(frozen=True)
class Label:
    x: float
    y: float
    anchor: str


def place_labels(
    names: Sequence[tuple[XY, str]], width: int, height: int, *, size: float, always: bool
) -> list[Label | None]:
    """One label per point, greedily, the most crowded points first.

    `size` is the font size in units of the sheet. Where every position covers something: the least bad one when
    `always`, else none.
    """
    dots = [(x - DOT, y - DOT, x + DOT, y + DOT) for (x, y), _ in names]
    taken: list[Box] = list(dots)
    placed: dict[int, Label | None] = {}
    west = sum(x for (x, _y), _ in names) / max(len(names), 1) - width / 10  # west of here names stand at the left
    for index in sorted(range(len(names)), key=lambda i: -_crowd(names[i][0], names, reach=size * 6)):
        place, text = names[index]
        others = [box for number, box in enumerate(taken) if number != index]
        # the rank breaks ties: of two free positions the one that reads better
        tried = [
            (_cost(box, others, width, height) + rank * 0.01, rank, label, box)
            for rank, (label, box) in enumerate(_candidates(place, text, size, leftward=place[0] < west))
        ]
        cost, _rank, label, box = min(tried, key=lambda candidate: candidate[:2])
        placed[index] = label if always or cost < 1 else None
        if placed[index]:
            taken.append(box)
    return [placed[index] for index in range(len(names))]


def _crowd(place: XY, names: Sequence[tuple[XY, str]], reach: float) -> int:
    return sum(abs(x - place[0]) < reach and abs(y - place[1]) < reach for (x, y), _ in names)


def _candidates(place: XY, text: str, size: float, *, leftward: bool) -> list[tuple[Label, Box]]:
    """Both sides, then the four corners, then above and below; outward first, because the arcs come from within."""
    (x, y), gap, length = place, DOT + size * 0.25, len(text) * size * WIDTH_OF_A_LETTER
    middle, above, below = y + size * 0.35, y - size * 0.55, y + size * 1.15
    right, left = (x + gap, middle, "start"), (x - gap, middle, "end")
    starts = [
        *([left, right] if leftward else [right, left]),
        (x + gap * 0.7, above, "start"), (x + gap * 0.7, below, "start"),
        (x - gap * 0.7, above, "end"), (x - gap * 0.7, below, "end"),
        (x, y - gap, "middle"), (x, y + gap + size * 0.75, "middle"),
    ]  # fmt: skip
    return [
        (Label(round(lx, 1), round(ly, 1), anchor), _box(lx, ly, anchor, length, size)) for lx, ly, anchor in starts
    ]


def _box(x: float, y: float, anchor: str, length: float, size: float) -> Box:
    left = {"start": x, "end": x - length, "middle": x - length / 2}[anchor]
    return left, y - size * 0.8, left + length, y + size * 0.25


def _cost(box: Box, others: Sequence[Box], width: int, height: int) -> float:
    """Area covered of other boxes; leaving the sheet is worse than anything."""
    outside = box[0] < 0 or box[1] < 0 or box[2] > width or box[3] > height
    return (10_000.0 if outside else 0.0) + sum(_overlap(box, other) for other in others)


def _overlap(one: Box, other: Box) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return wide * high if wide > 0 and high > 0 else 0.0
