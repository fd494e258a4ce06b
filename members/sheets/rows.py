"""The rows of a sheet: what each would do, and doing it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from members.acts import Refused
from members.models.sheets import SheetImport
from members.sheets.cells import Vocabulary, WrongCell
from members.sheets.columns import Sheet


@dataclass
class Row:
    """What one row of the file would do to `thing`, which stands in the database as `stands` unless it is new.

    `changes` are (column, before, after), `errors` are (column, what stands there, what would be right).
    """

    number: int
    cells: dict[str, str]
    thing: Any = None
    stands: Any = None
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    errors: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def title(self) -> str:
        return self.cells.get("title") or (self.thing.title if self.thing else "")

    @property
    def detail(self) -> str:
        """What stands small below the title."""
        return ""

    @property
    def is_new(self) -> bool:
        return self.thing is not None and self.thing.pk is None

    @property
    def outcome(self) -> str:
        """wrong, new, changed or same."""
        if self.errors:
            return "wrong"
        if self.is_new:
            return "new"
        return "changed" if self.changes else "same"

    def wrong(self, column: str, words: Any) -> None:
        """Note that what stands in `column` cannot be imported, and why."""
        self.errors.append((column, self.cells.get(column, ""), str(words)))

    def check_fields(self, *, exclude: Iterable[str], column_of: dict[str, str]) -> None:
        """The model's own checks of single fields, each message at its column; without a query, as files are long."""
        try:
            self.thing.clean_fields(exclude=exclude)
        except ValidationError as wrong:
            for name, messages in wrong.message_dict.items():
                for message in messages:
                    self.wrong(column_of.get(name, name), message)

    def compare(self, before: dict[str, str], after: dict[str, str]) -> None:
        self.changes = [(name, before[name], after[name]) for name in after if before[name] != after[name]]


def read_cells(row: Row, sheet: Sheet, known: Vocabulary) -> Iterator[tuple[str, Any]]:
    """Each cell that could be read; what could not is noted on the row."""
    for name, text in row.cells.items():
        column = sheet.by_name[name]
        if column.needed and not text:
            row.wrong(name, _("must not be empty"))
            continue
        try:
            yield name, column.read(text, known)
        except WrongCell as wrong:
            row.wrong(name, wrong)


def refuse_second(rows: Iterable[Row], identity: Callable[[Any], Any], column: str, words: str) -> None:
    """The same thing twice in one file would overwrite itself; `words` name the first one as `%(row)d`."""
    seen: dict[Any, int] = {}
    for row in rows:
        if row.thing is None or row.errors:
            continue
        first = seen.setdefault(identity(row.thing), row.number)
        if first != row.number:
            row.errors.append((column, str(getattr(row.thing, column)), words % {"row": first}))


def counted(rows: Iterable[Row]) -> dict[str, int]:
    """How many rows would do what."""
    outcomes = [row.outcome for row in rows]
    return {word: outcomes.count(word) for word in ("new", "changed", "same", "wrong")}


def carry_out(
    read: SheetImport, rows: Sequence[Row], write: Callable[[Any], None], *, only_good: bool, now: datetime
) -> None:
    """Hand each row to `write`, and keep on `read` how it went; call it inside a transaction.

    Raises Refused when rows are wrong and `only_good` was not chosen, and when the file was imported already.
    """
    if not only_good and any(row.errors for row in rows):
        raise Refused(_("Some rows are wrong; nothing was changed."))
    # Before the first row is written: of two clicks the second waits here and finds the file imported.
    if not read.move("apply", applied_at=now):
        raise Refused(_("This file has been imported already."))
    counts = counted(rows)  # a row that was written is new no more
    for row in rows:
        write(row)
    read.created, read.changed, read.skipped = counts["new"], counts["changed"], counts["wrong"]
    read.save(update_fields=["created", "changed", "skipped"])
