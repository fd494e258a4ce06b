"""Who asks the API: nobody, a person with a session, or a program with a person's token."""

from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from members.models import ApiToken, User
from members.models.tokens import USE_IS_WRITTEN_EVERY, digest_of
from members.rest.registry import scope_of

KEYWORD = b"bearer"


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer cluster_…`; what is sent must be right, also where nobody need be somebody."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        header = get_authorization_header(request).split()
        if not header:
            return None
        if header[0].lower() != KEYWORD or len(header) != 2:
            raise AuthenticationFailed(_("Send the token as “Authorization: Bearer cluster_…”."))
        token = _found(header[1].decode("ascii", "replace"))
        now = timezone.now()
        _refuse_unless_live(token, now)
        # Asked here, so that most requests write nothing, and in `used`, so that of two at once one writes.
        if token.last_used_at is None or token.last_used_at < now - USE_IS_WRITTEN_EVERY:
            ApiToken.objects.filter(pk=token.pk).used(now)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """With it an unknown reader gets 401, not 403."""
        return 'Bearer realm="api"'


def _found(secret: str) -> ApiToken:
    token = ApiToken.objects.select_related("user").filter(digest=digest_of(secret)).first()
    if token is None:
        raise AuthenticationFailed(_("This token is not known."))
    return token


def _refuse_unless_live(token: ApiToken, now: Any) -> None:
    if token.revoked_at is not None:
        day = date_format(token.revoked_at, "j F Y")
        raise AuthenticationFailed(_("This token was revoked on %(day)s.") % {"day": day})
    if token.expires_at <= now:
        day = date_format(token.expires_at, "j F Y")
        raise AuthenticationFailed(_("This token expired on %(day)s.") % {"day": day})
    if not token.user.is_active:
        raise AuthenticationFailed(_("The account of this token is closed."))


class WithinScope(BasePermission):
    """A token reads only what it was made for; people and visitors read what they may see anyway."""

    def has_permission(self, request: Request, view: Any) -> bool:
        scope = scope_of(type(view))
        if request.auth is not None and not request.auth.may(scope):
            words = {"scope": scope, "scopes": ", ".join(request.auth.scopes)}
            raise PermissionDenied(_("This token lacks the scope %(scope)s; it has %(scopes)s.") % words)
        return True


class TokenScheme(OpenApiAuthenticationExtension):
    """How the OpenAPI document names it."""

    target_class = "members.rest.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A token made on the page “API tokens”."}
