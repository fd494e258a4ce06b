"""Pages for bad days: too many requests, an expired form, nothing there, not allowed, our own fault."""

import sys

from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views import defaults

from cluster_portal.signing_in import by_htmx, page_of
from members.rest import problems


def _of_the_api(request: HttpRequest) -> bool:
    """Programs that ask the API get their errors in its own form."""
    return request.path.startswith("/api/")


@login_not_required
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What no person types: a forged host, a form of thousands of fields."""
    if _of_the_api(request):
        return problems.answer(request, 400, _("This request cannot be read."))
    return defaults.bad_request(request, exception)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was sent from an expired session; what was typed is still in the browser."""
    if "HX-Request" in request.headers:
        return by_htmx(redirect(page_of(request)))
    return render(request, "errors/csrf.html", {"reason": reason, "form_url": page_of(request)}, status=403)


@login_not_required
def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "429.html", status=429)


@login_not_required
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


@login_not_required
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _of_the_api(request):
        return problems.answer(request, 404, _("There is nothing at this address."))
    return render(request, "404.html", status=404)


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """Without context processors, which may be what failed."""
    is_away = isinstance(sys.exception(), (OperationalError, InterfaceError))
    if _of_the_api(request):
        words = _("The database is away.") if is_away else _("Something went wrong here. It is written down.")
        return problems.answer(request, 503 if is_away else 500, words)
    if is_away:
        return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "30"})
    return HttpResponse(render_to_string("500.html"), status=500)
