"""The columns of a spreadsheet of placements: what they are called, how their cells read and how they are written."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from exchange.models import Placement
from members.folding import fold
from members.models import Field, Language, StudyLevel, Term, Unit, University

SEPARATORS = re.compile(r"[;,/|\n]")


class WrongCell(Exception):
    """What stands in the cell cannot be understood; the text says what would be right."""


@dataclass
class Vocabulary:
    """The words that cells may refer to, each set asked for once per file."""

    host: University

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
        return {fold(unit.name): unit for unit in Unit.objects.filter(university=self.host)}


Reader = Callable[[str, Vocabulary], Any]


@dataclass(frozen=True)
class Column:
    """`name` stands in the heading, `other` names are understood too; `sets` is the attribute that the cell fills."""

    name: str
    read: Reader
    write: Callable[[Placement], Any]
    example: str
    needed: bool = False
    other: tuple[str, ...] = field(default=())

    @property
    def sets(self) -> str:
        return self.name


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


def one_of(choices: Any) -> Reader:
    """Reads a value of an enum or its words, in any case."""

    def read(text: str, known: Vocabulary) -> str:
        options = {fold(str(label)): value for value, label in choices.choices}
        options |= {value: value for value in choices.values}
        if fold(text) not in options:
            allowed = ", ".join(str(label) for label in choices.labels)
            raise WrongCell(_("write one of: %(allowed)s") % {"allowed": allowed})
        return options[fold(text)]

    return read


def languages(text: str, known: Vocabulary) -> list[str]:
    read = one_of(Language)
    return list(dict.fromkeys(read(part, known) for part in _parts(text)))


def detailed_field(text: str, known: Vocabulary) -> Field:
    """A code of ISCED-F, with or without the nought that spreadsheets drop, or the field's English name."""
    code = re.match(r"\d{2,4}", text)
    found = known.fields.get(code[0].zfill(4) if code else fold(text))
    if found is None or found.depth != Field.Depth.DETAILED:
        raise WrongCell(_("write a detailed field of ISCED-F by its four digits, such as 0714"))
    return found


def unit(text: str, known: Vocabulary) -> Unit | str:
    """The unit of that name, or the words as they stand."""
    return known.units.get(fold(text), text)


def partners(text: str, known: Vocabulary) -> list[University]:
    found = {part: known.universities.get(part) or known.universities.get(fold(part)) for part in _parts(text)}
    unknown = [part for part, row in found.items() if row is None]
    if unknown:
        raise WrongCell(_("no university here is called %(names)s") % {"names": ", ".join(unknown)})
    return list(dict.fromkeys(row for row in found.values() if row))


def _parts(text: str) -> list[str]:
    return [part.strip() for part in SEPARATORS.split(text) if part.strip()]


def _list(values: Any) -> str:
    return "; ".join(str(value) for value in values)


COLUMNS: list[Column] = [
    Column("key", words, lambda p: p.slug, "", other=("slug", "address")),
    Column("title", words, lambda p: p.title, "Robotics and control", needed=True, other=("name", "placement")),
    Column(
        "academic_year", academic_year, lambda p: p.year, "2027/28", needed=True, other=("year",)
    ),
    Column("term", one_of(Term), lambda p: p.get_term_display(), "Autumn", needed=True, other=("semester",)),
    Column("level", one_of(StudyLevel), lambda p: p.get_level_display(), "Master", needed=True),
    Column("field", detailed_field, lambda p: p.field_id, "0714", needed=True, other=("isced", "isced_f")),
    Column("places", whole_number, lambda p: p.places, "4", needed=True, other=("number_of_places", "seats")),
    Column("languages", languages, lambda p: _list(p.languages), "en; sv", other=("language", "taught_in")),
    Column("months", whole_number, lambda p: p.months, "5", other=("duration",)),
    Column("starts_on", day, lambda p: p.starts_on, "2027-08-30", other=("first_day", "start")),
    Column("ends_on", day, lambda p: p.ends_on, "2028-01-17", other=("last_day", "end")),
    Column("ects_min", whole_number, lambda p: p.ects_min, "24"),
    Column("ects_max", whole_number, lambda p: p.ects_max, "30", other=("ects",)),
    Column("unit", unit, lambda p: p.where, "School of Electrical Engineering", other=("department", "faculty")),
    Column("courses_url", words, lambda p: p.courses_url, "https://university.example/courses", other=("courses",)),
    Column("contact_name", words, lambda p: p.contact_name, "Ada Lind"),
    Column("contact_email", words, lambda p: p.contact_email, "ada.lind@university.example", other=("contact",)),
    Column("only_partners", partners, lambda p: _list(u.slug for u in p.only_partners.all()), "", other=("partners",)),
    Column("description", words, lambda p: p.description, "Courses in control, a laboratory of mobile robots."),
]  # fmt: skip
# What our own export adds for reading; coming back, it is passed over.
ONLY_WRITTEN = {"state", "taken", "applicants"}
BY_NAME = {column.name: column for column in COLUMNS}


def recognise(heading: list[str]) -> dict[int, Column]:
    """Which cell of a row belongs to which column; capitals, blanks and other names in use do not matter.

    Raises WrongCell naming columns that are not known, stand twice, or are needed and missing.
    """
    names = {name: column for column in COLUMNS for name in (column.name, *column.other)}
    plain = [re.sub(r"[^a-z]+", "_", fold(cell)).strip("_") for cell in heading]
    found = {number: names[name] for number, name in enumerate(plain) if name in names}
    unknown = [
        cell
        for cell, name in zip(heading, plain, strict=True)
        if cell and name not in names and name not in ONLY_WRITTEN
    ]
    if unknown:
        raise WrongCell(_("Columns not known: %(names)s.") % {"names": ", ".join(unknown)})
    columns = [column.name for column in found.values()]
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice:
        raise WrongCell(_("Columns that stand twice: %(names)s.") % {"names": ", ".join(twice)})
    missing = [column.name for column in COLUMNS if column.needed and column.name not in columns]
    if missing and "key" not in columns:
        raise WrongCell(_("Columns missing: %(names)s.") % {"names": ", ".join(missing)})
    return found
