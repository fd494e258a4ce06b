"""Public pages for visitors, kept as they were answered until anybody writes anything (see members/remembering.py).

Only for those who bring nothing that could change the page: no session, no waiting message, no unknown cookie. What
an answer depends on (colours, zone, htmx) is part of its key. Answers that set a cookie are never kept.
"""

import hashlib
import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from members.remembering import snapshot

Handler = Callable[[HttpRequest], HttpResponse]

logger = logging.getLogger(__name__)

KEPT_FOR = 20  # seconds; a page says what is open now
PLACES = (
    "/universities/",
    "/programmes/",
    "/exchange/",
    "/funding/calls/",
    "/policy/",
    "/practices/",
    "/applications/rounds/",
    "/search/",
)
COOKIES = {"theme", "tz", settings.LANGUAGE_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
LONGEST_ADDRESS = 300
VARIES = ("HTTP_HX_REQUEST", "HTTP_HX_TARGET", "HTTP_HX_BOOSTED", "HTTP_ACCEPT_LANGUAGE", "HTTP_HOST")
NOT_KEPT = ("no-store", "no-cache", "private")


def kept_for_visitors(get_response: Handler) -> Handler:
    """Was this page answered to a visitor since the last write? Then that is the answer."""

    def middleware(request: HttpRequest) -> HttpResponse:
        key = _key(request)
        if key is None:
            return get_response(request)
        if kept := kept_answer(key):
            return kept
        response = get_response(request)
        keep(key, response)
        return response

    return middleware


def _key(request: HttpRequest) -> str | None:
    """None for what is not kept; the snapshot is taken before the page is made."""
    if not settings.REMEMBER_LISTS or request.method != "GET" or not _is_public(request.path):
        return None
    if request.COOKIES.keys() - COOKIES or "HTTP_AUTHORIZATION" in request.META:
        return None
    address = request.get_full_path()
    if len(address) > LONGEST_ADDRESS or "export" in request.GET:
        return None
    try:
        seen = snapshot()
    except DatabaseError:
        logger.warning("no snapshot: pages of visitors are made anew", exc_info=True)
        return None
    return name_of_page([seen, address, *what_it_depends_on(request)]) if seen else None


def _is_public(path: str) -> bool:
    return path == "/" or path.startswith(PLACES)


def what_it_depends_on(request: HttpRequest) -> list[Any]:
    """What makes a page another one beside its address and reader: colours, zone, language, the part asked for."""
    cookies = ("theme", "tz", settings.LANGUAGE_COOKIE_NAME)
    told = [request.is_secure(), *(request.COOKIES.get(name) for name in cookies)]
    return [*told, *(request.META.get(name) for name in VARIES)]


def name_of_page(told: list[Any]) -> str:
    return "page:" + hashlib.sha256(repr(told).encode()).hexdigest()


def kept_answer(key: str) -> HttpResponse | None:
    """The answer kept under `key`, as it was made: by this process a moment ago, or by any.

    Near pages need no forgetting of their own: the key names the snapshot, so a page that is no longer right is no
    longer asked for.
    """
    kept = caches["near"].get(key)
    if kept is None:
        kept = caches["pages"].get(key)
        if kept is None:
            return None
        # what another process made some seconds ago is near for the rest of its time only
        caches["near"].set(key, kept, max(KEPT_FOR - (time.time() - kept[3]), 0))
    content, headers, status, _made_at = kept
    return HttpResponse(content, status=status, headers=headers)


def keep(key: str, response: HttpResponse) -> None:
    """Keep `response` under `key` if it is a whole page that sets nothing and does not forbid it."""
    if _may_be_kept(response):
        answer = (response.content, dict(response.items()), response.status_code, time.time())
        caches["pages"].set(key, answer, KEPT_FOR)
        caches["near"].set(key, answer, KEPT_FOR)


def _may_be_kept(response: HttpResponse) -> bool:
    if response.status_code != 200 or response.streaming or response.cookies:
        return False
    if any(word in response.get("Cache-Control", "") for word in NOT_KEPT):
        return False
    return response.get("Content-Type", "").startswith("text/html")
