"""Programmes and courses for machines that read pages: schema.org's words as a JSON-LD data block."""

from typing import Any
from zoneinfo import ZoneInfo

from applications.eligibility import describe
from members.structured_data import day, known, sample_note
from programmes.models import Course, Diploma, Intake, Programme

MONTHS_A_SEMESTER = 6


def described(programme: Programme, ahead: list[Intake], address: str) -> dict[str, Any]:
    """The programme in the words of schema.org; what is not known is left out."""
    # The days of the intake's own clock: by the server's, a closing before midnight elsewhere is on another day.
    windows = (
        (row.opens.astimezone(ZoneInfo(row.zone)), row.closes.astimezone(ZoneInfo(row.zone)), row.places)
        for row in ahead
    )
    opens, closes, places = next(windows, (None, None, None))
    told = {
        "@context": "https://schema.org",
        "@type": "EducationalOccupationalProgram",
        "name": programme.title,
        "url": address,
        "description": programme.summary or programme.description,
        "programType": str(programme.get_kind_display()),
        "educationalCredentialAwarded": "" if programme.diploma == Diploma.NONE else programme.award,
        "numberOfCredits": programme.ects_total,
        "timeToComplete": _duration(programme),
        "provider": [_provider(side) for side in programme.sides],
        "programPrerequisites": [describe(row, None) for row in programme.requirements.all()],
        "applicationStartDate": day(opens),
        "applicationDeadline": day(closes),
        "maximumEnrollment": places,
        "disambiguatingDescription": sample_note(programme),
    }
    return known(told)


def described_course(course: Course, address: str) -> dict[str, Any]:
    """The course in the words of schema.org; `address` is its page here."""
    place = course.university
    return known(
        {
            "@context": "https://schema.org",
            "@type": "Course",
            "name": course.title,
            "courseCode": course.code,
            "url": course.url or address,
            "mainEntityOfPage": address,
            "description": course.exchange_note or course.title,
            "provider": known({"@type": "CollegeOrUniversity", "name": place.name, "url": place.website}),
            "numberOfCredits": {"@type": "StructuredValue", "name": "ECTS", "value": float(course.ects)},
            "educationalLevel": str(course.get_level_display()),
            "availableLanguage": course.languages,
            "coursePrerequisites": course.prerequisites,
            "about": course.field.name if course.field else "",
            "disambiguatingDescription": sample_note(course),
        }
    )


def _duration(programme: Programme) -> str:
    """ISO 8601: 4 semesters are P24M."""
    return f"P{programme.duration_semesters * MONTHS_A_SEMESTER}M" if programme.duration_semesters else ""


def _provider(side: Any) -> dict[str, Any]:
    place = side.university
    told = {"@type": "CollegeOrUniversity", "name": place.name, "url": place.website, "department": side.unit}
    if side.unit:
        told["department"] = {"@type": "Organization", "name": side.unit}
    return {name: value for name, value in told.items() if value}
