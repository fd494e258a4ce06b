"""The columns of a spreadsheet of courses."""

from members.academic_years import words as year_words
from members.models import StudyLevel, Term
from members.sheets import Column, Sheet
from members.sheets.cells import (
    academic_year,
    decimal,
    detailed_field,
    languages,
    listed,
    one_of,
    optional,
    several_of,
    unit,
    words,
    yes_or_no,
)

# What catalogues of the members call the two halves of a year.
ALSO_TERMS = {
    "winter": Term.AUTUMN, "winter semester": Term.AUTUMN, "fall": Term.AUTUMN, "autumn semester": Term.AUTUMN,
    "summer": Term.SPRING, "summer semester": Term.SPRING, "spring semester": Term.SPRING,
    "annual": Term.YEAR, "both semesters": Term.YEAR,
}  # fmt: skip


def _year(year: int | None) -> str:
    return year_words(year) if year else ""


SHEET = Sheet(
    [
        Column("code", words, lambda c: c.code, "EL2520", needed=True, other=("course_code", "id")),
        Column("title", words, lambda c: c.title, "Control theory, advanced", needed=True, other=("name", "course")),
        Column("ects", decimal, lambda c: c.ects_words, "7.5", needed=True, other=("credits", "ects_credits")),
        Column(
            "terms", several_of(Term, ALSO_TERMS), lambda c: listed(str(Term(term).label) for term in c.terms),
            "Spring", needed=True, other=("term", "semester"),
        ),
        Column(
            "languages", languages, lambda c: listed(c.languages), "en", needed=True,
            other=("language", "taught_in"),
        ),
        Column("level", one_of(StudyLevel), lambda c: c.get_level_display(), "Master", needed=True),
        Column(
            "field", optional(detailed_field), lambda c: c.field_id or "", "0714", other=("isced", "isced_f")
        ),
        Column(
            "unit", optional(unit), lambda c: c.unit.name if c.unit else "", "", other=("department", "faculty")
        ),
        Column(
            "open_to_exchange", yes_or_no, lambda c: "yes" if c.open_to_exchange else "no", "yes",
            other=("exchange", "open"),
        ),
        Column("exchange_note", words, lambda c: c.exchange_note, "Ten places for guests"),
        Column("prerequisites", words, lambda c: c.prerequisites, "A first course in control", other=("requires",)),
        Column("url", words, lambda c: c.url, "https://university.example/courses/EL2520", other=("link", "page")),
        Column("first_year", optional(academic_year), lambda c: _year(c.first_year), "2026/27", other=("from",)),
        Column("last_year", optional(academic_year), lambda c: _year(c.last_year), "", other=("until",)),
    ]
)  # fmt: skip
