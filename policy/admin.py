"""Bodies and events in the administration: search, filters, history, import and export, acts with a preview."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from import_export.fields import Field as Cell
from import_export.resources import ModelResource

from members.admin.base import CuratedAdmin, CuratedImportAdmin, ReadOnlyAdmin, RowsInline, previewed
from members.admin.resources import CheckedResource, by_code
from members.models import University
from policy import actions
from policy.models import (
    Body,
    BodyMembership,
    Event,
    EventInvitation,
    EventQuestion,
    EventSeries,
    Material,
    ProgrammeItem,
    Registration,
)


class SeatInline(RowsInline):
    model = BodyMembership
    autocomplete_fields = ["person", "university"]


class BodyResource(CheckedResource):
    class Meta(CheckedResource.Meta):
        model = Body
        import_id_fields = ("slug",)
        fields = ("slug", "name", "short_name", "kind", "purpose", "starts_on", "ends_on", "note")


@admin.register(Body)
class BodyAdmin(CuratedImportAdmin):
    resource_classes = [BodyResource]
    list_display = ["name", "short_name", "kind", "starts_on", "ends_on", "seats", "is_sample"]
    list_filter = ["kind", "is_sample"]
    search_fields = ["name", "short_name", "purpose"]
    readonly_fields = ["version"]
    inlines = [SeatInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).with_seats(timezone.localdate())

    @admin.display(description=_("seats today"), ordering="seats")
    def seats(self, row: Body) -> int:
        return row.seats

    def save_model(self, request: HttpRequest, obj: Body, form: Any, change: bool) -> None:
        """Whoever edits the seats on the body's own page is shown that it has moved on."""
        # Also where only a seat changed: the base class counts up by the fields of the body alone.
        obj.version += change
        super().save_model(request, obj, form, change)


class SeatResource(CheckedResource):
    body = by_code("body", Body, "slug")
    university = by_code("university", University, "slug")

    class Meta(CheckedResource.Meta):
        model = BodyMembership
        import_id_fields = ("body", "university", "role", "starts_on")
        fields = ("body", "university", "role", "starts_on", "ends_on", "note")


@admin.register(BodyMembership)
class BodyMembershipAdmin(CuratedImportAdmin):
    resource_classes = [SeatResource]
    list_display = ["body", "role", "person", "university", "starts_on", "ends_on"]
    list_filter = ["role", "body"]
    list_select_related = ["body", "person", "university"]
    search_fields = ["body__name", "person__family_name", "person__email", "university__short_name"]
    autocomplete_fields = ["body", "person", "university"]


class SeriesResource(CheckedResource):
    body = by_code("body", Body, "slug")

    class Meta(CheckedResource.Meta):
        model = EventSeries
        import_id_fields = ("slug",)
        fields = ("slug", "name", "for_whom", "rhythm", "description", "body")


@admin.register(EventSeries)
class EventSeriesAdmin(CuratedImportAdmin):
    resource_classes = [SeriesResource]
    list_display = ["name", "for_whom", "rhythm", "body", "is_sample"]
    list_filter = ["body", "is_sample"]
    list_select_related = ["body"]
    search_fields = ["name", "for_whom", "description"]
    autocomplete_fields = ["body"]


class ProgrammeInline(RowsInline):
    model = ProgrammeItem


class QuestionInline(RowsInline):
    model = EventQuestion


class EventResource(CheckedResource):
    """Events by their address; a new one comes in as a draft, the state is never imported."""

    series = by_code("series", EventSeries, "slug")
    body = by_code("body", Body, "slug")
    host = by_code("host", University, "slug")
    state = Cell("state", "state", readonly=True)

    class Meta(CheckedResource.Meta):
        model = Event
        import_id_fields = ("slug",)
        fields = (
            "slug", "title", "summary", "series", "body", "host", "place", "venue", "is_online", "time_zone",
            "starts_at", "ends_at", "audience", "takes_registrations", "registration_opens_at",
            "registration_closes_at", "quota", "needs_approval", "contact_name", "contact_email", "state",
        )  # fmt: skip

    def import_instance(self, instance: Event, row: Any, **options: Any) -> None:
        super().import_instance(instance, row, **options)
        instance.state_since = instance.state_since or timezone.now()
        if not instance.slug and instance.title and instance.starts_at:
            instance.slug = instance.free_slug()


