"""What this room holds of a person: the spreadsheets of places they brought in."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from exchange.models import PlacementImport
from members.personal_data import Holding, register_personal_data, told


def import_rows(user: Any) -> list[dict[str, Any]]:
    return told(
        PlacementImport.objects.filter(uploaded_by=user), university="university__name", file="file_name",
        read_at="read_at", applied_at="applied_at", created="created", changed="changed", skipped="skipped",
    )  # fmt: skip


def register() -> None:
    register_personal_data(
        Holding(
            key="spreadsheets", title=_("Spreadsheets of places you brought in"), rows=import_rows,
            purpose=_("Say where a university's places came from."),
            afterwards=_("They belong to the university and stay without your name."),
            count=lambda user: PlacementImport.objects.filter(uploaded_by=user).count(),
        ),
    )  # fmt: skip
