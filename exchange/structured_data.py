"""An exchange place in the words of schema.org, for machines that read pages."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from applications.eligibility import describe
from applications.models import Requirement, Round
from exchange.models import Placement
from members.structured_data import day, known, sample_note


def described(
    placement: Placement, requirements: Iterable[Requirement], rounds: Iterable[Round], address: str
) -> dict[str, Any]:
    """A published placement; `rounds` are those in which it can be chosen, the next closing first.

    schema.org knows no exchange place: a programme without a degree that lasts some months is the nearest.
    """
    if placement.state != Placement.State.PUBLISHED:
        return {}
    # The days of the round's own clock: by the server's, a closing before midnight elsewhere is on another day.
    windows = ((row.opens_at.astimezone(row.zone), row.closes_at.astimezone(row.zone)) for row in rounds)
    opens, closes = next(windows, (None, None))
    return known(
        {
            "@context": "https://schema.org",
            "@type": "EducationalOccupationalProgram",
            "name": placement.title,
            "description": placement.description,
            "url": address,
            "programType": _("Exchange"),
            "provider": _host(placement),
            "startDate": day(placement.starts_on),
            "endDate": day(placement.ends_on),
            "timeToComplete": f"P{placement.months}M",
            "numberOfCredits": placement.ects_max or placement.ects_min,
            "maximumEnrollment": placement.places,
            "programPrerequisites": [describe(requirement, None) for requirement in requirements],
            "applicationStartDate": day(opens),
            "applicationDeadline": day(closes),
            "disambiguatingDescription": sample_note(placement),
        }
    )


def _host(placement: Placement) -> dict[str, Any]:
    host = placement.host
    where = {"@type": "PostalAddress", "addressLocality": host.city, "addressCountry": host.country_id}
    unit = {"@type": "Organization", "name": placement.where} if placement.where else {}
    told = {"@type": "CollegeOrUniversity", "name": host.name, "url": host.website, "address": where}
    return known({**told, "department": unit})
