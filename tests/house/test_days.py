"""A day is somebody's: of who reads (`localdate(now)`), or of a place or deadline (`day_in`, `University.day_at`).

`now.date()` is the day of UTC. Between midnight there and midnight of whoever it concerns it is yesterday or tomorrow:
a mandate of today would not be in force yet, a deadline of today over. (docs/decisions/time-is-an-argument.md)
"""

import ast
from pathlib import Path

import pytest
from django.conf import settings

ROOMS = (
    "applications", "cluster_portal", "exchange", "funding", "members", "notifications", "policy", "practices",
    "programmes",
)  # fmt: skip
# Moments that were brought to a clock before, by these names; a cell of a spreadsheet has no zone at all.
ON_A_CLOCK = {"astimezone()", "strptime()", "begins", "ends", "first", "last", "here", "there", "starts_here", "cell"}


def written_in(room: str) -> list[Path]:
    """The room's own code; migrations are of one day, and the days of the demo are invented."""
    files = (settings.BASE_DIR / room).rglob("*.py")
    return [path for path in files if not {"migrations", "demo"} & set(path.parts)]


def name_of(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=function):
            return f"{name_of(function)}()"
    return "?"


def days_of_utc(source: str) -> list[str]:
    """What `….date()` is asked of without being brought to a clock before; ruff refuses `date.today()`."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and not node.args]
    asked = [call.func.value for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "date"]
    return [name_of(moment) for moment in asked if name_of(moment) not in ON_A_CLOCK]


@pytest.mark.parametrize("room", ROOMS)
def test_no_room_takes_the_day_of_utc(room):
    found = {str(path.relative_to(settings.BASE_DIR)): days_of_utc(path.read_text()) for path in written_in(room)}

    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("day = now.date()", ["now"]),
        ("day = timezone.now().date()", ["now()"]),
        ("day = stage.deadline.date()", ["deadline"]),
        ("day = now.astimezone(round.zone).date()", []),
        ("day = timezone.localdate(now)", []),
        ("day = event.begins.date()", []),
        ("day = datetime.date(2027, 5, 1)", []),
    ],
)
def test_what_counts_as_the_day_of_utc(source, found):
    assert days_of_utc(source) == found
