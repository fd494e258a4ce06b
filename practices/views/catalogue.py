"""Practices as everybody sees them."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from members.lists import show_list
from members.structured_data import data_block
from practices import showing
from practices.filters import PracticeFilter, catalogue
from practices.structured_data import described
from practices.views.finding import practices_seen_by


@login_not_required
def practice_list(request: HttpRequest) -> HttpResponse:
    extra = {
        "writes": request.user.has_perm("practices.add_practice"),
        "curates": request.user.has_perm("practices.curate_practice"),
    }
    found = PracticeFilter(request.GET, queryset=catalogue(), request=request)
    template = "practices/practice_list.html"
    return show_list(request, found, template, extra=extra, filename="practices", list_key="practices")


@login_not_required
def practice_detail(request: HttpRequest, reference: str) -> HttpResponse:
    practice = get_object_or_404(practices_seen_by(request), reference=reference)
    address = request.build_absolute_uri(practice.get_absolute_url())
    context = showing.page(practice, request.user, timezone.now(), address)
    context["structured_data"] = data_block(described(context["version"], context["topics"], address))
    return render(request, "practices/practice_detail.html", context)
