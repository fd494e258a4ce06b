"""Light or dark: a person's choice, kept in a cookie for a year; without a choice the system decides."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

THEMES = {"system", "light", "dark"}
A_YEAR = 365 * 24 * 60 * 60


# Without the CSRF check: it changes nothing but colours, and a token in the foot of every page would keep public
# pages out of caches.
@csrf_exempt
@require_POST
@login_not_required
def theme(request):
    """Keep the choice and go back to the page it was made on."""
    back = request.POST.get("next", "/")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    if "/" not in back or not is_ours:  # `redirect` would take a mere word for the name of a view
        back = "/"
    answer = redirect(back)
    chosen = request.POST.get("theme")
    if chosen in THEMES:
        answer.set_cookie(
            "theme", chosen, max_age=A_YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, httponly=True
        )
    return answer
