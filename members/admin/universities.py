"""Universities and everything on their pages, curated by the secretariat."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeDateFilter

from members.actions import documents, pictures
from members.actions import universities as actions
from members.admin import resources
from members.admin.base import CuratedAdmin, CuratedImportAdmin, ReadOnlyAdmin, RowsInline, previewed
from members.models import (
    Act,
    Contact,
    EmailDomain,
    Enquiry,
    Fact,
    Factsheet,
    FactsheetTerm,
    Identifier,
    Membership,
    Picture,
    Unit,
    University,
    UniversityDocument,
    UniversityName,
    UniversityTag,
)


class MembershipInline(RowsInline):
    model = Membership


class IdentifierInline(RowsInline):
    model = Identifier


class NameInline(RowsInline):
    model = UniversityName


class DomainInline(RowsInline):
    model = EmailDomain


class TagInline(RowsInline):
    model = UniversityTag
    autocomplete_fields = ["tag"]


class AllianceFilter(admin.AllValuesFieldListFilter):
    """By alliance; being in none is a choice with words, which Django would leave blank."""

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        for choice in super().choices(changelist):
            yield choice | {"display": choice["display"] or _("in none")}


@admin.register(University)
class UniversityAdmin(CuratedImportAdmin):
    resource_classes = [resources.UniversityResource]
    list_display = ["short_name", "name", "city", "country", "alliance", "confirmed_at", "archived_at"]
    list_filter = ["memberships__kind", "country", ("alliance", AllianceFilter), "tags",
                   ("confirmed_at", RangeDateFilter), "archived_at"]  # fmt: skip
    search_fields = ["short_name", "name", "official_name", "slug", "identifiers__value", "names__name"]
    list_select_related = ["country"]
    readonly_fields = ["confirmed_at", "confirmed_by", "archived_at"]
    exclude = ["logo"]  # comes through the university's own page, where it is re-encoded
    inlines = [MembershipInline, IdentifierInline, NameInline, DomainInline, TagInline]
    actions = ["archive_chosen", "restore_chosen"]

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Others refer to universities: they are archived, never deleted."""
        return False

    @previewed(
        title=_("Archive"),
        consequence=_("They leave the directory, the map and every choice. What names them stays as it is."),
        button=_("Archive them"),
    )
    def archive_chosen(self, request: HttpRequest, row: University) -> None:
        reason = str(_("Archived in the administration"))
        actions.archive(university=row, reason=reason, by=request.user, now=timezone.now())

    @previewed(
        title=_("Bring back from the archive"),
        consequence=_("They stand in the directory again."),
        button=_("Bring them back"),
    )
    def restore_chosen(self, request: HttpRequest, row: University) -> None:
        actions.restore(university=row, by=request.user)


class OfUniversityAdmin(CuratedImportAdmin):
    list_select_related = ["university"]
    autocomplete_fields = ["university"]


@admin.register(Membership)
class MembershipAdmin(OfUniversityAdmin):
    resource_classes = [resources.MembershipResource]
    list_display = ["university", "kind", "starts_on", "ends_on", "note"]
    list_filter = ["kind", ("starts_on", RangeDateFilter), ("ends_on", RangeDateFilter)]
    search_fields = ["university__short_name", "university__name", "note"]


@admin.register(UniversityName)
class NameAdmin(OfUniversityAdmin):
    resource_classes = [resources.NameResource]
    list_display = ["name", "university", "language", "starts_on", "ends_on"]
    list_filter = ["language"]
    search_fields = ["name", "university__short_name"]


@admin.register(Identifier)
class IdentifierAdmin(OfUniversityAdmin):
    resource_classes = [resources.IdentifierResource]
    list_display = ["value", "scheme", "university", "of_parent"]
    list_filter = ["scheme", "of_parent"]
    search_fields = ["value", "university__short_name", "university__name"]


@admin.register(Unit)
class UnitAdmin(OfUniversityAdmin):
    resource_classes = [resources.UnitResource]
    list_display = ["name", "code", "university", "parent"]
    list_filter = ["university"]
    list_select_related = ["university", "parent"]
    search_fields = ["name", "code", "university__short_name"]
    autocomplete_fields = ["university", "parent"]


