"""Rounds with what they ask, how they score and what their letters say."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from import_export.fields import Field as Cell
from unfold.contrib.filters.admin import RangeDateTimeFilter

from applications.models import Criterion, DocumentRequirement, LetterTemplate, Round, RoundRequirement
from members.admin.base import CuratedAdmin, CuratedImportAdmin, RowsInline
from members.admin.resources import CheckedResource, OfUniversityResource, by_code


class RequirementInline(RowsInline):
    model = RoundRequirement
    autocomplete_fields = ["field", "home"]


class DocumentInline(RowsInline):
    model = DocumentRequirement


class CriterionInline(RowsInline):
    model = Criterion


class LetterInline(RowsInline):
    model = LetterTemplate


class RoundResource(OfUniversityResource):
    """Rounds by their slug; a new one comes in as a draft, the state is never imported."""

    state = Cell("state", "state", readonly=True)

    class Meta(CheckedResource.Meta):
        model = Round
        import_id_fields = ("slug",)
        fields = (
            "slug", "kind", "university", "title", "introduction", "academic_year", "term", "opens_at", "closes_at",
            "time_zone", "max_choices", "answer_days", "appeal_days", "appeal_answer_days", "motivation_words",
            "for_own_students", "state",
        )  # fmt: skip


@admin.register(Round)
class RoundAdmin(CuratedImportAdmin):
    resource_classes = [RoundResource]
    list_display = [
        "title", "university", "kind", "term", "academic_year", "state", "opens_at", "closes_at", "applied",
        "is_sample",
    ]  # fmt: skip
    list_filter = [
        "state",
        "kind",
        "term",
        "academic_year",
        "university",
        "is_sample",
        ("closes_at", RangeDateTimeFilter),
    ]
    search_fields = ["title", "slug", "university__short_name", "university__name"]
    autocomplete_fields = ["university"]
    readonly_fields = ["state", "released_at", "version"]  # a state moves by its act only, with guards, log and notices
    list_select_related = ["university"]
    inlines = [RequirementInline, DocumentInline, CriterionInline, LetterInline]
    date_hierarchy = "closes_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(submitted=Count("applications__submitted_at"))

    @admin.display(description=_("submitted"), ordering="submitted")
    def applied(self, row: Any) -> int:
        return row.submitted

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Applications refer to rounds: they are archived on their page, never deleted."""
        return False

    def save_model(self, request: HttpRequest, obj: Round, form: Any, change: bool) -> None:
        """Who is editing the round on its own page is shown that it has moved on."""
        obj.version += change
        super().save_model(request, obj, form, change)


class OfRoundResource(CheckedResource):
    """A row that belongs to a round, named by its slug."""

    round = by_code("round", Round, "slug")


class CriterionResource(OfRoundResource):
    class Meta(CheckedResource.Meta):
        model = Criterion
        import_id_fields = ("round", "name")
        fields = ("round", "name", "help", "max_points", "position")


class DocumentRequirementResource(OfRoundResource):
    class Meta(CheckedResource.Meta):
        model = DocumentRequirement
        import_id_fields = ("round", "name")
        fields = ("round", "name", "help", "needed", "position")


class OfRoundAdmin(CuratedImportAdmin):
    """Rows of rounds, searched by the round too."""

    autocomplete_fields = ["round"]
    list_select_related = ["round"]
    search_fields = ["name", "round__title", "round__slug"]


@admin.register(Criterion)
class CriterionAdmin(OfRoundAdmin):
    resource_classes = [CriterionResource]
    list_display = ["name", "round", "max_points", "position"]
    list_filter = ["round__kind", "round__state"]


@admin.register(DocumentRequirement)
class DocumentRequirementAdmin(OfRoundAdmin):
    resource_classes = [DocumentRequirementResource]
    list_display = ["name", "round", "needed", "position"]
    list_filter = ["needed", "round__kind", "round__state"]


@admin.register(RoundRequirement)
class RoundRequirementAdmin(CuratedAdmin):
    list_display = ["__str__", "round", "asks", "is_blocking"]
    list_filter = ["asks", "is_blocking", "round__kind"]
    list_select_related = ["round", "field", "home"]
    search_fields = ["round__title", "text"]
    autocomplete_fields = ["round", "field", "home"]


class LetterTemplateResource(OfRoundResource):
    class Meta(CheckedResource.Meta):
        model = LetterTemplate
        import_id_fields = ("round", "outcome")
        fields = ("round", "outcome", "subject", "body")


@admin.register(LetterTemplate)
class LetterTemplateAdmin(CuratedImportAdmin):
    resource_classes = [LetterTemplateResource]
    list_display = ["subject", "outcome", "round"]
    list_filter = ["outcome", "round__kind"]
    list_select_related = ["round"]
    search_fields = ["subject", "body", "round__title"]
    autocomplete_fields = ["round"]
