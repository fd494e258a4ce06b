"""Middleware of the roof; each answers one question."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

import pghistory
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from members.zones import is_known_zone

Handler = Callable[[HttpRequest], HttpResponse]

ADMIN_DIRECTIVES = {
    "script-src": ["'self'", "'unsafe-inline'", "'unsafe-eval'"],
    "style-src": ["'self'", "'unsafe-inline'"],
}

PERMISSIONS = (
    "camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), "
    "serial=(), usb=(), publickey-credentials-create=(self), publickey-credentials-get=(self)"
)


def content_security_policy_of_admin(get_response: Handler) -> Handler:
    """Which policy holds in the administration? Its Alpine scripts evaluate attributes, so it needs a wider one."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path.startswith("/admin/"):
            response._csp_update = ADMIN_DIRECTIVES
        return response

    return middleware


def powers_of_the_browser(get_response: Handler) -> Handler:
    """What may a page ask of the machine it is read on? Passkeys, and nothing else."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response

    return middleware


def head_without_body(get_response: Handler) -> Handler:
    """Is only the head asked for? Django leaves the body on; gunicorn drops it, with a warning for each request."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method == "HEAD" and response.streaming:
            response.streaming_content = []
        elif request.method == "HEAD":
            response.headers.setdefault("Content-Length", str(len(response.content)))
            response.content = b""
        return response

    return middleware


def address_that_can_be(get_response: Handler) -> Handler:
    """Can anything stand at this address? PostgreSQL keeps no NUL and cannot be asked for one."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path:
            raise Http404
        return get_response(request)

    return middleware


def page_for_a_form_alone(get_response: Handler) -> Handler:
    """Does somebody look at an address that only takes a form, say from a bookmark? They are told so."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        looks = request.method == "GET" and response.status_code == 405 and not request.path.startswith("/api/")
        if not looks:
            return response
        page = render(request, "405.html", status=405)
        page["Allow"] = response.headers.get("Allow", "POST")
        return page

    return middleware


def time_zone_of_reader(get_response: Handler) -> Handler:
    """In which zone does the reader live? The account says, else the cookie the browser set, else UTC."""

    def middleware(request: HttpRequest) -> HttpResponse:
        zone = getattr(request.user, "time_zone", "") or request.COOKIES.get("tz", "")
        with timezone.override(ZoneInfo(zone) if is_known_zone(zone) else None):
            return get_response(request)

    return middleware


def history_context(get_response: Handler) -> Handler:
    """Who is changing rows in this request? The history triggers write it beside each change."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            return get_response(request)
        visit = getattr(request, "visit", None)
        if visit is not None:
            with pghistory.context(user=visit.supporter_id, on_behalf_of=visit.person_id, url=request.path):
                return get_response(request)
        user = request.user.pk if request.user.is_authenticated else None
        with pghistory.context(user=user, url=request.path):
            return get_response(request)

    return middleware
