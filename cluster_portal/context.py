"""What every page knows: the rooms of the portal and how many notices wait."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

ROOMS = [
    ("universities", _("Universities"), "members:university_list", ("/universities/", "/people/directory/")),
    ("programmes", _("Programmes"), "programmes:programme_list", ("/programmes/", "/courses/")),
    ("exchange", _("Exchange"), "exchange:placement_list", ("/exchange/",)),
    ("funding", _("Funding"), "funding:call_list", ("/funding/",)),
    ("policy", _("Events"), "policy:event_list", ("/policy/",)),
    ("practices", _("Practices"), "practices:practice_list", ("/practices/",)),
]


def portal(request: HttpRequest) -> dict[str, Any]:
    """`rooms` for the masthead, `unread` notices (one query, only when shown), `demo` and `theme`."""
    rooms = [
        {"key": key, "label": label, "url": reverse(name), "current": request.path.startswith(prefixes)}
        for key, label, name, prefixes in ROOMS
    ]
    theme = request.COOKIES.get("theme", "system")
    return {
        "rooms": rooms,
        "unread": SimpleLazyObject(lambda: _unread(request)),
        "demo": settings.DEMO,
        "theme": theme if theme in {"light", "dark"} else "system",
    }


def _unread(request: HttpRequest) -> int:
    user = getattr(request, "user", None)
    return user.notices.unread().count() if user is not None and user.is_authenticated else 0
