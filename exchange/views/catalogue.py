"""Exchange places as everybody sees them."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from applications.models import Kind
from exchange import showing
from exchange.announcing import find_placements
from exchange.models import Placement
from members.lists import show_list


@login_not_required
def placement_list(request: HttpRequest) -> HttpResponse:
    found = find_placements(request, timezone.now())
    extra = {"keeps": request.user.has_perm("exchange.add_placement")}
    template = "exchange/placement_list.html"
    return show_list(request, found, template, extra=extra, filename="exchange-places", list_key="placements")


@login_not_required
def placement_detail(request: HttpRequest, slug: str) -> HttpResponse:
    rows = Placement.objects.visible_to(request.user).select_related("host__country", "field", "unit", "contact")
    placement = get_object_or_404(rows, slug=slug)
    return render(request, "exchange/placement_detail.html", showing.page(placement, request.user, timezone.now()))


@login_not_required
def round_list(request: HttpRequest) -> HttpResponse:
    """The list of rounds, with exchange ticked."""
    from applications.views.rounds import round_list as all_rounds

    wanted: Any = request.GET.copy()
    wanted.setdefault("kind", Kind.EXCHANGE)
    request.GET = wanted
    return all_rounds(request)
