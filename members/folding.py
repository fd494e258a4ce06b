"""Folding a name to what people type: no accents, small letters, single blanks. Once in Python, once in SQL.

Both sides are built from the tables below and give the same text for every name; `tests/members/test_folding.py`
compares them. The SQL uses only immutable functions of PostgreSQL's core and names its collation, so it may stand in
an expression index or a generated column and does not depend on the locale of the database.
"""

import re
import unicodedata

from django.db.models import Func, TextField

# Capitals of Latin, Greek and Cyrillic; letters of other alphabets stay as they are, on both sides.
CAPITALS = "".join(filter(str.isupper, map(chr, (*range(0x41, 0x5B), *range(0x391, 0x3AA), *range(0x402, 0x430)))))
# Letters that have no decomposition, with their nearest plain letter.
STROKED, PLAIN = "ØøŁłĐđÐðĦħŦŧıƏəŊŋ", "oollddddhhttieenn"
# Letters that people write with two; capitals become small first.
LIGATURES, SMALL_LIGATURES = "ÆŒÞẞ", "æœþß"
WRITTEN_OUT = {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
# Apostrophes and dashes of typesetters.
APOSTROPHES, DASHES = "\u2019\u2018\u02bc", "\u2010\u2011\u2012\u2013\u2014"

LETTERS = CAPITALS + STROKED + LIGATURES + APOSTROPHES + DASHES
FOLDED = CAPITALS.lower() + PLAIN + SMALL_LIGATURES + "'" * len(APOSTROPHES) + "-" * len(DASHES)
TABLE = str.maketrans(LETTERS, FOLDED)
# Regular expressions that Python and PostgreSQL read alike.
MARKS = r"[\u0300-\u036f]+"
BLANKS = r"[ \t\n\r\f\v]+"


def fold(text: str) -> str:
    """`text` without accents, in small letters, with single blanks: "  Kungliga  HÖGSKOLAN" gives "kungliga hogskolan".

    Compatibility decomposition (NFKD), combining marks U+0300 to U+036F dropped, then the tables of this module.
    """
    letters = re.sub(MARKS, "", unicodedata.normalize("NFKD", text)).translate(TABLE)
    for letter, written in WRITTEN_OUT.items():
        letters = letters.replace(letter, written)
    return re.sub(BLANKS, " ", letters).strip(" ")


def folding_sql() -> str:
    """The template of `Fold`; its literals have no backslash escapes, no per cent sign, and doubled apostrophes."""
    sql = f"regexp_replace(normalize((%(expressions)s)::text, NFKD), '{MARKS}', '', 'g')"
    sql = "translate({}, '{}', '{}')".format(sql, *(text.replace("'", "''") for text in (LETTERS, FOLDED)))
    for letter, written in WRITTEN_OUT.items():
        sql = f"replace({sql}, '{letter}', '{written}')"
    return f"btrim(regexp_replace({sql}, '{BLANKS}', ' ', 'g') COLLATE \"C\")"


class Fold(Func):
    """`fold` in the database: `University.objects.annotate(plain=Fold("name")).filter(plain__contains=fold(typed))`.

    The result carries the collation "C": it compares and sorts letter by letter, the same on every machine, and a
    plain index on it serves prefix searches.
    """

    arity = 1
    template = folding_sql()
    output_field = TextField()
