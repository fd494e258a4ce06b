"""What is new among the practices, as an Atom feed."""

from typing import Any

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from members.feeds import NewestFeed
from practices.models import Practice


class NewPractices(NewestFeed):
    title = _("CLUSTER: new practices")
    subtitle = _("What works at one university and may work at another.")
    link = reverse_lazy("practices:practice_list")
    when = "first_published_at"  # a new version moves nothing in the feed; it is dated anew below

    def newest(self) -> Any:
        return Practice.objects.published().select_related("live", "university").order_by("-first_published_at", "pk")

    def item_title(self, item: Practice) -> str:
        return item.live.title

    def item_description(self, item: Practice) -> str:
        return f"{item.university}. {item.live.summary}".strip()

    def item_updateddate(self, item: Practice) -> Any:
        return item.published_at
