"""What of this room has an end: the rows of spreadsheets that were brought in."""

from django.utils.translation import gettext_lazy as _

from members.retention import Kept, register_retention
from programmes.models import CourseImport


def register() -> None:
    register_retention(
        Kept(
            key="programmes.spreadsheets", title=_("Spreadsheets of courses that were read"), days=365, at_least=30,
            why=_("The courses themselves stay; the sheet only says where they came from."),
            over=lambda before: CourseImport.objects.filter(read_at__lt=before),
        ),
    )  # fmt: skip
