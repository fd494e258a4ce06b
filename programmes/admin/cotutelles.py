"""Cotutelles as far as the administration may see them: that they are there, between whom, and where they stand.

Nothing here names a candidate or shows what one wrote; the files are read by the candidate, the supervisors and the
two universities alone.
"""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeDateTimeFilter

from applications.admin.files import MetadataAdmin
from programmes.models import Cotutelle, CotutelleFile


@admin.register(Cotutelle)
class CotutelleAdmin(MetadataAdmin):
    list_display = ["reference", "state", "home", "partner", "programme", "field", "state_since", "is_sample"]
    list_filter = ["state", "home", "partner", ("state_since", RangeDateTimeFilter), "is_sample"]
    search_fields = ["reference", "home__short_name", "partner__short_name", "programme__title"]
    list_select_related = ["home", "partner", "programme", "field"]


@admin.register(CotutelleFile)
class CotutelleFileAdmin(MetadataAdmin):
    """The file's own name is the person's; kind, size and digest say whether it came in whole."""

    list_display = ["reference", "kind", "number", "size", "sha256", "uploaded_at"]
    list_filter = ["kind"]
    search_fields = ["cotutelle__reference", "sha256"]
    list_select_related = ["cotutelle"]

    @admin.display(description=_("cotutelle"), ordering="cotutelle__reference")
    def reference(self, row: Any) -> str:
        return row.cotutelle.reference
