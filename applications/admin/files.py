"""Students' applications as far as the administration may see them: that they are there and where they stand.

Nothing here names a student or shows what one wrote. The way to the file is its own page, which asks for a reason.
"""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from applications.models import (
    Appeal,
    AppealFile,
    Application,
    Decision,
    DocumentFile,
    DocumentSlot,
    DossierLink,
    FileAccess,
    Review,
)
from members.admin.base import ReadOnlyAdmin


class MetadataAdmin(ReadOnlyAdmin):
    """A list of the columns in `list_display` and nothing else: no page of one record, no history, no export."""

    list_display_links = None
    show_full_result_count = False  # Django would count the whole table again, only to say of how many

    def has_export_permission(self, request: HttpRequest) -> bool:
        return False

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """One record is a part of a file; it is read on the file's own page."""
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def history_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.changeform_view(request)


@admin.register(Application)
class ApplicationAdmin(MetadataAdmin):
    list_display = ["reference", "state", "round", "state_since", "open_it"]
    list_filter = ["state", "round__kind", "round__university", "round__academic_year"]
    search_fields = ["reference", "round__title"]
    list_select_related = ["round"]

    @admin.display(description=_("file"))
    def open_it(self, row: Application) -> SafeString:
        """The page that asks for the reason; a draft is nobody's but the student's."""
        if row.submitted_at is None:
            return mark_safe("–")
        address = reverse("applications:application_open", args=[row.reference])
        return format_html('<a href="{}">{}</a>', address, _now("Open with a reason"))


class OfApplicationAdmin(MetadataAdmin):
    """A part of a file: found by the reference of the application."""

    @admin.display(description=_("application"), ordering="application__reference")
    def reference(self, row: Any) -> str:
        return row.application.reference


@admin.register(DocumentSlot)
class DocumentSlotAdmin(OfApplicationAdmin):
    list_display = ["reference", "name", "needed", "state"]
    list_filter = ["state", "needed"]
    search_fields = ["application__reference", "name"]
    list_select_related = ["application"]


@admin.register(DocumentFile)
class DocumentFileAdmin(MetadataAdmin):
    """The file's own name is the student's; size, type and digest say whether it came in whole."""

    list_display = ["reference", "document", "content_type", "size", "sha256", "uploaded_at"]
    list_filter = ["content_type"]
    search_fields = ["slot__application__reference", "sha256"]
    list_select_related = ["slot__application"]

    @admin.display(description=_("application"), ordering="slot__application__reference")
    def reference(self, row: DocumentFile) -> str:
        return row.slot.application.reference

    @admin.display(description=_("document"), ordering="slot__name")
    def document(self, row: DocumentFile) -> str:
        return row.slot.name


@admin.register(Review)
class ReviewAdmin(OfApplicationAdmin):
    list_display = ["reference", "state", "assigned_at", "finished_at"]
    list_filter = ["state"]
    search_fields = ["application__reference"]
    list_select_related = ["application"]


@admin.register(Decision)
class DecisionAdmin(OfApplicationAdmin):
    """That there is a decision, and when it left; its reason and letter are in the file."""

    list_display = ["reference", "is_prepared", "prepared_at", "released_at"]
    list_filter = [("released_at", admin.EmptyFieldListFilter), "application__round__university"]
    search_fields = ["application__reference"]
    list_select_related = ["application"]

    @admin.display(description=_("prepared"), boolean=True)
    def is_prepared(self, row: Decision) -> bool:
        return True  # that there is one is all that a list outside the file may say


@admin.register(Appeal)
class AppealAdmin(OfApplicationAdmin):
    """That there is an appeal and how its clock stands; its words are in the file."""

    list_display = ["reference", "state", "filed_at", "answer_by", "decided_at"]
    list_filter = ["state", "application__round__university"]
    search_fields = ["application__reference"]
    list_select_related = ["application"]


@admin.register(AppealFile)
class AppealFileAdmin(MetadataAdmin):
    list_display = ["reference", "content_type", "size", "sha256", "uploaded_at"]
    list_filter = ["content_type"]
    search_fields = ["appeal__application__reference", "sha256"]
    list_select_related = ["appeal__application"]

    @admin.display(description=_("application"), ordering="appeal__application__reference")
    def reference(self, row: AppealFile) -> str:
        return row.appeal.application.reference


@admin.register(FileAccess)
class FileAccessAdmin(ReadOnlyAdmin):
    """Who opened a file from outside its desk, and why; nobody can change or delete it."""

    list_display = ["at", "person", "reference", "reason"]
    list_filter = ["at"]
    search_fields = ["application__reference", "person__email", "person__family_name", "reason"]
    list_select_related = ["person", "application"]
    readonly_fields = ["at"]

    @admin.display(description=_("application"), ordering="application__reference")
    def reference(self, row: FileAccess) -> str:
        return row.application.reference


@admin.register(DossierLink)
class DossierLinkAdmin(ReadOnlyAdmin):
    """Who outside can read a file, until when, and how often it was opened; revoked by the round's desk."""

    list_display = ["reference", "whom", "made_by", "made_at", "expires_at", "revoked_at", "openings", "opened_at"]
    list_filter = ["made_at", "expires_at"]
    search_fields = ["application__reference", "whom", "made_by__family_name"]
    list_select_related = ["application", "made_by"]
    exclude = ["token_hash"]

    @admin.display(description=_("application"), ordering="application__reference")
    def reference(self, row: DossierLink) -> str:
        return row.application.reference
