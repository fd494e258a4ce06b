"""What of this room has an end: the rows of spreadsheets that were brought in."""

from django.utils.translation import gettext_lazy as _

from exchange.models import PlacementImport
from members.retention import Kept, register_retention


def register() -> None:
    register_retention(
        Kept(
            key="exchange.spreadsheets", title=_("Spreadsheets of places that were read"), days=365, at_least=30,
            why=_("The places themselves stay; the sheet only says where they came from."),
            over=lambda before: PlacementImport.objects.filter(read_at__lt=before),
        ),
    )  # fmt: skip
