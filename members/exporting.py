"""A list as a file or as a plain table to print: the same rows and filters, and the columns that were chosen."""

import csv
import io
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import override
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

EXPORT_ROWS = 50_000
TABLE_ROWS = 500  # what a browser still prints
# What Excel, Calc and Sheets run when a cell begins with it (OWASP, CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

Source = str | Callable[[Any], Any]


def columns_of(filterset: Any) -> dict[str, tuple[Any, Source]]:
    """Every column by the name it has in an address, which must not change with the reader's language."""
    with override("en"):
        names = [slugify(str(heading)) for heading in filterset.columns]
    return dict(zip(names, filterset.columns.items(), strict=True))


def chosen_columns(filterset: Any) -> list[tuple[Any, Source]]:
    """The columns that the address asks for, in their own order; all where it asks for none that is there."""
    known, asked = columns_of(filterset), set(filterset.data.getlist("column"))
    return [column for name, column in known.items() if name in asked] or list(known.values())


def column_choice(filterset: Any, params: QueryDict) -> dict[str, Any]:
    """What the export menu offers: the columns to tick, and what the form must carry along to keep the filters."""
    columns = [{"name": name, "label": heading} for name, (heading, _source) in columns_of(filterset).items()]
    return {"columns": columns, "carried": [(name, value) for name, values in params.lists() for value in values]}


def _value(row: Model, source: Source) -> Any:
    """What stands in a column: an attribute path, whose end may be a method, or a callable of the row."""
    if callable(source):
        return source(row)
    value: Any = row
    for part in source.split("."):
        value = getattr(value, part, None)
        value = value() if callable(value) else value
    return value


def _cell(value: Any) -> Any:
    """One value of a file; a text that a spreadsheet would run as a formula is quoted."""
    if value is None:
        return ""
    if hasattr(value, "tzinfo") and value.tzinfo is not None:
        return value.isoformat(timespec="minutes")
    if isinstance(value, int | float | Decimal):  # before the quotes: a minus sign begins a number, not a formula
        return value
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _rows(filterset: Any, most: int) -> Iterator[list[Any]]:
    """The headings, then the values of at most `most` rows, read in pieces."""
    columns = chosen_columns(filterset)
    yield [str(heading) for heading, _source in columns]
    # Not all rows at once; Django wants the size said where related rows are prefetched.
    for row in filterset.rows[:most].iterator(chunk_size=2000):
        yield [_value(row, source) for _heading, source in columns]


def _table(filterset: Any) -> Iterator[list[Any]]:
    """As `_rows`, with each value as a file may hold it."""
    for cells in _rows(filterset, EXPORT_ROWS):
        yield [_cell(value) for value in cells]


def export_csv(filterset: Any, filename: str) -> StreamingHttpResponse:
    """The filtered rows as CSV, with the mark that makes spreadsheets read it as UTF-8."""

    def lines() -> Iterator[str]:
        yield "\ufeff"
        for cells in _table(filterset):
            line = io.StringIO()
            csv.writer(line).writerow(cells)
            yield line.getvalue()

    return StreamingHttpResponse(
        lines(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{filename}.csv"'},
    )


def _printable(cell: Any) -> Any:
    """A workbook is XML, which has no control characters; pasted text brings some, and one would lose the file."""
    return ILLEGAL_CHARACTERS_RE.sub(" ", cell) if isinstance(cell, str) else cell


def export_xlsx(filterset: Any, filename: str) -> HttpResponse:
    """The filtered rows as an Excel workbook."""
    # Written as it comes: an ordinary workbook would hold each of a million cells as an object.
    book = Workbook(write_only=True)
    sheet = book.create_sheet("CLUSTER")
    for cells in _table(filterset):
        sheet.append([_printable(cell) for cell in cells])
    content = io.BytesIO()
    book.save(content)
    return HttpResponse(
        content.getvalue(),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={"Content-Disposition": f'attachment; filename="{filename}.xlsx"'},
    )


FILES = {"csv": export_csv, "xlsx": export_xlsx}


def show_table(request: HttpRequest, filterset: Any, *, back: str) -> HttpResponse:
    """The first rows as a plain table on a page of its own, for reading across and for printing."""
    headings, *rows = _rows(filterset, TABLE_ROWS + 1)
    cut = len(rows) > TABLE_ROWS
    cells = [list(zip(headings, row, strict=True)) for row in rows[:TABLE_ROWS]]  # on a phone each says its heading
    context = {"headings": headings, "rows": cells, "cut": cut, "most": TABLE_ROWS, "back": back}
    return render(request, "components/list_table.html", context)
