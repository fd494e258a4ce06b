"""Spreadsheets as files: read as CSV in the usual dialects or as XLSX, within safe limits; written as an empty form."""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.core.files import File
from django.http import HttpResponse
from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from members.acts import Refused

MOST_BYTES = 2 * 1024 * 1024
MOST_UNPACKED = 40 * 1024 * 1024
MOST_ROWS = 500
MOST_LOOKED_AT = 20_000  # rows, blank ones below the table included; a sheet of Excel may have a million
MOST_COLUMNS = 60
# What zipfile and openpyxl raise over bytes that were cut, turned, or locked by a password.
BROKEN = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, KeyError, ValueError, IndexError, SyntaxError, TypeError,
    AttributeError, OSError, EOFError, RuntimeError,
)  # fmt: skip
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def read_table(file: File) -> list[list[str]]:
    """The rows of the first sheet, the heading first, every cell as text; empty rows are kept as empty lists.

    Keeping them keeps the numbers of the rows those of the file. Raises Refused with what is wrong with the file.
    """
    if file.size > MOST_BYTES:
        raise Refused(_("The file is larger than 2 MB; split it."))
    content = file.read()
    rows = _xlsx(content) if content[:4] == b"PK\x03\x04" else _csv(content)
    table: list[list[str]] = []
    for number, row in enumerate(rows):
        cells = [_text(cell) for cell in row[:MOST_COLUMNS]]
        # Rows that were only formatted come as blank ones, often hundreds of them below the table.
        if number > MOST_ROWS and (any(cells) or number >= MOST_LOOKED_AT):
            raise Refused(_("The file has more than %(most)d rows; split it.") % {"most": MOST_ROWS})
        table.append(cells if any(cells) else [])
    while table and not table[-1]:
        table.pop()
    if not table:
        raise Refused(_("The file is empty."))
    return table


def _csv(content: bytes) -> Iterator[list[Any]]:
    if b"\x00" in content:
        raise Refused(_("This is neither a CSV nor an XLSX file. Save the sheet as one of them."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")  # what Excel on Windows calls CSV
    heading = text.partition("\n")[0]
    # Where a comma parts the decimals, as in French and German, Excel parts the cells of a CSV by semicolons.
    delimiter = max(",;\t", key=heading.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise Refused(_("The CSV file cannot be read: %(error)s.") % {"error": error}) from error


def _xlsx(content: bytes) -> Iterator[list[Any]]:
    try:
        unpacked = sum(part.file_size for part in zipfile.ZipFile(io.BytesIO(content)).infolist())
        if unpacked > MOST_UNPACKED:
            raise Refused(_("The workbook unpacks to more than 40 MB. Save only the sheet that is read."))
        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
        yield from (list(row) for row in sheet.iter_rows(values_only=True))
    except BROKEN as error:
        raise Refused(_("The workbook cannot be read. Save it again as XLSX, or as CSV.")) from error


def _text(cell: Any) -> str:
    """A cell as a person would type it: days as 2027-08-20, whole numbers without ".0", no quote before a formula."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return re.sub(r"^'(?=[=+\-@])", "", str(cell).strip()).replace("\x00", "")


def hand_out(rows: list[list[str]], *, name: str, ending: str) -> HttpResponse:
    """`rows` as a file to download and fill in; `ending` is csv or xlsx."""
    disposition = {"Content-Disposition": f'attachment; filename="{name}.{ending}"'}
    if ending == "csv":
        response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8", headers=disposition)
        csv.writer(response).writerows(rows)
        return response
    book = Workbook()
    for row in rows:
        book.active.append(row)
    response = HttpResponse(content_type=XLSX, headers=disposition)
    book.save(response)
    return response
