"""People, mandates and invitations in the administration; a student's file is not among what it shows."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from import_export import fields, widgets
from unfold.contrib.filters.admin import RangeDateFilter

from members.actions import experts, mandates, people, tokens
from members.admin.base import AsksAgain, CuratedAdmin, CuratedImportAdmin, ReadOnlyAdmin, RowsInline, previewed
from members.admin.resources import CheckedResource, CodeWidget, by_code
from members.models import (
    ApiToken,
    Erasure,
    Expert,
    Invitation,
    Mandate,
    StudentProfile,
    SupportVisit,
    University,
    User,
)

OF_ADMINISTRATORS = ("is_staff", "is_superuser")


class PersonWidget(CodeWidget):
    """An account by its e-mail address, however it is spelled."""

    def clean(self, value: Any, row: Any = None, **options: Any) -> User | None:
        return super().clean(str(value or "").lower(), row, **options)


class MandateResource(CheckedResource):
    """Mandates by person, role, university and first day; each new one is told and logged like any other, and so is
    another last day of one that stands already.
    """

    person = fields.Field("person", "person", PersonWidget(User, "email"))
    university = by_code("university", University, "slug")
    starts_on = fields.Field("starts_on", "starts_on", widgets.DateWidget("%Y-%m-%d"))
    ends_on = fields.Field("ends_on", "ends_on", widgets.DateWidget("%Y-%m-%d"))

    class Meta(CheckedResource.Meta):
        model = Mandate
        import_id_fields = ("person", "role", "university", "starts_on")
        fields = ("person", "role", "university", "starts_on", "ends_on")

    def before_save_instance(self, instance: Mandate, row: Any, **options: Any) -> None:
        super().before_save_instance(instance, row, **options)
        instance.is_given_now = instance._state.adding
        if instance.is_given_now:
            instance.given_by = options["user"]

    def get_queryset(self) -> QuerySet:
        """One that was taken back is not brought to life by a row like it: that row gives a new one."""
        return super().get_queryset().standing()

    def after_save_instance(self, instance: Mandate, row: Any, **options: Any) -> None:
        if options.get("dry_run"):
            return
        announce = mandates.announce if instance.is_given_now else mandates.announce_last_day
        announce(mandate=instance, by=options["user"])


class AddressInline(RowsInline):
    """The e-mail addresses of an account: to be seen, changed only by the person."""

    model = EmailAddress
    fields = readonly_fields = ["email", "verified", "primary"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_change_permission = has_delete_permission = has_add_permission


class MandateInline(RowsInline):
    """The mandates of an account, each with the page on which it is changed."""

    model = Mandate
    fk_name = "person"
    fields = readonly_fields = ["role", "university", "starts_on", "ends_on", "taken_back_at", "deputy"]
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_change_permission = has_delete_permission = has_add_permission


@admin.register(User)
class UserAdmin(AsksAgain, CuratedAdmin):
    """Accounts come from signing up and from invitations; they are closed, never deleted."""

    list_display = ["email", "given_name", "family_name", "joined_as", "is_active", "is_staff", "last_login"]
    list_filter = ["joined_as", "is_active", "is_staff", "is_sample", ("date_joined", RangeDateFilter)]
    search_fields = ["email", "given_name", "family_name"]
    fields = ["email", "given_name", "family_name", "time_zone", "joined_as", *OF_ADMINISTRATORS, "is_active",
              "date_joined", "last_login"]  # fmt: skip
    readonly_fields = ["email", "joined_as", "is_active", "date_joined", "last_login"]
    inlines = [AddressInline, MandateInline]
    actions = ["close_chosen", "reopen_chosen"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Only an administrator makes administrators."""
        kept = [] if request.user.is_superuser else [*OF_ADMINISTRATORS]
        return [*self.readonly_fields, *kept]

    @previewed(
        title=_("Close accounts"),
        consequence=_("They can no longer sign in, and every open session ends. What they did stays."),
        button=_("Close them"),
    )
    def close_chosen(self, request: HttpRequest, row: User) -> None:
        people.close_account(user=row, by=request.user, now=timezone.now())

    @previewed(title=_("Open closed accounts again"), consequence=_("They can sign in again."), button=_("Open them"))
    def reopen_chosen(self, request: HttpRequest, row: User) -> None:
        people.reopen_account(user=row, by=request.user)


