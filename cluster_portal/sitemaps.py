"""What search engines may read: the public pages, room by room, as visitors see them."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.contrib.sitemaps import Sitemap, views
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from applications.models import Round
from exchange.models import Placement
from funding.models import Call
from members.limits import READING, limited
from members.models import University
from policy.models import Event
from practices.models import Practice
from programmes.models import Course, Programme

PAGES = (
    "home", "members:university_list", "programmes:programme_list", "courses:course_list", "exchange:placement_list",
    "applications:round_list", "funding:call_list", "policy:event_list", "practices:practice_list", "calendar:page",
    "about_data", "api:docs",
)  # fmt: skip
CLOSED_TO_ROBOTS = ("/admin/", "/accounts/", "/calendar/mine/", "/dashboard/", "/people/", "/notifications/")


class Pages(Sitemap):
    def items(self) -> tuple[str, ...]:
        return PAGES

    def location(self, item: str) -> str:
        return reverse(item)


class Rows(Sitemap):
    """Rows with `get_absolute_url`, in pieces of five thousand."""

    limit = 5000  # the protocol takes 50,000 in a file (sitemaps.org)

    def __init__(self, find: Any) -> None:
        self.find = find

    def items(self) -> Any:
        return self.find(AnonymousUser(), timezone.now()).order_by("pk")


SITEMAPS = {
    "pages": Pages(),
    "universities": Rows(lambda user, now: University.objects.visible_to(user)),
    "programmes": Rows(lambda user, now: Programme.objects.in_catalogue()),
    "courses": Rows(lambda user, now: Course.objects.visible_to(user).taught_on(timezone.localdate(now))),
    "placements": Rows(lambda user, now: Placement.objects.published().of_coming_terms(timezone.localdate(now))),
    "rounds": Rows(lambda user, now: Round.objects.visible_to(user)),
    "calls": Rows(lambda user, now: Call.objects.visible_to(user)),
    "events": Rows(lambda user, now: Event.objects.visible_to(user)),
    "practices": Rows(lambda user, now: Practice.objects.published()),
}


# A piece is five thousand rows: nobody but a search engine reads it, and none reads it often.
_seldom = limited("sitemap", "60/m", READING)
sitemap_index = login_not_required(_seldom(views.index))
sitemap_part = login_not_required(_seldom(views.sitemap))


def robots(request: HttpRequest) -> HttpResponse:
    """What is of use to nobody who searches, and where the sitemap is."""
    closed = [f"Disallow: {path}" for path in (*CLOSED_TO_ROBOTS, "/*export=", "/*sort=")]
    sitemap = request.build_absolute_uri(reverse("sitemap"))
    lines = ["User-agent: *", *closed, "", f"Sitemap: {sitemap}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
