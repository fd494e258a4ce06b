"""Conditional requests: an answer is known by the hash of its content, so it is right for every reader."""

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers

VISITORS_MAY_KEEP = 60  # seconds
DEPENDS_ON = ("Accept", "Authorization", "Cookie")


def etag_of(content: bytes) -> str:
    return f'"{hashlib.blake2b(content, digest_size=16).hexdigest()}"'


def revalidated(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Mark a rendered answer with its ETag; 304 without content where the reader holds it already."""
    etag = etag_of(response.content)
    response["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response)


def keep(response: HttpResponse, user: Any) -> None:
    """Say who may keep the answer: anybody for a minute where a visitor asked, else only the reader, asking again."""
    patch_vary_headers(response, DEPENDS_ON)
    if user is not None and user.is_authenticated:
        # A mandate ends, a token is revoked: what the reader holds is good only once it was asked about again.
        patch_cache_control(response, private=True, no_cache=True)
    else:
        patch_cache_control(response, public=True, max_age=VISITORS_MAY_KEEP)
