"""Events as everybody sees them."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from members.lists import show_list
from members.structured_data import data_block
from policy import calendars, showing
from policy.filters import EventFilter, events_for
from policy.models import Event, EventSeries
from policy.structured_data import described

JOINED = ("series", "body", "host__country")


@login_not_required
def event_list(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    rows = events_for(request.user, now).with_registrations().with_mine(request.user)
    found = EventFilter(request.GET, rows, request=request)
    extra = {"adds": request.user.has_perm("policy.add_event"), "now": now}
    return show_list(request, found, "policy/event_list.html", extra=extra, filename="events", list_key="events")


@login_not_required
def event_detail(request: HttpRequest, slug: str) -> HttpResponse:
    rows = Event.objects.visible_to(request.user).with_registrations().select_related(*JOINED)
    event = get_object_or_404(rows, slug=slug)
    context = showing.page(event, request.user, timezone.now())
    address = request.build_absolute_uri(event.get_absolute_url())
    context["structured_data"] = data_block(described(event, address))
    return render(request, "policy/event_detail.html", context)


@login_not_required
def event_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    event = get_object_or_404(Event.objects.visible_to(request.user), slug=slug)
    link = event.online_url if showing.may_join_online(event, request.user) else ""
    address = request.build_absolute_uri(event.get_absolute_url())
    content = calendars.file_of(event, address, timezone.now(), online_url=link)
    headers = {"Content-Disposition": f'attachment; filename="{event.slug}.ics"'}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)


@login_not_required
def series_detail(request: HttpRequest, slug: str) -> HttpResponse:
    series = get_object_or_404(EventSeries.objects.select_related("body"), slug=slug)
    now = timezone.now()
    held = Event.objects.visible_to(request.user).shown().filter(series=series).by_distance(now)
    held = held.with_mine(request.user).select_related(*JOINED)
    context = {
        "series": series,
        "coming": list(held.upcoming(now).order_by("starts_at", "pk")[: showing.SERIES_SHOWS]),
        "past": list(held.filter(over=1).order_by("-starts_at", "pk")[: showing.SERIES_SHOWS]),
        "total": held.count(),
        "now": now,
    }
    return render(request, "policy/series_detail.html", context)
