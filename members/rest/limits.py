"""How often the API may be asked: by token, by person, by address; counted in Redis, shared by all web processes."""

import time
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

WINDOW = 60  # seconds


class Limit(BaseThrottle):
    """So many requests in each minute; while Redis is away each process counts for itself."""

    def allow_request(self, request: Request, view: Any) -> bool:
        who, most = _who(request)
        now = time.time()
        self.left = WINDOW - now % WINDOW
        return _counted(f"api:{who}:{int(now // WINDOW)}") <= most

    def wait(self) -> float:
        """Seconds until the next minute begins."""
        return self.left


def _counted(key: str) -> int:
    # Twice the window: a count that expired within it would let the same reader begin anew.
    if cache.add(key, 1, timeout=2 * WINDOW):
        return 1
    try:
        return cache.incr(key)
    except ValueError:  # it expired between the two
        return 1


def _who(request: Request) -> tuple[str, int]:
    token = request.auth
    if token is not None:
        return f"token:{token.pk}", settings.API_REQUESTS_A_MINUTE["token"]
    if request.user.is_authenticated:
        return f"user:{request.user.pk}", settings.API_REQUESTS_A_MINUTE["person"]
    return f"ip:{get_adapter().get_client_ip(request)}", settings.API_REQUESTS_A_MINUTE["visitor"]
