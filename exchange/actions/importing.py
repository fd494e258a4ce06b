"""Placements from a spreadsheet: looked through row by row first, then imported; nothing changes in between."""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import BaseConstraint
from django.utils.translation import gettext as _

from applications.models import Kind, Option
from exchange.actions.offering import (
    keep_changed,
    keep_new,
    refuse_another_kind_of_place,
    refuse_fewer_places_than_taken,
)
from exchange.columns import BY_NAME, Vocabulary, WrongCell, recognise
from exchange.models import Placement, PlacementImport
from exchange.spreadsheets import read_table
from members.acts import Refused
from members.models import Unit, University, User

COLUMN_OF = {"unit_name": "unit", "field_id": "field"}
DATABASE_ONLY = ["option_ptr", "kind", "slug", "host", "field", "unit", "contact", "state_since"]


@dataclass
class Row:
    """What one row of the file would do; `errors` are (column, what stands there, what would be right)."""

    number: int
    cells: dict[str, str]
    placement: Placement | None = None
    stands: Placement | None = None
    partners: list[University] | None = None
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    errors: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def title(self) -> str:
        return self.cells.get("title") or (self.placement.title if self.placement else "")

    @property
    def when(self) -> str:
        return f"{self.cells.get('term', '')} {self.cells.get('academic_year', '')}".strip()

    @property
    def is_new(self) -> bool:
        return self.placement is not None and self.placement.pk is None

    @property
    def outcome(self) -> str:
        """wrong, new, changed or same."""
        if self.errors:
            return "wrong"
        if self.is_new:
            return "new"
        return "changed" if self.changes else "same"


@transaction.atomic
def read_file(*, university: University, file: Any, by: User) -> PlacementImport:
    """Keep the rows of a file for the dry run. Raises Refused when the file or its heading cannot be used."""
    heading, *rows = read_table(file)
    try:
        columns = recognise(heading)
    except WrongCell as wrong:
        raise Refused(str(wrong)) from wrong
    table = [
        {column.name: row[place] if place < len(row) else "" for place, column in columns.items()} if row else {}
        for row in rows
    ]
    if not any(table):
        raise Refused(_("There is no row below the heading."))
    return PlacementImport.objects.create(
        university=university, uploaded_by=by, file_name=str(file.name)[-160:], table=table
    )


def look_through(read: PlacementImport) -> list[Row]:
    """What each row would do now, in the order of the file; the heading is row 1."""
    known = Vocabulary(read.university)
    stored = _Stored(read.university)
    rows = [Row(number=number, cells=cells) for number, cells in enumerate(read.table, start=2) if cells]
    seen: dict[tuple[Any, ...], int] = {}
    for row in rows:
        _read_cells(row, known, stored)
        if row.placement is not None and not row.errors:
            _refuse_second(row, seen)
    return rows


@transaction.atomic
def apply_import(*, read: PlacementImport, only_good: bool, by: User, now: datetime) -> PlacementImport:
    """Do what the dry run showed: new rows become drafts, known ones are changed.

    Raises Refused when rows are wrong and `only_good` was not chosen, and when the file was imported already.
    """
    rows = look_through(read)
    wrong = [row for row in rows if row.outcome == "wrong"]
    if wrong and not only_good:
        raise Refused(_("Some rows are wrong; nothing was changed."))
    if not read.move("apply", applied_at=now):
        raise Refused(_("This file has been imported already."))
    outcomes = [row.outcome for row in rows]
    for row in rows:
        _write(row, by, now)
    read.created, read.changed, read.skipped = (outcomes.count(word) for word in ("new", "changed", "wrong"))
    read.save(update_fields=["created", "changed", "skipped"])
    return read


class _Stored:
    """The host's placements by address and by what makes them one, read once per file."""

    def __init__(self, host: University) -> None:
        self.host = host
        rows = list(Placement.objects.filter(host=host).select_related("unit").prefetch_related("only_partners"))
        self.by_slug = {row.slug: row for row in rows}
        self.by_name = {_identity(row): row for row in rows}

    def find(self, slug: str, values: dict[str, Any]) -> Placement | None:
        """The placement that a row means: the one with its key, else the one of that name, year, term and level."""
        if slug:
            if slug not in self.by_slug:
                raise WrongCell(
                    _("no place of %(host)s has this key; leave it empty for a new place") % {"host": self.host}
                )
            return self.by_slug[slug]
        return self.by_name.get(tuple(values.get(name) for name in IDENTITY))


IDENTITY = ("academic_year", "term", "level", "title")


def _identity(placement: Placement) -> tuple[Any, ...]:
    return tuple(getattr(placement, name) for name in IDENTITY)


