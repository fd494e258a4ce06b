"""What changed, who did it, when: for those who keep the page."""

from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from members.history import entries_of, events_of
from members.views.edit import university_to_edit

PER_PAGE = 40


def university_history(request: HttpRequest, slug: str) -> HttpResponse:
    university = university_to_edit(request, slug)
    page = Paginator(events_of(university), PER_PAGE).get_page(request.GET.get("page"))
    # Deadlines are the host's, so they are written on its clock; when somebody changed them is told on the reader's.
    with timezone.override(ZoneInfo(university.time_zone)):
        entries = entries_of(list(page))
    context = {"university": university, "page_obj": page, "entries": entries, "querystring": ""}
    return render(request, "members/university_history.html", context)
