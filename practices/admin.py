"""Practices in the administration: topics are kept here, texts are read and judged on their pages."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from import_export.fields import Field as Cell

from members.admin.base import CuratedAdmin, CuratedImportAdmin, ReadOnlyAdmin, RowsInline, previewed
from members.admin.resources import CheckedResource, by_code
from practices import actions
from practices.models import (
    Adoption,
    CurationNote,
    EvidenceFile,
    EvidenceLink,
    Practice,
    PracticeFollow,
    PracticeVersion,
    Question,
    Topic,
    TopicFollow,
)


class TopicResource(CheckedResource):
    pillar = by_code("pillar", Topic, "code")

    class Meta(CheckedResource.Meta):
        model = Topic
        import_id_fields = ("code",)
        fields = ("code", "slug", "name", "pillar", "position", "is_sample")


@admin.register(Topic)
class TopicAdmin(CuratedImportAdmin):
    resource_classes = [TopicResource]
    list_display = ["code", "name", "pillar", "position", "is_sample"]
    list_filter = ["pillar", "is_sample"]
    list_select_related = ["pillar"]
    search_fields = ["code", "name", "slug"]
    autocomplete_fields = ["pillar"]

    def get_readonly_fields(self, request: HttpRequest, obj: Topic | None = None) -> list[str]:
        """The code and the address stay: practices and links refer to them."""
        return ["code", "slug"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Topic | None = None) -> bool:
        """A topic that practices are filed under, or a pillar with topics, stays."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and not (obj and (obj.versions.exists() or obj.topics.exists()))


class PracticeResource(CheckedResource):
    """The list for a spreadsheet; texts are never imported, they pass the curators."""

    university = Cell("university__slug", "university", readonly=True)
    title = Cell("title", "title", readonly=True)

    class Meta(CheckedResource.Meta):
        model = Practice
        fields = ("reference", "university", "title", "state", "published_at", "is_sample")
        export_order = fields


class VersionInline(RowsInline):
    model = PracticeVersion
    fk_name = "practice"
    fields = readonly_fields = ["number", "state", "title", "maturity", "submitted_by", "judged_by", "judged_at"]
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class AdoptionInline(RowsInline):
    model = Adoption
    fields = readonly_fields = ["university", "since", "adopted_version", "told_by", "withdrawn_at"]
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Practice)
class PracticeAdmin(ReadOnlyAdmin, CuratedAdmin):
    """Who keeps a practice can be changed here; everything else is done by the portal's own acts."""

    resource_classes = [PracticeResource]
    list_display = ["reference", "title", "university", "owner", "state", "version_state", "adopted_by", "is_sample"]
    list_filter = ["state", "latest__state", "latest__maturity", "university", "is_sample"]
    list_select_related = ["university", "owner", "live", "latest"]
    search_fields = ["reference", "latest__title", "university__short_name", "owner__email"]
    autocomplete_fields = ["owner"]
    readonly_fields = ["reference", "university", "state", "first_published_at", "published_at"]
    inlines = [VersionInline, AdoptionInline]
    actions = ["archive_chosen", "restore_chosen"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).with_adopters()

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return request.user.has_perm("members.curate")

    @admin.display(description=_("adopted by"), ordering="adopters")
    def adopted_by(self, row: Practice) -> int:
        return row.adopters

    @admin.display(description=_("version"), ordering="latest__state")
    def version_state(self, row: Practice) -> str:
        return str(row.latest.get_state_display()) if row.latest else ""

    @previewed(
        title=_("Archive"),
        consequence=_("They leave the catalogue; what was published stays readable at its address."),
        button=_("Archive them"),
    )
    def archive_chosen(self, request: HttpRequest, row: Practice) -> None:
        why = str(_("Archived by the secretariat."))
        actions.archive(practice=row, reason=why, by=request.user, now=timezone.now())

    @previewed(
        title=_("Take out of the archive"),
        consequence=_("Those that were published stand in the catalogue again."),
        button=_("Take them out"),
    )
    def restore_chosen(self, request: HttpRequest, row: Practice) -> None:
        actions.restore(practice=row, by=request.user, now=timezone.now())


@admin.register(PracticeVersion)
class PracticeVersionAdmin(ReadOnlyAdmin, CuratedAdmin):
    """Read only: what was submitted is pinned, and a draft belongs to its writers."""

    list_display = ["practice", "number", "title", "state", "maturity", "submitted_by", "judged_by", "state_since"]
    list_filter = ["state", "maturity", "licence", "practice__university"]
    list_select_related = ["practice__live", "practice__latest", "submitted_by", "judged_by"]
    search_fields = ["title", "practice__reference", "search_text"]


@admin.register(CurationNote)
class CurationNoteAdmin(CuratedAdmin):
    list_display = ["version", "text", "by", "at"]
    list_filter = ["version__practice__university"]
    list_select_related = ["version", "by"]
    search_fields = ["text", "version__title"]
    autocomplete_fields = ["version", "by"]


@admin.register(Adoption)
class AdoptionAdmin(ReadOnlyAdmin, CuratedAdmin):
    list_display = ["practice", "university", "since", "told_by", "withdrawn_at", "is_sample"]
    list_filter = ["university", ("withdrawn_at", admin.EmptyFieldListFilter), "is_sample"]
    list_select_related = ["practice__live", "practice__latest", "university", "told_by"]
    search_fields = ["practice__reference", "practice__live__title", "university__short_name"]
    actions = ["withdraw_chosen"]

    @previewed(
        title=_("Take back"),
        consequence=_("The university is no longer named as one that adopted it; it may say so again."),
        button=_("Take them back"),
    )
    def withdraw_chosen(self, request: HttpRequest, row: Adoption) -> None:
        actions.withdraw_adoption(adoption=row, by=request.user, now=timezone.now())


@admin.register(EvidenceFile)
class EvidenceFileAdmin(ReadOnlyAdmin):
    list_display = ["label", "version", "audience", "name", "size", "uploaded_by", "uploaded_at"]
    list_filter = ["audience", "content_type"]
    list_select_related = ["version", "uploaded_by"]
    search_fields = ["label", "name", "version__title"]
    exclude = ["file"]


@admin.register(EvidenceLink)
class EvidenceLinkAdmin(ReadOnlyAdmin):
    list_display = ["label", "url", "version"]
    list_filter = ["version__state", "version__practice__university"]
    list_select_related = ["version"]
    search_fields = ["label", "url", "version__title"]


@admin.register(Question)
class QuestionAdmin(ReadOnlyAdmin):
    list_display = ["practice", "asked_by", "sent_to", "asked_at"]
    list_select_related = ["practice__live", "practice__latest", "asked_by", "sent_to"]
    list_filter = ["practice__university"]
    search_fields = ["practice__reference", "asked_by__email", "sent_to__email"]


@admin.register(TopicFollow)
class TopicFollowAdmin(ReadOnlyAdmin):
    list_display = ["user", "topic", "since"]
    list_filter = ["topic__pillar"]
    list_select_related = ["user", "topic"]
    search_fields = ["user__email", "topic__name"]


@admin.register(PracticeFollow)
class PracticeFollowAdmin(ReadOnlyAdmin):
    list_display = ["user", "practice", "since"]
    list_filter = ["practice__university"]
    list_select_related = ["user", "practice__live", "practice__latest"]
    search_fields = ["user__email", "practice__reference"]
