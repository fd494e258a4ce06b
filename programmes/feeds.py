"""What is new in the catalogue of programmes, as an Atom feed."""

from typing import Any

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from members.feeds import NewestFeed
from programmes.models import Programme


class NewProgrammes(NewestFeed):
    title = _("CLUSTER: new programmes")
    subtitle = _("Dual degrees and doctoral programmes, the last published first.")
    link = reverse_lazy("programmes:programme_list")

    def newest(self) -> Any:
        rows = Programme.objects.in_catalogue().filter(published_at__isnull=False)
        return rows.prefetch_related("partners__university").order_by("-published_at", "pk")

    def item_description(self, item: Programme) -> str:
        return f"{item.partner_line}. {item.summary}".strip()
