"""What every record of the portal has in the administration: who may, history by field, import and export, previews."""

from collections.abc import Callable
from functools import partial
from typing import Any

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.contrib.admin import helpers
from django.contrib.admin.utils import display_for_field, display_for_value, label_for_field, lookup_field
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext
from import_export.admin import ExportMixin, ImportExportModelAdmin
from import_export.formats.base_formats import CSV, XLSX
from import_export.forms import ConfirmImportForm
from import_export.resources import modelresource_factory
from pghistory.models import Events
from unfold.admin import ModelAdmin, TabularInline
from unfold.contrib.import_export.forms import ExportForm, ImportForm
from unfold.widgets import UnfoldBooleanWidget

from members.acts import Refused, Versioned
from members.history import entries_of

EVENTS_SHOWN = 100
LEFT_OUT_SHOWN = 20
COLUMNS_SHOWN = 4


class OfTheCurators:
    """The secretariat and the administrators curate; nobody else enters (members.curate)."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("members.curate")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("members.curate")

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


class AsksAgain:
    """A record by which people get or lose rights: whatever is sent needs the password of the last minutes, as the same
    acts on the portal's own pages do. What was sent goes on when it is given.
    """

    fresh = method_decorator(reauthentication_required(allow_get=True))

    @fresh
    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().changelist_view(request, *args, **kwargs)  # type: ignore[misc]

    @fresh
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().changeform_view(request, *args, **kwargs)  # type: ignore[misc]

    @fresh
    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().delete_view(request, *args, **kwargs)  # type: ignore[misc]


class CuratedAdmin(OfTheCurators, ModelAdmin):
    """A record with search, filters, and every change of the row in its history."""

    object_history_template = "admin/members/object_history.html"
    list_per_page = 50
    list_filter_submit = True
    warn_unsaved_form = True

    def save_model(self, request: HttpRequest, obj: models.Model, form: forms.ModelForm, change: bool) -> None:
        # Django's page compares no versions; the portal's own does, and a keeper may have the row open there.
        if isinstance(obj, Versioned) and form.has_changed():
            obj.count_up()
        super().save_model(request, obj, form, change)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> HttpResponse:
        """Django's page, with what the database's own history knows: also of SQL, imports and the public pages."""
        tracked = self.get_object(request, object_id)
        events = []
        if tracked is not None and hasattr(self.model, "pgh_event_models"):
            found = Events.objects.tracks(tracked).order_by("-pgh_created_at", "-pgh_slug")
            events = entries_of(list(found[:EVENTS_SHOWN]))
        return super().history_view(request, object_id, (extra_context or {}) | {"entries": events})


class GoodRowsImportForm(ImportForm):
    good_rows_only = forms.BooleanField(
        label=_lazy("Leave out rows that cannot be taken"),
        required=False,
        widget=UnfoldBooleanWidget(),
        help_text=_lazy("Otherwise nothing is imported until every row is right."),
    )


class GoodRowsConfirmForm(ConfirmImportForm):
    good_rows_only = forms.BooleanField(required=False, widget=forms.HiddenInput())


class CuratedImportAdmin(CuratedAdmin, ImportExportModelAdmin):
    """A record that also comes and goes as CSV or XLSX: dry run first, errors by row and column.

    All or nothing, unless the person chooses to leave out what cannot be taken; those rows are named.
    """

    import_form_class = GoodRowsImportForm
    confirm_form_class = GoodRowsConfirmForm
    export_form_class = ExportForm
    formats = [CSV, XLSX]
    to_encoding = "utf-8-sig"  # the mark by which spreadsheets know UTF-8

    def get_export_formats(self) -> list[type]:
        return self.formats

    get_import_formats = get_export_formats

    def has_import_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("members.curate")

    has_export_permission = has_import_permission

    def get_confirm_form_initial(self, request: HttpRequest, import_form: forms.Form | None) -> dict[str, Any]:
        chosen = {"good_rows_only": import_form.cleaned_data["good_rows_only"]} if import_form else {}
        return super().get_confirm_form_initial(request, import_form) | chosen

    def get_import_resource_kwargs(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.get("form")
        # Asked also for a page that is only opened, whose form nobody has filled in.
        chosen = bool(form is not None and form.is_bound and form.is_valid() and form.cleaned_data["good_rows_only"])
        return super().get_import_resource_kwargs(request, **kwargs) | {"good_rows_only": chosen}

    def get_import_data_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_import_data_kwargs(**kwargs) | {"tell": partial(_tell_left_out, kwargs["request"])}


def _tell_left_out(request: HttpRequest, left_out: list[tuple[int, str]]) -> None:
    """The first rows that are left out, each with its reason, and how many there are."""
    for number, sentence in left_out[:LEFT_OUT_SHOWN]:
        messages.warning(request, _("Row %(number)d is left out. %(why)s") % {"number": number, "why": sentence})
    if len(left_out) > LEFT_OUT_SHOWN:
        messages.warning(request, _("%(n)d rows are left out in all.") % {"n": len(left_out)})


class ReadOnlyAdmin(OfTheCurators, ExportMixin, ModelAdmin):
    """A record that nobody changes by hand, such as the log."""

    export_form_class = ExportForm
    to_encoding = "utf-8-sig"
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_change_permission = has_delete_permission = has_add_permission

    def has_export_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("members.curate")

    def get_export_formats(self) -> list[type]:
        return [CSV, XLSX]

    def get_resource_classes(self, request: HttpRequest) -> list[type]:
        """A file tells no more than the page: words of letters and digests of keys, which that leaves out, stay out."""
        if self.resource_classes:
            return self.resource_classes
        columns = [field.name for field in self.model._meta.concrete_fields]
        shown = [name for name in columns if name in (self.fields or columns) and name not in (self.exclude or ())]
        return [modelresource_factory(self.model, meta_options={"fields": shown})]


class RowsInline(OfTheCurators, TabularInline):
    """Rows that belong to the record, on a tab of its page."""

    extra = 0
    tab = True
    show_change_link = False

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **options: Any) -> Any:
        """A cell has no label beside it, only the heading of its column: its field takes the words along."""
        field = super().formfield_for_dbfield(db_field, request, **options)
        if field is not None:
            field.widget.attrs.setdefault("aria-label", field.label)
        return field


def previewed(*, title: Any, consequence: Any, button: Any) -> Callable[[Callable], Callable]:
    """Make an admin action ask first: a page lists what would change, the second POST does it, row by row.

    The decorated method acts on one row and raises Refused where it cannot; each refusal is told with its row, before
    and after.
    """

    def decorate(act: Callable[[Any, HttpRequest, models.Model], None]) -> Callable:
        def action(admin: Any, request: HttpRequest, queryset: models.QuerySet) -> HttpResponse | None:
            if "confirmed" not in request.POST:
                rows = _tried(admin, request, queryset, act)
                context = {
                    **admin.admin_site.each_context(request),
                    "title": title,
                    "consequence": consequence,
                    "button": button,
                    "headings": [label_for_field(name, admin.model, admin) for name in _columns(admin)],
                    "rows": rows,
                    "possible": sum(not row["why_not"] for row in rows),
                    "action": request.POST["action"],
                    "action_checkbox_name": helpers.ACTION_CHECKBOX_NAME,
                    "opts": admin.model._meta,
                }
                return TemplateResponse(request, "admin/members/preview_action.html", context)
            _do(admin, request, queryset, act)
            return None

        action.short_description = title
        action.__name__ = act.__name__
        return action

    return decorate


def _columns(admin: Any) -> list[str]:
    """What tells namesakes apart: the columns of the list beside the name."""
    return [name for name in admin.list_display[1:] if name != "__str__"][:COLUMNS_SHOWN]


def _tried(admin: Any, request: HttpRequest, queryset: models.QuerySet, act: Callable) -> list[dict[str, Any]]:
    """Each row with what would hinder the act, which is tried on it in a transaction that is taken back."""
    rows = [{"row": row, "cells": [_cell(name, row, admin) for name in _columns(admin)]} for row in queryset]
    with transaction.atomic():
        for shown, row in zip(rows, queryset.all(), strict=True):
            shown["why_not"] = ""
            try:
                with transaction.atomic():
                    act(admin, request, row)
            except Refused as refused:
                shown["why_not"] = str(refused)
        transaction.set_rollback(True)
    return rows


def _cell(name: str, row: models.Model, admin: Any) -> Any:
    field, _attribute, value = lookup_field(name, row, admin)
    empty = admin.get_empty_value_display()
    return display_for_field(value, field, empty) if field is not None else display_for_value(value, empty)


def _do(admin: Any, request: HttpRequest, queryset: models.QuerySet, act: Callable) -> None:
    done = 0
    for row in queryset:
        try:
            act(admin, request, row)
            done += 1
        except Refused as refused:
            messages.error(request, _("%(row)s: %(why)s") % {"row": row, "why": refused})
    if done:
        messages.success(request, ngettext("%(n)d record done.", "%(n)d records done.", done) % {"n": done})
