"""Bringing tables to what data files say, without undoing what people wrote since.

Where history is kept of a table, every value knows whether the file or a person wrote it last. The file changes its own
values only; what a person wrote, or took away, stays and is reported. Where no history is kept, the file is the master.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pghistory
import pghistory.models
from django.core.exceptions import ValidationError
from django.db import models, transaction

from members.acts import Versioned

SOURCE = "reference data"

Key = tuple[Any, ...]
Row = dict[str, Any]


class BadRowError(Exception):
    """A row of a file that its table cannot hold; the text names table, row, column and what is wrong."""


@dataclass(frozen=True)
class Change:
    """One thing that a load did, or left as it was although the file says otherwise (`kept`)."""

    kind: str  # added, changed, removed, kept
    table: str
    row: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.table} {self.row}" + (f": {self.detail}" if self.detail else "")


_loaders: list[Callable[["Load"], None]] = []


def register(loader: Callable[["Load"], None]) -> None:
    """Announce what a higher room loads from its own data files, after this room's, on `load_reference_data`."""
    _loaders.append(loader)


def registered() -> tuple[Callable[["Load"], None], ...]:
    return tuple(_loaders)


class Load:
    """One run over the files, in one transaction; `changes` tells what it did.

    With `overwrite` the file also wins over what people wrote and took away.
    """

    def __init__(self, *, overwrite: bool = False) -> None:
        self.overwrite = overwrite
        self.changes: list[Change] = []

    @transaction.atomic
    def run(self, loaders: Iterable[Callable[["Load"], None]]) -> None:
        with pghistory.context(source=SOURCE):
            for loader in loaders:
                loader(self)

    def bring(self, model: type[models.Model], key: tuple[str, ...], rows: Iterable[Row]) -> None:
        """Add, change and remove rows of `model` until they are `rows`, which are told apart by the columns of `key`.

        Rows name columns as the database does (`country_id`). A row that is in no file goes only when the file
        brought it, no person touched it and nothing refers to it. Raises BadRowError for what the columns cannot hold.
        """
        wanted = {tuple(row[column] for column in key): row for row in rows}
        stored = {tuple(getattr(found, column) for column in key): found for found in model._base_manager.all()}
        self._remove([found for at, found in stored.items() if at not in wanted])
        self._add(model, key, {at: row for at, row in wanted.items() if at not in stored})
        for at in wanted.keys() & stored.keys():
            self._change(stored[at], _name(at), wanted[at])

    def added(self, model: type[models.Model]) -> set[str]:
        """The names of the rows of `model` that this run added."""
        return {change.row for change in self.changes if (change.kind, change.table) == ("added", _table(model))}

    def _note(self, kind: str, model: type[models.Model], row: str, detail: str = "") -> None:
        self.changes.append(Change(kind, _table(model), row, detail))

    def _remove(self, surplus: list[models.Model]) -> None:
        for found in surplus:
            if written_by_people(found, _columns_with_history(found)) or not brought_by_a_file(found):
                continue
            if is_referred_to(found):
                self._note("kept", type(found), str(found), "it is in no file any more, but is referred to")
            else:
                self._note("removed", type(found), str(found))
                found.delete()

    def _add(self, model: type[models.Model], key: tuple[str, ...], missing: dict[Key, Row]) -> None:
        gone = set() if self.overwrite else taken_away_by_people(model, key, missing)
        new = [model(**row) for at, row in missing.items() if at not in gone]
        for found in new:
            _check(found, _name(tuple(getattr(found, column) for column in key)))
        model._base_manager.bulk_create(new, batch_size=1000)
        for at in missing:
            if at in gone:
                self._note("kept", model, _name(at), "somebody took it away")
            else:
                self._note("added", model, _name(at))

    def _change(self, found: models.Model, name: str, row: Row) -> None:
        differing = {column for column, value in row.items() if getattr(found, column) != value}
        if not differing:
            return
        theirs = set() if self.overwrite else written_by_people(found, differing)
        for column in sorted(theirs):
            self._note("kept", type(found), name, _versus(column, getattr(found, column), row[column]))
        ours = {column: row[column] for column in sorted(differing - theirs)}
        if not ours:
            return
        for column, value in ours.items():
            self._note("changed", type(found), name, _versus(column, getattr(found, column), value))
            setattr(found, column, value)
        _check(found, name)
        # Whoever has the page open for editing hears of it, as of a colleague's change.
        counted = {"version": models.F("version") + 1} if isinstance(found, Versioned) else {}
        type(found)._base_manager.filter(pk=found.pk).update(**ours, **counted)


def written_by_people(found: models.Model, columns: Iterable[str]) -> set[str]:
    """Those of `columns` whose present value a person wrote; none where no history is kept."""
    theirs: set[str] = set()
    before: Row = {}
    for event in _events(found, columns):
        news = {column for column in columns if column not in before or event[column] != before[column]}
        theirs = theirs - news if _is_ours(event) else theirs | news
        before = event
    return theirs


def brought_by_a_file(found: models.Model) -> bool:
    """Whether a load added the row; true for tables without history, whose master is the file."""
    first = next(_events(found, ()), None)
    return _is_ours(first) if first else not hasattr(type(found), "pgh_event_model")


def taken_away_by_people(model: type[models.Model], key: tuple[str, ...], missing: Iterable[Key]) -> set[Key]:
    """Those of the `missing` rows that were there once and were not removed by a load: deleted, or renamed."""
    events = getattr(model, "pgh_event_model", None)
    if events is None:
        return set()
    told = events.objects.order_by("pgh_id").values("pgh_label", "pgh_context__metadata", *key)
    last = {tuple(event[column] for column in key): event for event in told}
    return {at for at in missing if at in last and not (_is_ours(last[at]) and last[at]["pgh_label"] == "delete")}


def is_referred_to(found: models.Model) -> bool:
    """Whether rows of any table but the history point to `found`; those that would be deleted with it count too."""
    pointing = [
        relation
        for relation in found._meta.related_objects
        if not issubclass(relation.related_model, pghistory.models.Event)
    ]
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: found}).exists() for relation in pointing
    )


def _events(found: models.Model, columns: Iterable[str]) -> Iterator[Row]:
    events = getattr(type(found), "pgh_event_model", None)
    if events:
        told = events.objects.filter(pgh_obj_id=found.pk).order_by("pgh_id")
        yield from told.values("pgh_context__metadata", *columns)


def _is_ours(event: Row) -> bool:
    return (event["pgh_context__metadata"] or {}).get("source") == SOURCE


def _columns_with_history(found: models.Model) -> list[str]:
    kept = {field.attname for field in getattr(type(found), "pgh_event_model", type(found))._meta.concrete_fields}
    return [field.attname for field in found._meta.concrete_fields if field.attname in kept and not field.primary_key]


def _check(found: models.Model, name: str) -> None:
    """Lengths, choices and ranges; whether a column may be empty or refers to something is the database's question."""
    columns = [column for column in found._meta.concrete_fields if not column.generated]
    unchecked = {column.name for column in columns if column.is_relation or not getattr(found, column.attname)}
    try:
        found.clean_fields(exclude=unchecked)
    except ValidationError as error:
        raise BadRowError(f"{_table(type(found))} {name}: {error.message_dict}") from error


def _table(model: type[models.Model]) -> str:
    return str(model._meta.verbose_name)


def _name(key: Key) -> str:
    return " ".join(str(part) for part in key if part is not None)


def _versus(column: str, stored: Any, written: Any) -> str:
    return f"{column} is {stored!r}, the file has {written!r}"