class EventAdminForm(forms.ModelForm):
    """Says at the field what the trigger on events would refuse without a word."""

    def clean_quota(self) -> int | None:
        quota = self.cleaned_data["quota"]
        taken = Registration.objects.holding_a_place().filter(event=self.instance.pk).count() if quota else 0
        if quota and quota < taken:
            raise ValidationError(
                ngettext("%(n)d person comes; offer at least that.", "%(n)d people come; offer at least those.", taken),
                params={"n": taken},
            )
        return quota


@admin.register(Event)
class EventAdmin(CuratedImportAdmin):
    form = EventAdminForm
    resource_classes = [EventResource]
    list_display = ["title", "series", "starts_at", "place", "host", "audience", "quota", "comes", "state", "is_sample"]
    list_filter = ["state", "audience", "series", "body", "is_sample", "takes_registrations"]
    list_select_related = ["series", "host"]
    search_fields = ["title", "slug", "summary", "place"]
    date_hierarchy = "starts_at"
    autocomplete_fields = ["series", "body", "host"]
    readonly_fields = ["slug", "state", "state_since", "cancelled_because", "source", "version"]
    inlines = [ProgrammeInline, QuestionInline]
    actions = ["publish_chosen", "archive_chosen"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).with_registrations()

    @admin.display(description=_("people who come"), ordering="taken")
    def comes(self, row: Event) -> int:
        return row.taken

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """People refer to events: they are archived, never deleted."""
        return False

    def save_model(self, request: HttpRequest, obj: Event, form: Any, change: bool) -> None:
        """A new event is a draft; more places let the waiting list move up here too."""
        obj.state_since = obj.state_since or timezone.now()
        obj.version += change
        super().save_model(request, obj, form, change)
        # The act does it on the public page; here the row is saved without it.
        actions.fill_free_places(event=obj, now=timezone.now())

    @previewed(
        title=_("Publish"),
        consequence=_("They stand in the calendar at once, for their audience, and registration opens."),
        button=_("Publish them"),
    )
    def publish_chosen(self, request: HttpRequest, row: Event) -> None:
        actions.publish_event(event=row, by=request.user, now=timezone.now())

    @previewed(
        title=_("Archive"),
        consequence=_("They leave the calendar; registrations and materials stay."),
        button=_("Archive them"),
    )
    def archive_chosen(self, request: HttpRequest, row: Event) -> None:
        actions.archive_event(event=row, by=request.user, now=timezone.now())


@admin.register(EventInvitation)
class EventInvitationAdmin(ReadOnlyAdmin):
    list_display = ["event", "role", "university", "seat", "state", "answered_by", "delegate"]
    list_filter = ["state", "role", "university"]
    list_select_related = ["event", "university", "seat__person", "seat__university", "answered_by", "delegate"]
    search_fields = ["event__title", "university__short_name", "delegate__email"]


class RegistrationResource(ModelResource):
    class Meta:
        model = Registration
        exclude = ("answers",)


@admin.register(Registration)
class RegistrationAdmin(ReadOnlyAdmin):
    """Answers are for the organisers of the event; here one sees that somebody comes, not what they eat."""

    resource_classes = [RegistrationResource]
    list_display = ["event", "person", "university", "state", "line", "asked_at"]
    list_filter = ["state", "university"]
    list_select_related = ["event", "person", "university"]
    search_fields = ["event__title", "person__email", "person__family_name"]
    exclude = ["answers"]


@admin.register(Material)
class MaterialAdmin(CuratedAdmin):
    list_display = ["title", "event", "audience", "name", "size", "uploaded_by", "uploaded_at"]
    list_filter = ["audience", "content_type"]
    list_select_related = ["event", "uploaded_by"]
    search_fields = ["title", "event__title", "name"]
    readonly_fields = ["event", "file", "name", "content_type", "size", "sha256", "uploaded_by"]

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Files come in on the event's own page, where they are looked into."""
        return False

    def delete_model(self, request: HttpRequest, obj: Material) -> None:
        """By the act, which takes the stored file away too."""
        actions.remove_material(material=obj, by=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        for material in queryset.select_related("event__host"):
            actions.remove_material(material=material, by=request.user)
