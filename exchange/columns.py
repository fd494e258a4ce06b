"""The columns of a spreadsheet of placements."""

from members.folding import fold
from members.models import StudyLevel, Term, Unit
from members.sheets import Column, Sheet, Vocabulary
from members.sheets.cells import (
    academic_year,
    day,
    detailed_field,
    languages,
    listed,
    one_of,
    universities,
    whole_number,
    words,
)


def unit(text: str, known: Vocabulary) -> Unit | str:
    """The unit of that name, or the words as they stand."""
    return known.units.get(fold(text), text)


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
    Column("languages", languages, lambda p: listed(p.languages), "en; sv", other=("language", "taught_in")),
    Column("months", whole_number, lambda p: p.months, "5", other=("duration",)),
    Column("starts_on", day, lambda p: p.starts_on, "2027-08-30", other=("first_day", "start")),
    Column("ends_on", day, lambda p: p.ends_on, "2028-01-17", other=("last_day", "end")),
    Column("ects_min", whole_number, lambda p: p.ects_min, "24"),
    Column("ects_max", whole_number, lambda p: p.ects_max, "30", other=("ects",)),
    Column("unit", unit, lambda p: p.where, "School of Electrical Engineering", other=("department", "faculty")),
    Column("courses_url", words, lambda p: p.courses_url, "https://university.example/courses", other=("courses",)),
    Column("contact_name", words, lambda p: p.contact_name, "Ada Lind"),
    Column("contact_email", words, lambda p: p.contact_email, "ada.lind@university.example", other=("contact",)),
    Column(
        "only_partners", universities, lambda p: listed(u.slug for u in p.only_partners.all()), "", other=("partners",)
    ),
    Column("description", words, lambda p: p.description, "Courses in control, a laboratory of mobile robots."),
]  # fmt: skip
# Those that are only written tell the reader of the sheet something; nobody sets them by a spreadsheet.
SHEET = Sheet(COLUMNS, only_written=frozenset({"state", "taken", "applicants"}), known_by="key")
