"""What the page of search shows, as plain values."""

from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models.search import SearchEntry
from members.searching.finding import Search
from members.searching.kinds import registered
from members.searching.marking import marked
from members.searching.typed import Typed
from members.searching.ways import ways_to

EXAMPLES = ("Stockholm", "robotics", "dual doctorate", "S STOCKHO04")


def search_page(looking: Search, params: QueryDict) -> dict[str, Any]:
    """The context of `search/search.html`; narrowing and paging keep what was typed."""
    found, shown = looking.found, looking.page(params.get("page"))
    # Who narrows begins at the first page again: fewer finds may have no third one.
    params = _with(params, page=[])
    facets = _facets(looking)
    return {
        "search": looking.typed.text,
        "found": found,
        "page_obj": shown,
        "results": [result_of(entry, found.used.terms) for entry in shown],
        "total": looking.total,
        "all_total": found.total,
        "facets": facets,
        "chips": _chips(facets, params),
        "clear_url": f"?{_with(params, kind=[]).urlencode()}",
        "querystring": params.urlencode(),
        "examples": EXAMPLES,
    }


def result_of(entry: SearchEntry, terms: tuple[str, ...]) -> dict[str, Any]:
    """One row: where it leads, of which kind it is, its lines with what was looked for marked."""
    kind = entry.of_kind
    return {
        "url": kind.address(entry.key),
        "kind": kind.one,
        "room": kind.room,
        "title": marked(entry.title, terms),
        "subtitle": marked(entry.subtitle, terms),
        "summary": marked(entry.summary, terms),
    }


def ways_of(typed: Typed, user: Any) -> list[dict[str, Any]]:
    """The pages of the portal that are called so, as rows beside what was found."""
    return [
        {
            "url": way.url,
            "kind": _("Page"),
            "room": "",
            "title": marked(way.title, typed.terms),
            "subtitle": marked(way.detail, typed.terms),
        }
        for way in ways_to(typed, user, timezone.now())
    ]


def _facets(looking: Search) -> list[dict[str, Any]]:
    """The kinds that hold something for this search, in their order; a chosen one stays."""
    options = [
        {
            "value": kind.key,
            "label": kind.label,
            "count": looking.found.counts.get(kind.key, 0),
            "selected": kind.key in looking.kinds,
        }
        for kind in registered()
        if kind.key in looking.kinds or looking.found.counts.get(kind.key)
    ]
    return [{"name": "kind", "label": _("What it is"), "options": options, "more": []}] if options else []


def _chips(facets: list[dict[str, Any]], params: QueryDict) -> list[dict[str, Any]]:
    chosen = [option for facet in facets for option in facet["options"] if option["selected"]]
    keys = [option["value"] for option in chosen]
    return [
        {
            "label": _("What it is"),
            "value": option["label"],
            "remove_url": f"?{_with(params, kind=[key for key in keys if key != option['value']]).urlencode()}",
        }
        for option in chosen
    ]


def _with(params: QueryDict, **changes: list[str]) -> QueryDict:
    changed = params.copy()
    for name, values in changes.items():
        changed.setlist(name, values)
    return changed
