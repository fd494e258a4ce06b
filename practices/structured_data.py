"""A practice for machines that read pages: schema.org's Article as a JSON-LD data block.

The strict policy of the portal stays as it is: a script element whose type is not a script is data and never runs.
"""

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from practices.models import PracticeVersion, Topic

# So that no text in the data can end the element it stands in.
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


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
    return {name: value for name, value in told.items() if value not in (None, "", [])}


def data_block(told: dict[str, Any]) -> SafeString:
    """The data as the text of a script element; empty for nothing."""
    return mark_safe(json.dumps(told, ensure_ascii=False).translate(ESCAPES)) if told else mark_safe("")
