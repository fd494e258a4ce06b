"""What is new among the calls, as an Atom feed."""

from typing import Any

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from funding.models import Call
from members.feeds import NewestFeed


class NewCalls(NewestFeed):
    """The last published first; a call that changed in something that matters is dated by that change."""

    title = _("CLUSTER: new funding calls")
    subtitle = _("Calls that universities of the consortium can answer together.")
    link = reverse_lazy("funding:call_list")

    def newest(self) -> Any:
        return Call.objects.published().select_related("programme").order_by("-published_at", "pk")

    def item_updateddate(self, item: Call) -> Any:
        return item.news_at
