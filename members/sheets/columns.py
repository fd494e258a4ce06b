"""The columns of a spreadsheet: what they are called, how their cells read and how they are written."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from members.acts import Refused
from members.folding import fold
from members.sheets.cells import Reader, WrongCell
from members.sheets.files import hand_out, read_table


@dataclass(frozen=True)
class Column:
    """`name` stands in the heading, `other` names are understood too; `write` gives the cell of a thing."""

    name: str
    read: Reader
    write: Callable[[Any], Any]
    example: str
    needed: bool = False
    other: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Sheet:
    """The columns of one kind of sheet.

    `only_written` is what our own export adds for reading; coming back, it is passed over. Where a sheet has the
    column `known_by`, its rows are of things that are there, and the other columns may be missing.
    """

    columns: list[Column]
    only_written: frozenset[str] = frozenset()
    known_by: str = ""

    @cached_property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    def cells_of(self, file: Any) -> list[dict[str, str]]:
        """The rows below the heading, each a mapping from column to text; an empty row is an empty mapping.

        Raises Refused when the file or its heading cannot be used.
        """
        heading, *rows = read_table(file)
        try:
            columns = self.recognise(heading)
        except WrongCell as wrong:
            raise Refused(str(wrong)) from wrong
        table = [
            {column.name: row[place] if place < len(row) else "" for place, column in columns.items()} if row else {}
            for row in rows
        ]
        if not any(table):
            raise Refused(_("There is no row below the heading."))
        return table

    def recognise(self, heading: list[str]) -> dict[int, Column]:
        """Which cell of a row belongs to which column; capitals, blanks and other names in use do not matter.

        Raises WrongCell naming columns that are not known, stand twice, or are needed and missing.
        """
        names = {name: column for column in self.columns for name in (column.name, *column.other)}
        plain = [re.sub(r"[^a-z]+", "_", fold(cell)).strip("_") for cell in heading]
        found = {number: names[name] for number, name in enumerate(plain) if name in names}
        unknown = [
            cell
            for cell, name in zip(heading, plain, strict=True)
            if cell and name not in names and name not in self.only_written
        ]
        if unknown:
            raise WrongCell(_("Columns not known: %(names)s.") % {"names": ", ".join(unknown)})
        columns = [column.name for column in found.values()]
        twice = sorted({name for name in columns if columns.count(name) > 1})
        if twice:
            raise WrongCell(_("Columns that stand twice: %(names)s.") % {"names": ", ".join(twice)})
        missing = [column.name for column in self.columns if column.needed and column.name not in columns]
        if missing and self.known_by not in columns:
            raise WrongCell(_("Columns missing: %(names)s.") % {"names": ", ".join(missing)})
        return found

    def written(self, thing: Any, names: Any) -> dict[str, str]:
        """What the columns `names` say of a thing, as its own export would write them."""
        return {name: str(self.by_name[name].write(thing) or "") for name in names if name != self.known_by}

    def empty(self, *, name: str, ending: str) -> HttpResponse:
        """A sheet to fill in: the heading and one example."""
        rows = [[column.name for column in self.columns], [column.example for column in self.columns]]
        return hand_out(rows, name=name, ending=ending)
