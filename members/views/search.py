"""The one search box over everything the person may see."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from members.limits import limited
from members.searching.finding import Search
from members.searching.page import result_of, search_page, ways_of
from members.searching.typed import Typed

WAYS_SUGGESTED = 2  # of a list of ten


@login_not_required
@require_safe
@limited("search", "120/m", methods=("GET",))
def search(request: HttpRequest) -> HttpResponse:
    """Everybody searches what they may see."""
    looking = Search(Typed.read(request.GET.get("q", "")), request.user, request.GET.getlist("kind"))
    part = "#results" if request.htmx and not request.htmx.boosted else ""
    context = search_page(looking, request.GET)
    if not looking.kinds and context["page_obj"].number == 1:
        context["ways"] = ways_of(looking.typed, request.user)
    response = render(request, f"search/search.html{part}", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@login_not_required
@require_safe
@limited("suggest", "600/m", methods=("GET",))
def search_suggest(request: HttpRequest) -> HttpResponse:
    """The list under the box: a part of a page. Every kind of thing the person may see, and nothing else."""
    looking = Search(Typed.read(request.GET.get("q", "")), request.user)
    found: list[dict[str, Any]] = [result_of(entry, looking.found.used.terms) for entry in looking.suggestions()]
    found = [*ways_of(looking.typed, request.user)[:WAYS_SUGGESTED], *found]
    return render(request, "search/_suggestions.html", {"results": found, "typed": looking.typed.text})
