"""Pages for machines that read them: schema.org as a JSON-LD data block, the university's among them.

The strict policy of the portal stays as it is: a script element whose type is not a script is data and never runs.
"""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from members.models import Identifier, University

# So that no text in the data can end the element it stands in.
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}
SAME_AS = {
    Identifier.Scheme.ROR: "https://ror.org/",
    Identifier.Scheme.WIKIDATA: "https://www.wikidata.org/wiki/",
    Identifier.Scheme.ISNI: "https://isni.org/isni/",
}


def data_block(told: dict[str, Any]) -> SafeString:
    """The data as the text of a script element; empty for nothing."""
    return mark_safe(json.dumps(told, ensure_ascii=False).translate(ESCAPES)) if told else mark_safe("")


def known(told: dict[str, Any]) -> dict[str, Any]:
    """Without what is not known."""
    return {name: value for name, value in told.items() if value not in (None, "", [], {})}


def day(moment: date | None) -> str:
    """The day of a date or of a moment as ISO 8601 writes it; empty where there is none."""
    return f"{moment:%Y-%m-%d}" if moment else ""


def sample_note(thing: Any) -> str:
    """What machines read instead of the mark that people see on samples."""
    return _("A sample, invented for this demonstration.") if thing.is_sample else ""


def described(university: University, identifiers: Iterable[Identifier], address: str) -> dict[str, Any]:
    """The university in the words of schema.org; `address` is its page here."""
    own = [code for code in identifiers if not code.of_parent]
    place = {"@type": "PostalAddress", "addressLocality": university.city, "addressCountry": university.country_id}
    return known(
        {
            "@context": "https://schema.org",
            "@type": "CollegeOrUniversity",
            "name": university.name,
            "alternateName": [name for name in (university.short_name, university.official_name) if name],
            "description": university.summary,
            "url": university.website or address,
            "mainEntityOfPage": address,
            "foundingDate": str(university.founded) if university.founded else "",
            "address": place,
            "geo": _geo(university),
            "sameAs": [f"{SAME_AS[code.scheme]}{_tail(code.value)}" for code in own if code.scheme in SAME_AS],
        }
    )


def _tail(value: str) -> str:
    """The code alone, however it is stored."""
    return value.rpartition("/")[2].replace(" ", "")


def _geo(university: University) -> dict[str, Any]:
    if university.latitude is None:
        return {}
    where = {"latitude": float(university.latitude), "longitude": float(university.longitude)}
    return {"@type": "GeoCoordinates", **where}
