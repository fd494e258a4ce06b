"""What can be chosen, whatever room it belongs to; it is curated in that room, and counted here."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from applications.models import Option, OptionRequirement
from members.admin.base import CuratedAdmin, ReadOnlyAdmin


@admin.register(Option)
class OptionAdmin(ReadOnlyAdmin):
    list_display = ["title", "kind", "host", "academic_year", "term", "level", "field", "places", "places_taken"]
    list_filter = ["kind", "term", "level", "academic_year", "host", "is_sample"]
    search_fields = ["title", "slug", "host__short_name", "host__name"]
    list_select_related = ["host", "field"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).with_places_left()

    @admin.display(description=_("taken"), ordering="taken")
    def places_taken(self, row: Option) -> int:
        return row.taken


@admin.register(OptionRequirement)
class OptionRequirementAdmin(CuratedAdmin):
    list_display = ["__str__", "option", "asks", "is_blocking"]
    list_filter = ["asks", "is_blocking", "option__kind"]
    list_select_related = ["option", "field", "home"]
    search_fields = ["option__title", "text"]
    autocomplete_fields = ["option", "field", "home"]
