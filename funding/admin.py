"""Funding in the administration: programmes, calls with their stages, interests; import and export."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from import_export.fields import Field as Cell
from import_export.instance_loaders import ModelInstanceLoader
from import_export.results import Result
from unfold.contrib.filters.admin import RangeDateFilter

from funding import actions
from funding.differences import what_matters
from funding.models import Call, CallFollow, CallStage, FundingProgramme, Interest
from members.admin.base import CuratedImportAdmin, ReadOnlyAdmin, RowsInline, previewed
from members.admin.resources import CheckedResource, ListWidget, by_code

RULES = (
    "min_organisations", "max_organisations", "min_countries", "min_member_states", "min_in_scope", "independent",
    "coordinator_rule",
)  # fmt: skip
MONEY = ("rate", "rate_note", "budget_min", "budget_max", "months_min", "months_max", "trl_from", "trl_to")


class FundingProgrammeResource(CheckedResource):
    scopes = Cell("scopes", "scopes", ListWidget())

    class Meta(CheckedResource.Meta):
        model = FundingProgramme
        import_id_fields = ("code",)
        fields = (
            "code", "framework", "pillar", "name", "action_type", "funder", "managed_by", "grant_form", *MONEY, *RULES,
            "scopes", "official_source", "official_url", "certainty",
        )  # fmt: skip

    def import_data(self, dataset: Any, dry_run: bool = False, **options: Any) -> Result:
        """An import is an edit: who follows a call of these programmes hears of it; the dry run tells nobody."""
        if dry_run:
            return super().import_data(dataset, dry_run=True, **options)
        with actions.telling_followers(by=options["user"], now=timezone.now()):
            return super().import_data(dataset, **options)


@admin.register(FundingProgramme)
class FundingProgrammeAdmin(CuratedImportAdmin):
    resource_classes = [FundingProgrammeResource]
    list_display = ["name", "framework", "action_type", "rate", "min_organisations", "min_countries", "certainty"]
    list_filter = ["framework", "action_type", "funder", "certainty"]
    search_fields = ["code", "name", "framework"]

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Calls refer to programmes."""
        return False

    def save_model(self, request: HttpRequest, obj: FundingProgramme, form: Any, change: bool) -> None:
        """Those who follow a call of the programme hear of what matters in it."""
        with actions.telling_followers(by=request.user, now=timezone.now(), programme=obj):
            super().save_model(request, obj, form, change)


class StageInline(RowsInline):
    model = CallStage


class HeldCalls(ModelInstanceLoader):
    """The calls that a sheet names, locked in the order of their keys, with what matters in them before its row."""

    def __init__(self, resource: CheckedResource, dataset: Any) -> None:
        super().__init__(resource, dataset)
        found = self._held().filter(slug__in=[row.get("slug") or "" for row in dataset.dict])
        self.calls = {call.slug: call for call in found.order_by("pk").prefetch_related("stages")}
        self.known = {*self.calls}

    def get_instance(self, row: Any) -> Call | None:
        """A second row about the same call begins with what the first left, not with what it tried."""
        slug = row.get("slug") or ""
        call = self.calls.pop(slug, None) or (self._held().get(slug=slug) if slug in self.known else None)
        if call is not None:
            call.before = what_matters(call, call.stages.all())
        return call

    def _held(self) -> QuerySet[Call]:
        return Call.objects.select_related("programme").select_for_update(of=("self",), no_key=True)


class CallResource(CheckedResource):
    """Calls by their address; a new one comes in as a draft, the state is never imported."""

    programme = by_code("programme", FundingProgramme, "code")
    state = Cell("state", "state", readonly=True)

    class Meta(CheckedResource.Meta):
        model = Call
        instance_loader_class = HeldCalls
        import_id_fields = ("slug",)
        fields = (
            "slug", "programme", "action_type", "topic", "title", "summary", "budget_total", "projects_expected",
            *MONEY, "has_own_rules", *RULES, "official_url", "is_sample", "state",
        )  # fmt: skip

    def after_save_instance(self, instance: Call, row: Any, **options: Any) -> None:
        """An import is an edit: it is written down and told as one; the dry run tells nobody."""
        before = getattr(instance, "before", None)
        if before is not None and not options["dry_run"]:
            actions.note_change(call=instance, before=before, by=options["user"], now=timezone.now())

    def before_save_instance(self, instance: Call, row: Any, **options: Any) -> None:
        """Whoever edits the call on its own page meanwhile is shown that it has moved on."""
        instance.version += instance.pk is not None

    def import_instance(self, instance: Call, row: Any, **options: Any) -> None:
        """A new row gets what the form would give it before its values are checked."""
        super().import_instance(instance, row, **options)
        instance.state_since = instance.state_since or timezone.now()
        if not instance.slug and instance.programme_id:
            instance.slug = instance.free_slug()


@admin.register(Call)
class CallAdmin(CuratedImportAdmin):
    resource_classes = [CallResource]
    list_display = ["title", "topic", "programme", "office", "state", "published_at", "is_sample"]
    list_filter = ["state", "programme__framework", "action_type", "office", "is_sample"]
    search_fields = ["title", "topic", "slug", "summary", "programme__name"]
    autocomplete_fields = ["programme", "fields", "office"]
    readonly_fields = ["slug", "state", "state_since", "published_at", "news_at", "version"]
    list_select_related = ["programme", "office"]
    inlines = [StageInline]
    actions = ["publish_chosen", "archive_chosen"]

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Interests refer to calls: they are archived, never deleted."""
        return False

    def save_model(self, request: HttpRequest, obj: Call, form: Any, change: bool) -> None:
        """A new call is a draft; whoever edits it on its own page is shown that it has moved on."""
        stored = Call.objects.select_related("programme").filter(pk=obj.pk).first()
        form.before = what_matters(stored, stored.stages.all()) if stored else None
        obj.state_since = obj.state_since or timezone.now()
        # Also where only a stage changed: the base class counts up by the fields of the call alone.
        obj.version += change
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Those who follow the call hear of what matters, whoever changed it and where."""
        super().save_related(request, form, formsets, change)
        if form.before is not None:
            actions.note_change(call=form.instance, before=form.before, by=request.user, now=timezone.now())

    @previewed(
        title=_("Publish"),
        consequence=_("They stand in the catalogue at once; people whose saved searches they fit are told."),
        button=_("Publish them"),
    )
    def publish_chosen(self, request: HttpRequest, row: Call) -> None:
        actions.publish_call(call=row, by=request.user, now=timezone.now())

    @previewed(
        title=_("Archive"),
        consequence=_("They leave the catalogue; who follows one of them is told. Interests stay."),
        button=_("Archive them"),
    )
    def archive_chosen(self, request: HttpRequest, row: Call) -> None:
        actions.archive_call(call=row, by=request.user, now=timezone.now())


@admin.register(Interest)
class InterestAdmin(ReadOnlyAdmin):
    list_display = ["reference", "call", "university", "person", "part", "person_months", "state", "state_since"]
    list_filter = ["state", "part", "university", "is_sample"]
    list_select_related = ["call", "university", "person"]
    search_fields = ["reference", "call__title", "call__topic", "person__email", "university__name"]


@admin.register(CallFollow)
class CallFollowAdmin(ReadOnlyAdmin):
    list_display = ["call", "user", "since"]
    list_filter = ["call__programme", ("since", RangeDateFilter)]
    list_select_related = ["call", "user"]
    search_fields = ["call__title", "call__topic", "user__email"]
