"""A programme as plain data: what a revision holds, what the data file and a spreadsheet are turned into.

`content_of` reads it from the rows, `write` brings the rows to it, `differences` compares two of them for people,
`gaps` says what is still missing. Universities are named by slug, fields by code, numbers with decimals are text.
"""

from programmes.content.differences import Difference, differences
from programmes.content.gaps import Gap, gaps
from programmes.content.snapshot import (
    BASICS,
    LISTS,
    PARTS,
    Content,
    completed,
    content_of,
    empty_content,
    fingerprint,
)
from programmes.content.writing import UnknownUniversityError, write

__all__ = [
    "BASICS",
    "LISTS",
    "PARTS",
    "Content",
    "Difference",
    "Gap",
    "UnknownUniversityError",
    "completed",
    "content_of",
    "differences",
    "empty_content",
    "fingerprint",
    "gaps",
    "write",
]
