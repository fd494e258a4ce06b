"""The search entries and the vocabulary in the administration: to be looked at; triggers write them."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import RangeNumericFilter

from members.admin.base import ReadOnlyAdmin
from members.models import SearchEntry, SearchWord
from members.searching.finding import seen_by


@admin.register(SearchEntry)
class SearchEntryAdmin(ReadOnlyAdmin):
    """Only entries of what the person may see in the portal: no student's file shows up here either."""

    list_display = ["title", "kind", "subtitle", "updated_at"]
    list_filter = ["kind"]
    search_fields = ["title", "subtitle"]
    exclude = ["vector"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).filter(pk__in=seen_by(request.user).values("pk"))


@admin.register(SearchWord)
class SearchWordAdmin(ReadOnlyAdmin):
    list_display = ["word", "entries"]
    list_filter = [("entries", RangeNumericFilter)]
    search_fields = ["word"]
