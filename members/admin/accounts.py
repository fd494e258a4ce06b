"""What other packages keep of accounts, as far as the administration may see it: no secret, no key, nothing by hand."""

from typing import Any

from allauth.account import admin as _addresses_first  # noqa: F401
from allauth.account.models import EmailAddress
from allauth.mfa import admin as _factors_first  # noqa: F401
from allauth.mfa.models import Authenticator
from allauth.socialaccount import admin as _servers_first  # noqa: F401
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions import admin as _sessions_first  # noqa: F401
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth import admin as _groups_first  # noqa: F401
from django.contrib.auth.models import Group
from django.http import HttpRequest
from unfold.contrib.filters.admin import RangeDateFilter

from members.admin.base import AsksAgain, ReadOnlyAdmin

# Nobody's rights come from groups, and which servers one may sign in by comes from the settings; tokens are secrets.
for unused in (Group, SocialApp, SocialToken):
    admin.site.unregister(unused)
# allauth's own pages show secrets, and let change by hand what people confirm themselves.
for shown_by_us in (Authenticator, EmailAddress, SocialAccount, UserSession):
    admin.site.unregister(shown_by_us)


@admin.register(EmailAddress)
class EmailAddressAdmin(ReadOnlyAdmin):
    """Whose address it is and whether it was confirmed; a person's own are changed on the person."""

    list_display = ["email", "user", "verified", "primary"]
    list_filter = ["verified", "primary"]
    list_select_related = ["user"]
    search_fields = ["email", "user__email", "user__given_name", "user__family_name"]


@admin.register(SocialAccount)
class SocialAccountAdmin(ReadOnlyAdmin):
    """Who signs in with a university's account, and since when; what that server tells of them is not shown."""

    list_display = ["user", "provider", "date_joined", "last_login"]
    list_filter = ["provider", ("last_login", RangeDateFilter)]
    list_select_related = ["user"]
    search_fields = ["user__email", "user__given_name", "user__family_name"]
    fields = ["user", "provider", "date_joined", "last_login"]

    def has_export_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(UserSession)
class UserSessionAdmin(ReadOnlyAdmin):
    """Who is signed in since when. Keys, browsers and addresses are the person's own business."""

    list_display = ["user", "created_at", "last_seen_at"]
    list_filter = [("last_seen_at", RangeDateFilter)]
    list_select_related = ["user"]
    search_fields = ["user__email", "user__given_name", "user__family_name"]
    fields = ["user", "created_at", "last_seen_at"]

    def has_export_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Authenticator)
class AuthenticatorAdmin(AsksAgain, ReadOnlyAdmin):
    """Who has which second factor; an administrator takes away one that was lost, nobody sees its secret."""

    list_display = ["user", "type", "created_at", "last_used_at"]
    list_filter = ["type"]
    list_select_related = ["user"]
    search_fields = ["user__email", "user__family_name"]
    fields = ["user", "type", "created_at", "last_used_at"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser

    def has_export_permission(self, request: HttpRequest) -> bool:
        return False
