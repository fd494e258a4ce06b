"""Signing in with the account of one's university (OpenID Connect): there when it is configured, absent when not.

eduGAIN itself speaks SAML; a proxy such as MyAcademicID or a national federation offers its people by OpenID Connect.
"""

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

PROVIDER = "university"  # stands in the address the university must know: /accounts/oidc/university/login/callback/


def providers(*, server: str, client_id: str, secret: str, name: str) -> dict[str, Any]:
    """SOCIALACCOUNT_PROVIDERS for the server; empty without one. A half-given configuration stops the start."""
    if not server:
        return {}
    if not (client_id and secret):
        raise ImproperlyConfigured("OIDC_SERVER needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET beside it.")
    if not origin(server):
        raise ImproperlyConfigured(f"OIDC_SERVER is not an address: {server!r}; give https://login.university.example.")
    app = {
        "provider_id": PROVIDER,
        "name": name,
        "client_id": client_id,
        "secret": secret,
        "settings": {"server_url": server},
    }
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}


def origin(address: str) -> str:
    """Scheme and host of an address, as a content security policy names them; empty when it is none."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in {"http", "https"} and parts.netloc else ""


def form_targets(server: str, others: list[str]) -> list[str]:
    """Where the sign-in form may lead: browsers apply `form-action` to the redirect that follows it as well."""
    return sorted({found for address in (server, *others) if (found := origin(address))})
