"""Middleware: as whom does this person see the portal? Usually as themselves; in a visit of support as the other."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext as _

from members.actions import support
from members.models import SupportVisit
from members.support import SESSION_KEY, is_allowed, visiting

Handler = Callable[[HttpRequest], HttpResponse]


def seen_as(get_response: Handler) -> Handler:
    """Only where the session names a visit is anything looked up."""

    def middleware(request: HttpRequest) -> HttpResponse:
        reference = request.session.get(SESSION_KEY)
        if reference is None:
            return get_response(request)
        return _in_a_visit(request, reference, get_response)

    return middleware


def _in_a_visit(request: HttpRequest, reference: str, get_response: Handler) -> HttpResponse:
    visits = SupportVisit.objects.select_related("person", "supporter")
    # Of this supporter: a session that somebody else signed in to since opens nothing.
    visit = visits.filter(reference=reference, supporter=request.user.pk).first()
    if visit is None or not _goes_on(visit):
        del request.session[SESSION_KEY]
        if visit is not None:
            support.end(visit=visit, now=timezone.now())
        messages.info(request, _("The visit is over. You are yourself again."))
        return redirect("people:support")
    request.visit = visit  # type: ignore[attr-defined]
    request.user = _person_of(visit)
    if not is_allowed(_name_of(request), request.method or "GET"):
        return render(request, "errors/not_in_a_visit.html", {"visit": visit}, status=403)
    with visiting(visit):
        return get_response(request)


def _goes_on(visit: SupportVisit) -> bool:
    """The time is not over, nobody ended it, and both accounts still are what they were."""
    is_open = visit.ended_at is None and timezone.now() < visit.ends_at
    return is_open and visit.supporter.is_active and visit.supporter.has_perm("members.see_as", visit.person)


def _person_of(visit: SupportVisit) -> Any:
    """The person as rules and lists see them; `supporter` says that somebody else is looking."""
    visit.person.supporter = visit.supporter
    return visit.person


def _name_of(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return ""
