"""Folding a name to what people type: no accents, small letters, single blanks. Once in Python, once in SQL.

Both sides are built from the tables below and give the same text for every name; `tests/members/test_folding.py`
compares them. The SQL uses only immutable functions of PostgreSQL's core and names its collation, so it may stand in
an expression index or a generated column and does not depend on the locale of the database.
"""

import re
import unicodedata

from django.db.models import Func, TextField

# Letters that have no decomposition, and signs that people type in several ways: one for one.
ALIKE = str.maketrans("ØøŁłĐđÐðĦħŦŧıƏəŊŋÆŒÞẞ’‘ʼ‐‑‒–—", "oollddddhhttieennæœþß'''-----")
# Letters that people write with two.
WRITTEN_OUT = {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
# Capitals of the alphabets in our names. ASCII is left to lower(); other alphabets stay as they are on both sides.
SMALL = str.maketrans({chr(letter): chr(letter).lower() for letter in [*range(0x391, 0x3AA), *range(0x402, 0x430)]
                       if chr(letter).isupper() and len(chr(letter).lower()) == 1})  # fmt: skip
MARKS = "".join(map(chr, range(0x300, 0x370)))
LETTERS = ALIKE | SMALL | str.maketrans({chr(letter): chr(letter + 32) for letter in range(ord("A"), ord("Z") + 1)})
BLANKS = re.compile(r"[ \t\n\r\f\v]+")


def fold(text: str) -> str:
    """`text` without accents, in small letters, with single blanks: "  Kungliga  Tekniska HÖGSKOLAN" loses all three.

    Compatibility decomposition (NFKD) without combining marks U+0300 to U+036F, then the tables of this module.
    """
    letters = unicodedata.normalize("NFKD", text).translate(dict.fromkeys(map(ord, MARKS)) | LETTERS)
    for letter, written in WRITTEN_OUT.items():
        letters = letters.replace(letter, written)
    return BLANKS.sub(" ", letters).strip(" ")


def escaped(characters: str) -> str:
    """The characters as an SQL string in ASCII; psycopg would take a per cent sign for a placeholder, we have none."""
    return "E'" + "".join(f"\\u{ord(character):04x}" for character in characters) + "'"


def folding_template() -> str:
    # translate() drops what stands in its first text beyond the length of the second: so go the marks.
    known = "".join(map(chr, LETTERS))
    becomes = "".join(map(chr, LETTERS.values()))
    sql = f"translate(normalize((%(expressions)s)::text, NFKD), {escaped(known + MARKS)}, {escaped(becomes)})"
    for letter, written in WRITTEN_OUT.items():
        sql = f"replace({sql}, {escaped(letter)}, '{written}')"
    return rf"""(btrim(regexp_replace({sql}, E'[ \\t\\n\\r\\f\\v]+', ' ', 'g')) COLLATE "C")"""


class Fold(Func):
    """`fold` in the database: `University.objects.annotate(plain=Fold("name")).filter(plain__contains=fold(typed))`.

    The result carries the collation "C": it compares and sorts letter by letter, the same on every machine, and a
    plain index on it serves prefix searches.
    """

    arity = 1
    template = folding_template()
    output_field = TextField()
