"""Rounds as everybody sees them: the list, the page of one, its closing for a calendar."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from applications import round_calendar, round_page
from applications.filters.rounds import RoundFilter, rounds_for
from applications.models import Round
from applications.permissions import opens_rounds
from members.lists import show_list


@login_not_required
def round_list(request: HttpRequest) -> HttpResponse:
    found = RoundFilter(request.GET, rounds_for(request.user), request=request)
    extra = {"opens": opens_rounds(request.user), "now": timezone.now()}  # an administrator has no desk to open one at
    return show_list(request, found, "applications/round_list.html", extra=extra, filename="rounds")


@login_not_required
def round_detail(request: HttpRequest, slug: str) -> HttpResponse:
    round = get_object_or_404(Round.objects.visible_to(request.user).select_related("university"), slug=slug)
    context = round_page.page(round, request.user, request.GET.get("page"), timezone.now())
    return render(request, "applications/round_detail.html", context)


@login_not_required
def round_calendar_file(request: HttpRequest, slug: str) -> HttpResponse:
    round = get_object_or_404(Round.objects.visible_to(request.user), slug=slug)
    address = request.build_absolute_uri(round.get_absolute_url())
    content = round_calendar.closing(round, address, timezone.now())
    headers = {"Content-Disposition": f'attachment; filename="{round.slug}.ics"'}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)
