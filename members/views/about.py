"""Where the reference data comes from, under which licence, and what is invented."""

from functools import cache
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from members import reference_data

KINDS = {
    "register": _("Registers"),
    "vocabulary": _("Vocabularies"),
    "pages": _("Pages read"),
    "map": _("Maps"),
    "samples": _("Invented for this demonstration"),
}


@cache
def sources_by_kind() -> list[dict[str, Any]]:
    """The credits file, each source with its licence, in the order of KINDS; read once per process."""
    credited = reference_data.read(reference_data.DATA / "credits.json")
    licences = {licence["code"]: licence for licence in credited["licences"]}
    sources = [
        source | {"licence": licences[source["licence"]], "day": reference_data.first_day(source["as_of"])}
        for source in credited["items"]
    ]
    groups = [{"label": label, "sources": [s for s in sources if s["kind"] == kind]} for kind, label in KINDS.items()]
    return [group for group in groups if group["sources"]]


@login_not_required
def about_data(request: HttpRequest) -> HttpResponse:
    return render(request, "members/about_data.html", {"groups": sources_by_kind()})
