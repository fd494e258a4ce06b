"""How long what is kept, set by the office; and what was thrown away."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from members.admin.base import CuratedAdmin, ReadOnlyAdmin
from members.models import Purge, RetentionPeriod
from members.retention import all_kinds


@admin.register(RetentionPeriod)
class RetentionPeriodAdmin(CuratedAdmin):
    """One row for each kind that the rooms know; the page "What is over its time" shows what a change would do."""

    list_display = ["title", "days", "is_on"]
    list_filter = ["is_on"]
    search_fields = ["kind"]
    fields = ["title", "why", "days", "is_on"]
    readonly_fields = ["title", "why"]

    @admin.display(description=_("what"), ordering="kind")
    def title(self, row: RetentionPeriod) -> Any:
        return next((kind.title for kind in all_kinds() if kind.key == row.kind), row.kind)

    @admin.display(description=_("why so long"))
    def why(self, row: RetentionPeriod) -> Any:
        return next((kind.why for kind in all_kinds() if kind.key == row.kind), "")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Purge)
class PurgeAdmin(ReadOnlyAdmin):
    list_display = ["kind", "rows", "before", "at"]
    list_filter = ["kind"]
    search_fields = ["kind"]