def _read_cells(row: Row, known: Vocabulary, stored: _Stored) -> None:
    values = dict(_values(row, known))
    try:
        found = stored.find(values.pop("key", ""), values)
    except WrongCell as wrong:
        row.errors.append(("key", row.cells["key"], str(wrong)))
        return
    row.partners = values.pop("only_partners", None)
    row.placement = found or Placement(kind=Kind.EXCHANGE, host=stored.host)
    row.stands, before = copy(found), _written(found, row.cells) if found else {}
    _fill(row.placement, values)
    if not row.errors:
        _check(row, stored)
    if row.stands and not row.errors:
        _check_against_choices(row, row.stands)
    if found and not row.errors:
        after = _written(row.placement, row.cells) | _partners_written(row)
        row.changes = [(name, before[name], after[name]) for name in after if before[name] != after[name]]


def _values(row: Row, known: Vocabulary) -> Iterator[tuple[str, Any]]:
    """Each cell that could be read; what could not is noted on the row."""
    for name, text in row.cells.items():
        column = BY_NAME[name]
        if column.needed and not text:
            row.errors.append((name, text, _("must not be empty")))
            continue
        try:
            yield name, column.read(text, known)
        except WrongCell as wrong:
            row.errors.append((name, text, str(wrong)))


def _fill(placement: Placement, values: dict[str, Any]) -> None:
    """Put the values in their places; empty cells leave `months` as it is, since it has a default."""
    unit = values.pop("unit", None)
    if isinstance(unit, Unit):
        placement.unit, placement.unit_name = unit, ""
    elif unit is not None:
        placement.unit, placement.unit_name = None, unit
    for name, value in values.items():
        if name != "months" or value is not None:
            setattr(placement, name, value)


def _check(row: Row, stored: _Stored) -> None:
    """The model's own checks, each message at its column; without a query, as a file has hundreds of rows."""
    try:
        row.placement.clean_fields(exclude=DATABASE_ONLY)
    except ValidationError as wrong:
        for name, messages in wrong.message_dict.items():
            column = COLUMN_OF.get(name, name)
            row.errors += [(column, row.cells.get(column, ""), message) for message in messages]
        return
    for column, constraint in _broken(row.placement, stored):
        row.errors.append((column, row.cells.get(column, ""), str(constraint.violation_error_message)))


def _broken(placement: Placement, stored: _Stored) -> Iterator[tuple[str, BaseConstraint]]:
    """The constraints over several columns that the row would break, with the column to look at."""
    rules = {rule.name: rule for rule in (*Placement._meta.constraints, *Option._meta.constraints)}
    for first, last in (("starts_on", "ends_on"), ("ects_min", "ects_max")):
        low, high = getattr(placement, first), getattr(placement, last)
        if low is not None and high is not None and low > high:
            yield last, rules[f"exchange_placement_{first}_before_{last}"]
    if bool(placement.contact_name) != bool(placement.contact_email):
        yield "contact_email", rules["a_person_of_its_own_has_an_address"]
    if placement.state == Placement.State.PUBLISHED and not placement.languages:
        yield "languages", rules["a_published_placement_says_its_language"]
    namesake = stored.by_name.get(_identity(placement))
    if namesake is not None and namesake.pk != placement.pk:
        yield "title", rules["a_placement_once_a_term"]


def _check_against_choices(row: Row, stands: Placement) -> None:
    """What students have chosen or hold bounds the change, as it does in the form."""
    for column, refuse in (("places", refuse_fewer_places_than_taken), ("key", refuse_another_kind_of_place)):
        try:
            refuse(row.placement, stands)
        except Refused as refused:
            row.errors.append((column, row.cells.get(column, ""), str(refused)))


def _written(placement: Placement, cells: dict[str, str]) -> dict[str, str]:
    return {name: str(BY_NAME[name].write(placement) or "") for name in cells if name != "key"}


def _partners_written(row: Row) -> dict[str, str]:
    if row.partners is None:
        return {}
    return {"only_partners": "; ".join(sorted(partner.slug for partner in row.partners))}


def _refuse_second(row: Row, seen: dict[tuple[Any, ...], int]) -> None:
    """The same place twice in one file would overwrite itself."""
    first = seen.setdefault(_identity(row.placement), row.number)
    if first != row.number:
        words = _("the same place, year, term and level stand in row %(row)d already") % {"row": first}
        row.errors.append(("title", row.placement.title, words))


def _write(row: Row, by: User, now: datetime) -> None:
    if row.outcome == "new":
        keep_new(row.placement, row.partners or [], by=by, now=now)
    elif row.outcome == "changed":
        keep_changed(row.placement, row.stands, version=row.stands.version, partners=row.partners, by=by)
