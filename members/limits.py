"""How often somebody may do what costs the portal much."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django_ratelimit.core import is_ratelimited

View = Callable[..., HttpResponse]


def limited(group: str, rate: str, methods: tuple[str, ...] = ("POST",)) -> Callable[[View], View]:
    """Let one person (one address of the network, where not signed in) POST at most `rate` ("20/h") times.

    Give other `methods` where reading is what costs much.

    Views with the same `group` share the count. Beyond it the page of `RATELIMIT_VIEW` answers with 429. While
    Redis is away each process counts for itself.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if _is_too_much(request, group, rate, methods):
                return import_string(settings.RATELIMIT_VIEW)(request)
            return view(request, *args, **kwargs)

        return answer

    return decorate


def _is_too_much(request: HttpRequest, group: str, rate: str, methods: tuple[str, ...]) -> bool:
    return is_ratelimited(request, group=group, key=_who, rate=rate, method=methods, increment=True)


def _who(group: str, request: HttpRequest) -> str:
    if request.user.is_authenticated:
        return f"user:{request.user.pk}"
    return f"ip:{get_adapter(request).get_client_ip(request)}"
