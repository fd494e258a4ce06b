"""What may stand in a cell, and how it is read: numbers, days, years, words of an enum, names of things known here."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from members.folding import fold
from members.models import Field, Language, Unit, University

SEPARATORS = re.compile(r"[;,/|\n]")


class WrongCell(Exception):
    """What stands in the cell cannot be understood; the text says what would be right."""


@dataclass
class Vocabulary:
    """The words that cells may refer to, each set asked for once per file; `university` is whose sheet it is."""

    university: University

    @cached_property
    def fields(self) -> dict[str, Field]:
        rows = Field.objects.all()
        return {fold(row.name): row for row in rows} | {row.code: row for row in rows}

    @cached_property
    def universities(self) -> dict[str, University]:
        rows = University.objects.all()
        names = {fold(row.name): row for row in rows} | {fold(row.short_name): row for row in rows}
        return names | {row.slug: row for row in rows}

    @cached_property
    def units(self) -> dict[str, Unit]:
        return {fold(unit.name): unit for unit in Unit.objects.filter(university=self.university)}


Reader = Callable[[str, Vocabulary], Any]


def words(text: str, known: Vocabulary) -> str:
    return text


def whole_number(text: str, known: Vocabulary) -> int | None:
    if not text:
        return None
    if not re.fullmatch(r"\d{1,4}", text):
        raise WrongCell(_("write a whole number, such as 4"))
    return int(text)


def academic_year(text: str, known: Vocabulary) -> int:
    """The year it begins in: 2027, 2027/28 and 2027-2028 are the same."""
    found = re.fullmatch(r"(20\d\d)(?:\s*[/–-]\s*(\d\d|20\d\d))?", text)
    if not found:
        raise WrongCell(_("write the academic year as 2027/28 or 2027"))
    begins = int(found[1])
    if found[2] and int(found[2]) % 100 != (begins + 1) % 100:
        raise WrongCell(_("an academic year ends in the year after it begins, as 2027/28 does"))
    return begins


def day(text: str, known: Vocabulary) -> date | None:
    if not text:
        return None
    for pattern in ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007  a day has no time zone
        except ValueError:
            continue
    raise WrongCell(_("write the day as 2027-08-30"))


def one_of(choices: Any, also: dict[str, str] | None = None) -> Reader:
    """Reads a value of an enum or its words, in any case; `also` are other words in use, in small letters."""

    def read(text: str, known: Vocabulary) -> str:
        options = {fold(str(label)): value for value, label in choices.choices}
        options |= {value: value for value in choices.values} | (also or {})
        if fold(text) not in options:
            allowed = ", ".join(str(label) for label in choices.labels)
            raise WrongCell(_("write one of: %(allowed)s") % {"allowed": allowed})
        return options[fold(text)]

    return read


def several_of(choices: Any, also: dict[str, str] | None = None) -> Reader:
    """Reads several values of an enum, or their words, in the order in which they stand; each counts once."""
    read_one = one_of(choices, also)

    def read(text: str, known: Vocabulary) -> list[str]:
        return list(dict.fromkeys(read_one(part, known) for part in parts_of(text)))

    return read


languages = several_of(Language)


def detailed_field(text: str, known: Vocabulary) -> Field:
    """A code of ISCED-F, with or without the nought that spreadsheets drop, or the field's English name."""
    code = re.match(r"\d{2,4}", text)
    found = known.fields.get(code[0].zfill(4) if code else fold(text))
    if found is None or found.depth != Field.Depth.DETAILED:
        raise WrongCell(_("write a detailed field of ISCED-F by its four digits, such as 0714"))
    return found


def universities(text: str, known: Vocabulary) -> list[University]:
    found = {part: known.universities.get(part) or known.universities.get(fold(part)) for part in parts_of(text)}
    unknown = [part for part, row in found.items() if row is None]
    if unknown:
        raise WrongCell(_("no university here is called %(names)s") % {"names": ", ".join(unknown)})
    return list(dict.fromkeys(row for row in found.values() if row))


def parts_of(text: str) -> list[str]:
    """Several things in one cell, however they are separated."""
    return [part.strip() for part in SEPARATORS.split(text) if part.strip()]


def listed(values: Any) -> str:
    """Several things written into one cell."""
    return "; ".join(str(value) for value in values)


def optional(read: Reader, empty: Any = None) -> Reader:
    """Reads what `read` does, and an empty cell as `empty`."""
    return lambda text, known: read(text, known) if text else empty


def decimal(text: str, known: Vocabulary) -> Decimal:
    if not re.fullmatch(r"\d{1,4}([.,]\d{1,3})?", text):
        raise WrongCell(_("write a number, such as 7.5"))
    return Decimal(text.replace(",", "."))


def yes_or_no(text: str, known: Vocabulary) -> bool:
    """An empty cell is a no."""
    answers = dict.fromkeys(("yes", "y", "true", "1", "x"), True) | dict.fromkeys(("no", "n", "false", "0", ""), False)
    if fold(text) not in answers:
        raise WrongCell(_("write yes or no"))
    return answers[fold(text)]


def unit(text: str, known: Vocabulary) -> Unit:
    if fold(text) not in known.units:
        place = known.university.short_name
        raise WrongCell(_("%(university)s has no unit of this name; add it to its page first") % {"university": place})
    return known.units[fold(text)]
