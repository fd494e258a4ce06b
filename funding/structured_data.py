"""A call for machines that read pages: schema.org's MonetaryGrant as a JSON-LD data block."""

from typing import Any

from funding.models import Call
from members.structured_data import known, sample_note


def described(call: Call, address: str) -> dict[str, Any]:
    """A published call in the words of schema.org; what is not known is left out. Empty before publication."""
    if call.state != Call.State.PUBLISHED:
        return {}
    told = {
        "@context": "https://schema.org",
        "@type": "MonetaryGrant",
        "name": call.title,
        "description": call.summary,
        "identifier": call.topic,
        "url": address,
        "sameAs": call.official_url,
        "amount": _amount(call),
        "funder": {"@type": "Organization", "name": call.programme.funder},
        "disambiguatingDescription": sample_note(call),
    }
    return known(told)


def _amount(call: Call) -> dict[str, Any]:
    """What one project gets."""
    if not (call.budget_min or call.budget_max):
        return {}
    return known(
        {
            "@type": "MonetaryAmount",
            "currency": "EUR",
            "minValue": call.budget_min,
            "maxValue": call.budget_max,
        }
    )
