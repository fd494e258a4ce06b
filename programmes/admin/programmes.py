"""Programmes and everything that belongs to them, curated by the secretariat."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeDateFilter, RangeDateTimeFilter

from members.acts import Refused
from members.admin.base import CuratedAdmin, CuratedImportAdmin, ReadOnlyAdmin, RowsInline, previewed
from programmes import actions
from programmes.actions.editing import follow_rows
from programmes.admin.resources import IntakeResource, ProgrammeResource
from programmes.models import (
    Intake,
    Pathway,
    PathwaySemester,
    Programme,
    ProgrammeLanguage,
    ProgrammePartner,
    ProgrammeRequirement,
    ProgrammeTag,
    Revision,
    Seats,
    YearlyDate,
)


class PartnerInline(RowsInline):
    model = ProgrammePartner
    autocomplete_fields = ["university"]


class LanguageInline(RowsInline):
    model = ProgrammeLanguage


class TagInline(RowsInline):
    model = ProgrammeTag
    autocomplete_fields = ["tag"]


class RequirementInline(RowsInline):
    model = ProgrammeRequirement
    autocomplete_fields = ["field", "home", "asked_by"]


class DateInline(RowsInline):
    model = YearlyDate
    autocomplete_fields = ["university"]


@admin.register(Programme)
class ProgrammeAdmin(CuratedImportAdmin):
    resource_classes = [ProgrammeResource]
    list_display = ["title", "partner_line", "level", "kind", "field", "state", "listing", "is_sample"]
    list_filter = [
        "state", "level", "kind", "framework", "listing", "is_sample", "tuition", "tags", "partners__university",
        ("published_at", RangeDateFilter),
    ]  # fmt: skip
    search_fields = ["title", "slug", "summary", "partners__university__short_name", "partners__university__name"]
    autocomplete_fields = ["field"]
    readonly_fields = ["state", "published_at", "version"]
    inlines = [PartnerInline, LanguageInline, TagInline, RequirementInline, DateInline]
    actions = ["publish_waiting", "archive_chosen", "restore_chosen"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("field").prefetch_related("partners__university")

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Applications and history refer to programmes: they are archived, never deleted."""
        return False

    def save_model(self, request: HttpRequest, obj: Programme, form: Any, change: bool) -> None:
        """Who is writing a version beside this row is shown that the row has moved on."""
        obj.version += change
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        follow_rows(programme=Programme.objects.get(pk=form.instance.pk))

    @previewed(
        title=_("Publish the version that waits"),
        consequence=_("What the directors submitted becomes the public page. Compare it on its own page first."),
        button=_("Publish them"),
    )
    def publish_waiting(self, request: HttpRequest, row: Programme) -> None:
        revision = row.revisions.in_review().first()
        if revision is None:
            raise Refused(_now("No version was submitted."))
        # As they stand: the question before it told the secretariat to compare on the page first.
        seen = (revision.version, row.version)
        actions.publish(programme=row, seen=seen, by=request.user, now=timezone.now())

    @previewed(
        title=_("Archive"),
        consequence=_("They leave the catalogue; their pages stay. Versions that are being written are dropped."),
        button=_("Archive them"),
    )
    def archive_chosen(self, request: HttpRequest, row: Programme) -> None:
        reason = _now("Archived in the administration")
        actions.archive(programme=row, reason=reason, by=request.user, now=timezone.now())

    @previewed(
        title=_("Bring back from the archive"),
        consequence=_("They are drafts again, to be looked at and published."),
        button=_("Bring them back"),
    )
    def restore_chosen(self, request: HttpRequest, row: Programme) -> None:
        actions.restore(programme=row, by=request.user)


class SemesterInline(RowsInline):
    model = PathwaySemester
    autocomplete_fields = ["university"]


@admin.register(Pathway)
class PathwayAdmin(CuratedAdmin):
    list_display = ["__str__", "programme", "home", "host", "position"]
    list_filter = ["home", "host"]
    list_select_related = ["programme", "home", "host"]
    search_fields = ["programme__title", "home__short_name", "host__short_name", "key"]
    autocomplete_fields = ["programme", "home", "host"]
    inlines = [SemesterInline]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        follow_rows(programme=Programme.objects.get(pk=form.instance.programme_id))

    def has_delete_permission(self, request: HttpRequest, obj: Pathway | None = None) -> bool:
        """A pathway with seats stays: applications hang on it."""
        return super().has_delete_permission(request, obj) and not (obj and obj.seats.exists())


@admin.register(Intake)
class IntakeAdmin(CuratedImportAdmin):
    resource_classes = [IntakeResource]
    list_display = ["__str__", "programme", "opens_at", "closes_at", "time_zone", "round", "is_sample"]
    list_filter = ["academic_year", "term", ("closes_at", RangeDateTimeFilter), "is_sample"]
    list_select_related = ["programme", "home", "round"]
    search_fields = ["programme__title", "programme__slug", "note"]
    autocomplete_fields = ["programme", "home"]
    readonly_fields = ["round", "version"]

    def save_model(self, request: HttpRequest, obj: Intake, form: Any, change: bool) -> None:
        obj.key = obj.key or obj.own_key()
        obj.version += change
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Intake | None = None) -> bool:
        """An intake with a round is history."""
        return super().has_delete_permission(request, obj) and not (obj and obj.round_id)


@admin.register(Seats)
class SeatsAdmin(ReadOnlyAdmin):
    """Seats are changed on the page of their intake, where places that are given are counted."""

    list_display = ["title", "intake", "places", "host", "is_sample"]
    list_filter = ["academic_year", "term", "host", "is_sample"]
    list_select_related = ["intake__home", "host"]
    search_fields = ["title"]


@admin.register(Revision)
class RevisionAdmin(ReadOnlyAdmin):
    """What was proposed, by whom, and what the secretariat answered."""

    list_display = ["programme", "state", "state_since", "begun_by", "judged_by", "comment"]
    list_filter = ["state", ("state_since", RangeDateTimeFilter)]
    list_select_related = ["programme", "begun_by", "judged_by"]
    search_fields = ["programme__title", "comment"]