@admin.register(Mandate)
class MandateAdmin(AsksAgain, CuratedImportAdmin):
    """To be searched, imported and ended here; given and passed on at the university's people page (View on site)."""

    resource_classes = [MandateResource]
    list_display = ["person", "role", "university", "starts_on", "ends_on", "taken_back_at", "deputy"]
    list_filter = ["role", "university", ("starts_on", RangeDateFilter), ("ends_on", RangeDateFilter)]
    list_select_related = ["person", "university", "deputy"]
    search_fields = ["person__email", "person__given_name", "person__family_name", "university__short_name"]
    fields = readonly_fields = ["person", "role", "university", "starts_on", "ends_on", "taken_back_at", "deputy",
                                "deputy_from", "deputy_until", "given_by", "created_at"]  # fmt: skip
    actions = ["end_chosen"]

    # Before the file is chosen: a file cannot wait while somebody is asked for the password.
    import_action = method_decorator(reauthentication_required)(CuratedImportAdmin.import_action)
    process_import = method_decorator(reauthentication_required)(CuratedImportAdmin.process_import)

    def get_export_queryset(self, request: HttpRequest) -> QuerySet:
        """The sheet has no column for what was taken back, and read again it would give those mandates anew."""
        return super().get_export_queryset(request).standing()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @previewed(
        title=_("End mandates today"),
        consequence=_("They end tonight. Open tasks stay at their desks; the holders are told."),
        button=_("End them"),
    )
    def end_chosen(self, request: HttpRequest, row: Mandate) -> None:
        today = timezone.localdate()
        reason = _now("Ended in the administration")
        mandates.end(mandate=row, last_day=today, reason=reason, by=request.user, today=today)


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    list_display = ["email", "role", "university", "state", "invited_by", "created_at", "expires_at"]
    list_filter = ["state", "role", "university"]
    list_select_related = ["university", "invited_by"]
    search_fields = ["email", "university__short_name"]
    fields = ["email", "role", "university", "starts_on", "ends_on", "state", "invited_by", "created_at", "expires_at",
              "accepted_by", "accepted_at"]  # fmt: skip


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    """Who has keys to the API, for what, and when they were used; never the keys themselves."""

    list_display = ["hint", "name", "user", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at"]
    list_filter = [("expires_at", RangeDateFilter), ("last_used_at", RangeDateFilter), ("revoked_at", RangeDateFilter)]
    list_select_related = ["user"]
    search_fields = ["hint", "name", "user__email", "user__given_name", "user__family_name"]
    fields = ["hint", "name", "user", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at"]
    actions = ["revoke_chosen"]

    @previewed(
        title=_("Revoke tokens"),
        consequence=_("Programs that use them are refused from this moment."),
        button=_("Revoke them"),
    )
    def revoke_chosen(self, request: HttpRequest, row: ApiToken) -> None:
        tokens.revoke_token(token=row, by=request.user, now=timezone.now())


@admin.register(StudentProfile)
class StudentProfileAdmin(ReadOnlyAdmin):
    """Who is tied to which university, and by whom. Studies and grades are the office's, so they are not shown."""

    list_display = ["user", "university", "state", "asked_at", "confirmed_at", "confirmed_by_domain"]
    list_filter = ["state", "university", ("asked_at", RangeDateFilter)]
    list_select_related = ["user", "university"]
    search_fields = ["user__email", "user__given_name", "user__family_name"]
    fields = ["user", "university", "state", "asked_at", "confirmed_at", "confirmed_by", "confirmed_by_domain"]

    def has_export_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Erasure)
class ErasureAdmin(ReadOnlyAdmin):
    """Who asked to be erased and what came of it; answered on its own page (View on site)."""

    list_display = ["user", "state", "asked_at", "decided_at", "decided_by"]
    list_filter = ["state", ("asked_at", RangeDateFilter)]
    list_select_related = ["user", "decided_by"]
    search_fields = ["user__email", "user__family_name", "user__given_name"]
    fields = ["user", "state", "asked_at", "answer", "decided_at", "decided_by"]


@admin.register(Expert)
class ExpertAdmin(ReadOnlyAdmin):
    """Who publishes a profile; what is not published is its person's alone and does not stand here."""

    list_display = ["user", "headline", "university", "audience", "published_at"]
    list_filter = ["audience", "university", ("published_at", RangeDateFilter)]
    list_select_related = ["user", "university"]
    search_fields = ["user__given_name", "user__family_name", "headline", "keywords"]
    fields = ["user", "university", "unit", "headline", "keywords", "text", "audience", "takes_letters", "published_at"]
    actions = ["unpublish_chosen"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).published()

    @previewed(
        title=_("Take profiles down"),
        consequence=_("Nobody else sees them from this moment; their people are told and keep what they wrote."),
        button=_("Take them down"),
    )
    def unpublish_chosen(self, request: HttpRequest, row: Expert) -> None:
        reason = _now("Taken down in the administration.")
        experts.unpublish(expert=row, by=request.user, now=timezone.now(), reason=reason)


@admin.register(SupportVisit)
class SupportVisitAdmin(ReadOnlyAdmin):
    """Who saw the portal as whom, why and how long; begun at People, See the portal as somebody else."""

    list_display = ["began_at", "supporter", "person", "reason", "ended_at"]
    list_filter = [("began_at", RangeDateFilter)]
    list_select_related = ["supporter", "person"]
    search_fields = ["supporter__email", "person__email", "reason"]
    fields = ["supporter", "person", "reason", "began_at", "ends_at", "ended_at"]
