"""Middleware: who is not signed in signs in first, and comes back to the page, never into a part of one.

A session ends while somebody types. The form, or the part that htmx asks for, then has an address of its own that is no
page: the way back leads to the page it was sent from, and htmx is told to leave that page instead of drawing the
sign-in into it.
"""

from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

READING = ("GET", "HEAD", "OPTIONS")


class SignInFirst(LoginRequiredMiddleware):
    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponse:
        if request.path.startswith("/api/"):
            return super().handle_no_permission(request, view_func)
        if request.method not in READING:
            messages.info(
                request,
                _("You were signed out meanwhile, and nothing was sent. What you typed is kept in this browser."),
            )
        to_login = redirect_to_login(page_of(request), self.get_login_url(view_func))
        return by_htmx(to_login) if "HX-Request" in request.headers else to_login


def page_of(request: HttpRequest) -> str:
    """The address to come back to: of the page from which a form was sent or a part was asked for."""
    here = request.get_full_path()
    if request.method in READING and "HX-Request" not in request.headers:
        return here
    page = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        return here
    parts = urlsplit(page)
    return urlunsplit(("", "", parts.path, parts.query, ""))


def by_htmx(redirect: HttpResponse) -> HttpResponse:
    """The same as `redirect`, for the whole page: htmx would follow it by itself and draw a page into a page."""
    return HttpResponse(status=204, headers={"HX-Redirect": redirect["Location"], "Vary": "HX-Request"})
