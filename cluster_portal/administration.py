"""The door of the administration: who enters, and how long ago they must have proved who they are.

A browser stays signed in for two weeks, which suits a student on a phone. From the administration one reaches every
record, so it asks again after a while, with the second factor where there is one.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

PROOF_LASTS = timedelta(hours=2)  # as long as GitHub's "sudo mode": a morning's work is interrupted once


def guard(site: AdminSite) -> None:
    """Put our door before every page of `site`; call it before its addresses are read."""
    # A mandate lets in as the flag of an account does; Django itself knows only the flag.
    site.has_permission = lambda request: request.user.has_perm("members.enter_administration")
    # One way in for all: the administration's own sign-in form would not ask for the second factor.
    site.login = _sign_in
    site.admin_view = _with_fresh_proof(site, site.admin_view)


@login_not_required
def _sign_in(request: HttpRequest, extra_context: Any = None) -> HttpResponseBase:
    if not request.user.is_authenticated:
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))
    if not request.user.has_perm("members.enter_administration"):
        raise PermissionDenied
    return redirect("admin:index")


def _with_fresh_proof(site: AdminSite, admin_view: Callable) -> Callable:
    def guarded(view: Callable, cacheable: bool = False) -> Callable:
        inside = admin_view(view, cacheable)

        @wraps(inside)
        def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            # Who may not enter at all is told so, instead of being asked for a password first.
            if site.has_permission(request) and not is_proof_fresh(request, timezone.now()):
                raise ReauthenticationRequired  # what was sent is kept and goes on afterwards
            return inside(request, *args, **kwargs)

        return enter

    return guarded


def is_proof_fresh(request: HttpRequest, now: datetime) -> bool:
    """Whether this session gave a password, passkey or code within `PROOF_LASTS`; true for accounts that have none of
    them here and come by their university's sign-in alone.
    """
    records = get_authentication_records(request, request.user)
    at = [datetime.fromtimestamp(record["at"], UTC) for record in records if "at" in record]
    # A session that allauth did not open has no record; Django notes the day of any sign-in.
    newest = max(at, default=request.user.last_login)
    if newest is not None and now - newest < PROOF_LASTS:
        return True
    return not (request.user.has_usable_password() or is_mfa_enabled(request.user))
