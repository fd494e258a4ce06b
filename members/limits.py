"""How often somebody may do what costs the portal much."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django_ratelimit.core import get_usage

View = Callable[..., HttpResponse]

READING = ("GET", "HEAD")
FEEDS = "120/m"  # calendar programs of a whole university may come from one address; each asks every few hours


def limited(group: str, rate: str, methods: tuple[str, ...] = ("POST",)) -> Callable[[View], View]:
    """Let one person (one address of the network, where not signed in) POST at most `rate` ("20/h") times.

    Give other `methods` where reading is what costs much.

    Views with the same `group` share the count. Beyond it the page of `RATELIMIT_VIEW` answers with 429 and says after
    how many seconds to come back (RFC 9110, Retry-After). While Redis is away each process counts for itself.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            usage = get_usage(request, group=group, key=_who, rate=rate, method=methods, increment=True)
            if usage is None or not usage["should_limit"]:
                return view(request, *args, **kwargs)
            response = import_string(settings.RATELIMIT_VIEW)(request)
            # Never 0, which a program takes for leave to ask again at once, within the same window.
            response["Retry-After"] = str(max(usage["time_left"], 1))
            return response

        return answer

    return decorate


def _who(group: str, request: HttpRequest) -> str:
    if request.user.is_authenticated:
        return f"user:{request.user.pk}"
    # allauth's answer, which believes as many proxies as the settings name: the header alone can be made up.
    return f"ip:{get_adapter(request).get_client_ip(request)}"
