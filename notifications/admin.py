"""The outbox and the clock in the administration: what was sent, what waits, what was given up and why."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from import_export.resources import ModelResource
from unfold.contrib.filters.admin import RangeDateFilter

from members.admin.base import ReadOnlyAdmin, previewed
from notifications import actions
from notifications.models import CalendarAddress, Delivery, JobRun, SavedSearch


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """Whom, about what and how it went; the text is between the portal and the recipient."""

    list_display = ["what", "to", "state", "attempts", "due_at", "sent_at", "last_error"]
    list_filter = ["state", "notice__topic", ("due_at", RangeDateFilter)]
    list_select_related = ["notice__recipient", "letter"]
    search_fields = ["notice__recipient__email", "letter__address", "notice__subject", "letter__subject", "last_error"]
    fields = ["what", "to", "state", "attempts", "due_at", "claimed_at", "sent_at", "last_error"]
    readonly_fields = ["what", "to"]
    actions = ["retry_chosen"]
    ordering = ["-due_at", "-pk"]

    @admin.display(description=_("subject"))
    def what(self, delivery: Delivery) -> str:
        return delivery.content.subject

    @admin.display(description=_("to"))
    def to(self, delivery: Delivery) -> str:
        return delivery.address

    def has_export_permission(self, request: HttpRequest) -> bool:
        return False

    @previewed(
        title=_("Try again"),
        consequence=_("Those that were given up are sent again, from the first attempt."),
        button=_("Try them again"),
    )
    def retry_chosen(self, request: HttpRequest, row: Delivery) -> None:
        actions.retry(delivery=row, by=request.user, now=timezone.now())


class CalendarAddressResource(ModelResource):
    class Meta:
        model = CalendarAddress
        exclude = ("key",)


@admin.register(CalendarAddress)
class CalendarAddressAdmin(ReadOnlyAdmin):
    """Whose dates calendar programs read; the addresses themselves are their owners'."""

    resource_classes = [CalendarAddressResource]
    list_display = fields = ["user", "made_at", "last_read_at"]
    list_filter = [("last_read_at", RangeDateFilter)]
    list_select_related = ["user"]
    search_fields = ["user__email", "user__given_name", "user__family_name"]


@admin.register(JobRun)
class JobRunAdmin(ReadOnlyAdmin):
    list_display = ["name", "started_at", "ended_at", "is_good", "result"]
    list_filter = ["is_good", "name", ("started_at", RangeDateFilter)]
    search_fields = ["name", "result"]

    def has_export_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class SavedSearchResource(ModelResource):
    class Meta:
        model = SavedSearch
        exclude = ("seen",)


@admin.register(SavedSearch)
class SavedSearchAdmin(ReadOnlyAdmin):
    """How lists are watched; what a search found is its owner's."""

    resource_classes = [SavedSearchResource]
    list_display = ["name", "user", "catalogue", "rhythm", "university", "looked_at", "told", "told_at"]
    list_filter = ["catalogue", "rhythm", "university"]
    list_select_related = ["user", "university"]
    search_fields = ["name", "user__email"]
    exclude = ["seen"]
