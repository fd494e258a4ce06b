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
from exchange.permissions import sits_in_the_hosts_office
from exchange.structured_data import described
from members.lists import show_list
from members.structured_data import data_block


@login_not_required
def placement_list(request: HttpRequest) -> HttpResponse:
    found = find_placements(request, timezone.now())
    extra = {"keeps": sits_in_the_hosts_office(request.user)}  # an administrator may do all, but acts for no host
    template = "exchange/placement_list.html"
    return show_list(request, found, template, extra=extra, filename="exchange-places", list_key="placements")


@login_not_required
def placement_detail(request: HttpRequest, slug: str) -> HttpResponse:
    rows = Placement.objects.visible_to(request.user).select_related("host__country", "field", "unit", "contact")
    placement = get_object_or_404(rows, slug=slug)
    context = showing.page(placement, request.user, timezone.now())
    address = request.build_absolute_uri(placement.get_absolute_url())
    told = described(placement, context["requirements"], context["rounds"], address)
    context["structured_data"] = data_block(told)
    return render(request, "exchange/placement_detail.html", context)


@login_not_required
def round_list(request: HttpRequest) -> HttpResponse:
    """The list of rounds, with exchange ticked."""
    from applications.views.rounds import round_list as all_rounds

    wanted: Any = request.GET.copy()
    wanted.setdefault("kind", Kind.EXCHANGE)
    request.GET = wanted
    return all_rounds(request)
