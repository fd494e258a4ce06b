"""Placements from a spreadsheet: looked through row by row first, then imported; nothing changes in between."""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import BaseConstraint
from django.utils.translation import gettext as _

from applications.actions.guards import hold_options
from applications.models import Kind, Option
from exchange.actions.offering import (
    keep_changed,
    keep_new,
    refuse_another_kind_of_place,
    refuse_fewer_places_than_taken,
)
from exchange.columns import SHEET
from exchange.models import Placement, PlacementImport
from members.acts import Refused
from members.models import Unit, University, User
from members.sheets import Row, Vocabulary, WrongCell, carry_out, read_cells, refuse_second

COLUMN_OF = {"unit_name": "unit", "field_id": "field"}
DATABASE_ONLY = ["option_ptr", "kind", "slug", "host", "field", "unit", "contact", "state_since"]
IDENTITY = ("academic_year", "term", "level", "title")


@dataclass
class PlacementRow(Row):
    partners: list[University] | None = None

    @property
    def detail(self) -> str:
        return f"{self.cells.get('term', '')} {self.cells.get('academic_year', '')}".strip()


@transaction.atomic
def read_file(*, university: University, file: Any, by: User) -> PlacementImport:
    """Keep the rows of a file for the dry run. Raises Refused when the file or its heading cannot be used."""
    return PlacementImport.objects.create(
        university=university, uploaded_by=by, file_name=str(file.name)[-160:], table=SHEET.cells_of(file)
    )


def look_through(read: PlacementImport) -> list[PlacementRow]:
    """What each row would do now, in the order of the file; the heading is row 1."""
    known, stored = Vocabulary(read.university), _Stored(read.university)
    rows = [PlacementRow(number=number, cells=cells) for number, cells in enumerate(read.table, start=2) if cells]
    for row in rows:
        _read_row(row, known, stored)
    refuse_second(rows, _identity, "title", _("the same place, year, term and level stand in row %(row)d already"))
    return rows


@transaction.atomic
def apply_import(*, read: PlacementImport, only_good: bool, by: User, now: datetime) -> PlacementImport:
    """Do what the dry run showed: new rows become drafts, known ones are changed.

    Raises Refused when rows are wrong and `only_good` was not chosen, and when the file was imported already.
    """
    # Looked through while they are held: what is counted for a row still holds when the row is written, and two
    # files of one host do not wait for each other, however their rows are ordered.
    hold_options(Placement.objects.filter(host=read.university).values_list("pk", flat=True))
    carry_out(read, look_through(read), lambda row: _write(row, by, now), only_good=only_good, now=now)
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


def _identity(placement: Placement) -> tuple[Any, ...]:
    return tuple(getattr(placement, name) for name in IDENTITY)


def _read_row(row: PlacementRow, known: Vocabulary, stored: _Stored) -> None:
    values = dict(read_cells(row, SHEET, known))
    try:
        found = stored.find(values.pop("key", ""), values)
    except WrongCell as wrong:
        row.wrong("key", wrong)
        return
    row.partners = values.pop("only_partners", None)
    row.thing = found or Placement(kind=Kind.EXCHANGE, host=stored.host)
    row.stands, before = copy(found), SHEET.written(found, row.cells) if found else {}
    _fill(row.thing, values)
    if not row.errors:
        _check(row, stored)
    if row.stands and not row.errors:
        _check_against_choices(row, row.stands)
    if found and not row.errors:
        row.compare(before, SHEET.written(row.thing, row.cells) | _partners_written(row))


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


def _check(row: PlacementRow, stored: _Stored) -> None:
    """The model's own checks, each message at its column; without a query, as a file has hundreds of rows."""
    row.check_fields(exclude=DATABASE_ONLY, column_of=COLUMN_OF)
    if row.errors:
        return
    for column, constraint in _broken(row.thing, stored):
        row.wrong(column, constraint.violation_error_message)


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


def _check_against_choices(row: PlacementRow, stands: Placement) -> None:
    """What students have chosen or hold bounds the change, as it does in the form."""
    for column, refuse in (("places", refuse_fewer_places_than_taken), ("key", refuse_another_kind_of_place)):
        try:
            refuse(row.thing, stands)
        except Refused as refused:
            row.wrong(column, refused)


def _partners_written(row: PlacementRow) -> dict[str, str]:
    if row.partners is None:
        return {}
    return {"only_partners": "; ".join(sorted(partner.slug for partner in row.partners))}


def _write(row: PlacementRow, by: User, now: datetime) -> None:
    if row.outcome == "new":
        keep_new(row.thing, row.partners or [], by=by, now=now)
    elif row.outcome == "changed":
        keep_changed(row.thing, row.stands, version=row.stands.version, partners=row.partners, by=by)
