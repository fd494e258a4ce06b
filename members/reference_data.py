"""Reading the reference data files; they are the project's own and are edited by hand.

Each JSON file has `meta` (as-of date, licence, certainty, what the keys mean) and `items`; a day may be written as a
day, a month or a year, as exactly as it is known.
"""

import calendar
import csv
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


def read(path: Path) -> dict[str, Any]:
    """The whole file: `meta`, `items` and what else it holds."""
    return json.loads(path.read_text(encoding="utf-8"))


def items(name: str) -> list[dict[str, Any]]:
    """The items of one of this room's files, e.g. items("countries")."""
    return read(DATA / f"{name}.json")["items"]


def charter_holders() -> Iterator[dict[str, str]]:
    """The rows of the register, sorted by Erasmus code; what is not known is empty."""
    with (DATA / "charter_holders.csv").open(encoding="utf-8", newline="") as register:
        yield from csv.DictReader(register)


def first_day(written: str | None) -> date | None:
    """The first day of "2010", "2010-09" or "2010-09-04"; raises ValueError for anything else."""
    if not written:
        return None
    year, month, day = [*map(int, written.split("-")), 1, 1][:3]
    return date(year, month, day)


def last_day(written: str | None) -> date | None:
    """The last day of "2009", "2009-09" or "2009-09-30"; raises ValueError for anything else."""
    if not written:
        return None
    year, *rest = map(int, written.split("-"))
    month = rest[0] if rest else 12
    return date(year, month, rest[1] if len(rest) > 1 else calendar.monthrange(year, month)[1])
