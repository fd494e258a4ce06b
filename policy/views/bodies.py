"""The bodies of the consortium: the list, and one with who sits in it on a day."""

from datetime import date

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from members.lists import show_list
from policy import sitting
from policy.filters import BodyFilter
from policy.models import Body


@login_not_required
def body_list(request: HttpRequest) -> HttpResponse:
    day = timezone.localdate()
    rows = Body.objects.with_rank(day).with_seats(day)
    found = BodyFilter(request.GET, rows, request=request)
    return show_list(request, found, "policy/body_list.html", filename="bodies")


@login_not_required
def body_detail(request: HttpRequest, slug: str) -> HttpResponse:
    body = get_object_or_404(Body, slug=slug)
    today = timezone.localdate()
    return render(
        request,
        "policy/body_detail.html",
        sitting.page(body, request.user, _asked_day(request) or today, timezone.now()),
    )


def _asked_day(request: HttpRequest) -> date | None:
    """The day in the address, when it is one."""
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return None
