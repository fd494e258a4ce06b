"""A programme for machines that read pages: schema.org's EducationalOccupationalProgram as a JSON-LD data block.

The strict policy of the portal stays as it is: a script element whose type is not a script is data and never runs.
"""

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from applications.eligibility import describe
from programmes.models import Diploma, Intake, Programme

# So that no text in the data can end the element it stands in.
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}
MONTHS_A_SEMESTER = 6


def described(programme: Programme, ahead: list[Intake], address: str) -> dict[str, Any]:
    """The programme in the words of schema.org; what is not known is left out."""
    intake = ahead[0] if ahead else None
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
        "applicationStartDate": intake and intake.opens.date().isoformat(),
        "applicationDeadline": intake and intake.closes.date().isoformat(),
        "maximumEnrollment": intake.places if intake else None,
        "disambiguatingDescription": _("A sample, invented for this demonstration.") if programme.is_sample else "",
    }
    return {name: value for name, value in told.items() if value not in (None, "", [])}


def _duration(programme: Programme) -> str:
    """ISO 8601: 4 semesters are P24M."""
    return f"P{programme.duration_semesters * MONTHS_A_SEMESTER}M" if programme.duration_semesters else ""


def _provider(side: Any) -> dict[str, Any]:
    place = side.university
    told = {"@type": "CollegeOrUniversity", "name": place.name, "url": place.website, "department": side.unit}
    if side.unit:
        told["department"] = {"@type": "Organization", "name": side.unit}
    return {name: value for name, value in told.items() if value}


def data_block(told: dict[str, Any]) -> SafeString:
    """The data as the text of a script element."""
    return mark_safe(json.dumps(told, ensure_ascii=False).translate(ESCAPES))
