"""What changed, who did it, when: for those who keep the page."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from members.history import entries_of, events_of
from members.views.edit import university_to_edit

PER_PAGE = 40


def university_history(request: HttpRequest, slug: str) -> HttpResponse:
    university = university_to_edit(request, slug)
    page = Paginator(events_of(university), PER_PAGE).get_page(request.GET.get("page"))
    context = {"university": university, "page_obj": page, "entries": entries_of(list(page)), "querystring": ""}
    return render(request, "members/university_history.html", context)
