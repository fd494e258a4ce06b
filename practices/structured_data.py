"""A practice for machines that read pages: schema.org's Article as a JSON-LD data block."""

from typing import Any

from django.utils.translation import gettext as _

from members.structured_data import known
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
        "datePublished": practice.first_published_at and practice.first_published_at.date().isoformat(),
        "dateModified": version.judged_at.date().isoformat(),
        "license": version.licence_url,
        "about": [{"@type": "DefinedTerm", "name": topic.name, "termCode": topic.pk} for topic in topics],
        "author": {"@type": "CollegeOrUniversity", "name": place.name, "url": place.website},
        "creativeWorkStatus": str(version.get_maturity_display()),
        "disambiguatingDescription": _("A sample, invented for this demonstration.") if practice.is_sample else "",
    }
    return known(told)
