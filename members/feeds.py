"""Atom feeds of what is new: the newest rows that everybody may see."""

from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.feedgenerator import Atom1Feed

from members.limits import FEEDS, READING, limited
from members.rest import caching

NEWEST = 30
KEPT = 900  # seconds


class NewestFeed(Feed):
    """A room says title, link and `newest()`: rows with `get_absolute_url`, the newest first."""

    feed_type = Atom1Feed
    login_required = False  # read by LoginRequiredMiddleware: feed readers have no session
    when = "published_at"

    @method_decorator(limited("feeds", FEEDS, READING))
    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().__call__(request, *args, **kwargs)
        response["Cache-Control"] = f"public, max-age={KEPT}"
        return caching.revalidated(request, response)

    def newest(self) -> Any:
        raise NotImplementedError

    def items(self) -> list[Any]:
        return list(self.newest()[:NEWEST])

    def item_title(self, item: Any) -> str:
        return str(item)

    def item_description(self, item: Any) -> str:
        return item.summary

    def item_pubdate(self, item: Any) -> Any:
        return getattr(item, self.when)

    def item_updateddate(self, item: Any) -> Any:
        return getattr(item, self.when)
