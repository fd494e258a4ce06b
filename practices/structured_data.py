"""A practice for machines that read pages: schema.org's Article as a JSON-LD data block."""

from typing import Any

from members.structured_data import day, known, sample_note
from practices.models import PracticeVersion, Topic


def described(version: PracticeVersion, topics: list[Topic], address: str) -> dict[str, Any]:
    """A published practice in the words of schema.org; what is not known is left out. Empty before publication."""
    if version.state != PracticeVersion.State.PUBLISHED:
        return {}
    practice = version.practice
    place = practice.university
    told = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": version.title,
        "abstract": version.summary,
        "identifier": practice.reference,
        "url": address,
        "version": str(version.number),
        "datePublished": day(practice.first_published_at),
        "dateModified": day(version.judged_at),
        "license": version.licence_url,
        "about": [{"@type": "DefinedTerm", "name": topic.name, "termCode": topic.pk} for topic in topics],
        "author": {"@type": "CollegeOrUniversity", "name": place.name, "url": place.website},
        "creativeWorkStatus": str(version.get_maturity_display()),
        "disambiguatingDescription": sample_note(practice),
    }
    return known(told)