@admin.register(Contact)
class ContactAdmin(OfUniversityAdmin):
    resource_classes = [resources.ContactResource]
    list_display = ["name", "purpose", "university", "audience", "email", "starts_on", "ends_on"]
    list_filter = ["purpose", "audience", "university"]
    search_fields = ["name", "email", "university__short_name"]
    autocomplete_fields = ["university", "unit"]


@admin.register(Fact)
class FactAdmin(OfUniversityAdmin):
    resource_classes = [resources.FactResource]
    list_display = ["university", "kind", "value", "year", "is_stale", "source"]
    list_filter = ["kind", "is_stale", "university"]
    search_fields = ["university__short_name", "source", "scope"]


class TermInline(RowsInline):
    """The deadlines are under the factsheet's version, as on the public page."""

    model = FactsheetTerm


@admin.register(Factsheet)
class FactsheetAdmin(CuratedImportAdmin):
    resource_classes = [resources.FactsheetResource]
    list_display = ["university", "website", "confirmed_at", "confirmed_by"]
    list_filter = [("confirmed_at", RangeDateFilter), "is_sample"]
    list_select_related = ["university", "confirmed_by"]
    search_fields = ["university__short_name", "university__name"]
    autocomplete_fields = ["university"]
    readonly_fields = ["confirmed_at", "confirmed_by"]
    inlines = [TermInline]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if change and any(formset.has_changed() for formset in formsets):
            form.instance.count_up()


@admin.register(EmailDomain)
class DomainAdmin(CuratedImportAdmin):
    resource_classes = [resources.DomainResource]
    list_display = ["domain", "university"]
    list_filter = ["university"]
    list_select_related = ["university"]
    search_fields = ["domain", "university__short_name"]
    autocomplete_fields = ["university"]


class WithFileAdmin(CuratedAdmin):
    """Rows whose file goes with them; `forget` is the action that the public page calls too."""

    forget: Any

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        self.forget([obj])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        rows = list(queryset)
        super().delete_queryset(request, queryset)
        self.forget(rows)


@admin.register(Picture)
class PictureAdmin(WithFileAdmin):
    """Words and order only: files come through the university's own page, where they are re-encoded."""

    list_display = ["alt", "university", "credit", "position"]
    list_filter = ["university"]
    list_select_related = ["university"]
    search_fields = ["alt", "university__short_name"]
    readonly_fields = ["university"]
    exclude = ["image"]
    forget = staticmethod(pictures.forget_files)

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(UniversityDocument)
class UniversityDocumentAdmin(WithFileAdmin):
    """Words, audience and order only: files come through the university's own page, where they are looked into."""

    list_display = ["title", "university", "kind", "audience", "is_shown", "uploaded_at"]
    list_filter = ["audience", "kind", "is_shown", "university__country"]
    list_select_related = ["university"]
    search_fields = ["title", "name", "university__short_name"]
    readonly_fields = ["university", "name", "size", "uploaded_by", "uploaded_at"]
    forget = staticmethod(documents.forget_files)

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Enquiry)
class EnquiryAdmin(ReadOnlyAdmin):
    """Letters to contacts and people: that they were written and sent, not what they say."""

    list_display = ["written_at", "contact", "expert", "subject", "sender_name", "sent_at"]
    list_filter = [("written_at", RangeDateFilter), ("sent_at", admin.EmptyFieldListFilter)]
    list_select_related = ["contact", "expert__user"]
    search_fields = ["subject", "sender_name", "contact__name", "expert__user__family_name"]
    exclude = ["text", "sender_email"]


@admin.register(Act)
class ActAdmin(ReadOnlyAdmin):
    """The log; the secretariat reads it without the acts on students' files."""

    list_display = ["at", "kind", "actor", "on_behalf_of", "before", "after", "reason"]
    list_filter = [("at", RangeDateFilter), "kind"]
    list_select_related = ["actor", "on_behalf_of"]
    search_fields = ["kind", "reason", "actor__email", "actor__family_name"]

    def get_queryset(self, request: HttpRequest):
        about = ["university", "user", "mandate", "factsheet", "expert", "programme", "placement", "round", "tag"]
        return super().get_queryset(request).filter(content_type__model__in=about)
