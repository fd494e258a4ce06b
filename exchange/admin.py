"""Exchange places in the administration: every host's, with import and export, history, and acts with a preview."""

from copy import copy
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from import_export.fields import Field as Cell

from applications.models import Kind, OptionRequirement
from exchange import actions
from exchange.actions.offering import refuse_another_kind_of_place, refuse_fewer_places_than_taken
from exchange.models import Placement, PlacementImport
from members.acts import Refused
from members.admin.base import CuratedImportAdmin, ReadOnlyAdmin, RowsInline, previewed
from members.admin.resources import CheckedResource, ListWidget, by_code
from members.models import Field, University

# The rule, and the field where its sentence stands; without one it is about several.
BOUNDS = (("places", refuse_fewer_places_than_taken), (None, refuse_another_kind_of_place))


class RequirementInline(RowsInline):
    model = OptionRequirement
    fk_name = "option"
    autocomplete_fields = ["field", "home"]


class PlacementResource(CheckedResource):
    """Placements of all hosts by their address; a new one comes in as a draft, the state is never imported."""

    host = by_code("host", University, "slug")
    field = by_code("field", Field, "code")
    languages = Cell("languages", "languages", ListWidget())
    state = Cell("state", "state", readonly=True)

    class Meta(CheckedResource.Meta):
        model = Placement
        import_id_fields = ("slug",)
        fields = (
            "slug", "title", "host", "academic_year", "term", "level", "field", "places", "languages", "months",
            "starts_on", "ends_on", "ects_min", "ects_max", "unit_name", "courses_url", "contact_name",
            "contact_email", "description", "state",
        )  # fmt: skip

    def before_save_instance(self, instance: Placement, row: Any, **options: Any) -> None:
        instance.state_since = instance.state_since or timezone.now()

    def import_instance(self, instance: Placement, row: Any, **options: Any) -> None:
        """A new row gets what the office's own form would give it before its values are checked."""
        super().import_instance(instance, row, **options)
        instance.kind = Kind.EXCHANGE
        instance.state_since = instance.state_since or timezone.now()
        if not instance.slug and instance.host_id:
            instance.slug = instance.free_slug()

    def validate_instance(self, instance: Placement, *args: Any, **options: Any) -> None:
        """What students have chosen or hold bounds a row of the sheet, as it does the form of one place."""
        super().validate_instance(instance, *args, **options)
        stored = Placement.objects.filter(pk=instance.pk).first()
        for column, refuse in BOUNDS if stored else ():
            try:
                refuse(instance, stored)
            except Refused as refused:
                raise ValidationError({column or NON_FIELD_ERRORS: str(refused)}) from refused


class PlacementAdminForm(forms.ModelForm):
    """What students have chosen or hold bounds the change, as it does in the office's own form."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.instance.pk and not self.errors:
            stored = Placement.objects.get(pk=self.instance.pk)
            wanted = copy(stored)
            for name in self.changed_data:
                if name != "only_partners":  # rows of their own; no rule looks at them
                    setattr(wanted, name, cleaned[name])
            for field, refuse in BOUNDS:
                try:
                    refuse(wanted, stored)
                except Refused as refused:
                    self.add_error(field, str(refused))
        return cleaned


@admin.register(Placement)
class PlacementAdmin(CuratedImportAdmin):
    form = PlacementAdminForm
    resource_classes = [PlacementResource]
    list_display = [
        "title", "host", "academic_year", "term", "level", "field", "places", "places_taken", "state", "is_sample",
    ]  # fmt: skip
    list_filter = ["state", "term", "level", "academic_year", "host", "host__country", "is_sample"]
    search_fields = ["title", "slug", "host__short_name", "host__name", "unit_name", "description"]
    autocomplete_fields = ["host", "field", "unit", "contact", "only_partners"]
    readonly_fields = ["kind", "slug", "state", "state_since", "version"]
    list_select_related = ["host", "field"]
    inlines = [RequirementInline]
    actions = ["publish_chosen", "archive_chosen", "restore_chosen"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).with_places_left()

    @admin.display(description=_("taken"), ordering="taken")
    def places_taken(self, row: Placement) -> int:
        return row.taken

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Applications refer to places: they are archived, never deleted."""
        return False

    def save_model(self, request: HttpRequest, obj: Placement, form: Any, change: bool) -> None:
        """A new place is a draft; whoever edits it on its own page is shown that it has moved on."""
        obj.state_since = obj.state_since or timezone.now()
        obj.version += change
        super().save_model(request, obj, form, change)

    @previewed(
        title=_("Publish"),
        consequence=_("They stand in the catalogue at once, and home universities may take them into their rounds."),
        button=_("Publish them"),
    )
    def publish_chosen(self, request: HttpRequest, row: Placement) -> None:
        actions.publish_placement(placement=row, by=request.user, now=timezone.now())

    @previewed(
        title=_("Archive"),
        consequence=_("They leave the catalogue; applications that refer to them keep them."),
        button=_("Archive them"),
    )
    def archive_chosen(self, request: HttpRequest, row: Placement) -> None:
        actions.archive_placement(placement=row, by=request.user, now=timezone.now())

    @previewed(title=_("Take out of the archive"), consequence=_("They are drafts again."), button=_("Take them out"))
    def restore_chosen(self, request: HttpRequest, row: Placement) -> None:
        actions.restore_placement(placement=row, by=request.user, now=timezone.now())


@admin.register(PlacementImport)
class PlacementImportAdmin(ReadOnlyAdmin):
    list_display = ["file_name", "university", "uploaded_by", "state", "created", "changed", "skipped", "read_at"]
    list_filter = ["state", "university"]
    list_select_related = ["university", "uploaded_by"]
    search_fields = ["file_name", "uploaded_by__email"]
    exclude = ["table"]
