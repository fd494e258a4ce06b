"""Bringing rows in from a spreadsheet: looked through row by row first, then imported; nothing changes in between.

A room says what its sheet holds (`Sheet`: columns, each with what reads and writes its cells), what one row would do
(`Row`), and keeps the rows between both steps (`members.models.sheets.SheetImport`). Reading files, judging headings
and cells, and the order of the import stand here once.
"""

from members.sheets.cells import Vocabulary, WrongCell
from members.sheets.columns import Column, Sheet
from members.sheets.rows import Row, carry_out, counted, read_cells, refuse_second

__all__ = [
    "Column",
    "Row",
    "Sheet",
    "Vocabulary",
    "WrongCell",
    "carry_out",
    "counted",
    "read_cells",
    "refuse_second",
]
