"""Lists as they were drawn for a person, kept for that person until anybody writes anything (members/remembering.py).

Coming back to a list, turning its pages and going a step back cost two look-ups instead of a drawing. Nobody is given
a page that was drawn for somebody else: the person, and the secret that the page's forms carry, are part of its key.
Roles begin and end with a day, wherever the reader's day begins: so does every quarter of an hour a new key.
"""

import logging
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from cluster_portal import visitor_pages
from cluster_portal.visitor_pages import Handler
from members.remembering import snapshot

logger = logging.getLogger(__name__)

PLACES = frozenset({
    "/universities/", "/programmes/", "/exchange/placements/", "/exchange/rounds/", "/applications/rounds/",
    "/funding/calls/", "/policy/events/", "/policy/bodies/", "/practices/", "/practices/topics/", "/people/directory/",
    "/search/",
})  # fmt: skip


def kept_for_their_person(get_response: Handler) -> Handler:
    """Was this list drawn for this person since the last write? Then that is the answer."""

    def middleware(request: HttpRequest) -> HttpResponse:
        key = _key(request, timezone.now())
        if key is None:
            return get_response(request)
        if kept := visitor_pages.kept_answer(key):
            return kept
        response = get_response(request)
        if request.user.is_authenticated:  # a session may name somebody whose account is closed
            visitor_pages.keep(key, response)
        return response

    return middleware


def _key(request: HttpRequest, now: datetime) -> str | None:
    """None for what is not kept; the snapshot is taken before the page is made."""
    if not settings.REMEMBER_LISTS or request.method != "GET" or request.path not in PLACES:
        return None
    secret, person = request.META.get("CSRF_COOKIE"), _who_signed_in(request)
    if not secret or not person or _is_told_something(request):
        return None
    address = request.get_full_path()
    if len(address) > visitor_pages.LONGEST_ADDRESS or "export" in request.GET:
        return None
    try:
        seen = snapshot()
    except DatabaseError:
        logger.warning("no snapshot: pages are made anew", exc_info=True)
        return None
    quarter = int(now.timestamp()) // 900
    told: list[Any] = [seen, *person, secret, quarter, address]
    return visitor_pages.name_of_page([*told, *visitor_pages.what_it_depends_on(request)]) if seen else None


def _who_signed_in(request: HttpRequest) -> list[str]:
    """Whom the session names and by which password, empty for nobody; without looking the person up.

    Whether the account is still open and the password still that one was found out when the page was drawn. Either
    changes by a write, after which the snapshot, and so the key, is another one.
    """
    named = [request.session.get(key) for key in (SESSION_KEY, HASH_SESSION_KEY, BACKEND_SESSION_KEY)]
    return [str(value) for value in named] if named[0] else []


def _is_told_something(request: HttpRequest) -> bool:
    """A message waits, which is shown once; or support is looking, whose every step is on record."""
    return bool(len(messages.get_messages(request))) or hasattr(request, "visit")
