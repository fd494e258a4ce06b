"""The calendar: what comes near, and the feeds by which calendar programs read it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members.acts import Refused
from members.limits import FEEDS, READING, limited
from members.rest import caching
from notifications import calendar_addresses, calendar_feeds
from notifications.models import CalendarAddress
from notifications.registries import deadlines_for, occasions_for

SHOWN = 40
KEPT = 900  # seconds


@login_not_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What is due and what takes place, for everybody; for a person also what is theirs, and the secret address."""
    now, user = timezone.now(), request.user
    address = CalendarAddress.objects.filter(user=user).first() if user.is_authenticated else None
    public = _absolute(reverse("calendar:public"))
    mine = _absolute(address.get_absolute_url()) if address else ""
    context = {
        "deadlines": deadlines_for(user, now)[:SHOWN],
        "occasions": occasions_for(user, now)[:SHOWN],
        "public": {"url": public, "webcal": _webcal(public)},
        "address": address,
        "mine": {"url": mine, "webcal": _webcal(mine)},
    }
    return render(request, "notifications/calendar.html", context)


@login_not_required
@require_safe
@limited("feeds", FEEDS, READING)
def public(request: HttpRequest) -> HttpResponse:
    """Deadlines and events that everybody may see."""
    # As a visitor even for somebody who is signed in: caches on the way hand this answer to everybody.
    response = _feed(_("CLUSTER"), AnonymousUser())
    response["Cache-Control"] = f"public, max-age={KEPT}"
    return caching.revalidated(request, response)


@login_not_required
@require_safe
@limited("feeds", FEEDS, READING)
def mine(request: HttpRequest, token: str) -> HttpResponse:
    """One person's dates, for whoever knows the address."""
    owner = calendar_addresses.owner_of(token, timezone.now())
    if owner is None:
        raise Http404
    response = _feed(_("CLUSTER: mine"), owner)
    response["Cache-Control"] = f"private, max-age={KEPT}"
    # The address is the key: in a search engine's list it would be everybody's.
    response["X-Robots-Tag"] = "noindex"
    return caching.revalidated(request, response)


@require_POST
def address_make(request: HttpRequest) -> HttpResponse:
    calendar_addresses.make_address(user=request.user, now=timezone.now())
    messages.success(request, _("Your calendar has a new address. An older one no longer works."))
    return redirect(f"{reverse('calendar:page')}#mine")


@require_http_methods(["GET", "HEAD", "POST"])
def address_revoke(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        try:
            calendar_addresses.revoke_address(user=request.user)
            messages.success(request, _("The address is taken back. Programs that use it find nothing."))
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect("calendar:page")
    context = {"confirm_label": _("Take it back"), "cancel_url": reverse("calendar:page"), "is_final": True}
    return render(request, "notifications/calendar_revoke.html", context)


def _feed(name: str, user: Any) -> HttpResponse:
    now = timezone.now()
    content = calendar_feeds.feed(
        name=name,
        deadlines=deadlines_for(user, now),
        occasions=occasions_for(user, now),
        base=settings.PUBLIC_URL,
        now=now,
    )
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")


def _absolute(path: str) -> str:
    return f"{settings.PUBLIC_URL}{path}"


def _webcal(url: str) -> str:
    """The address that opens a calendar program."""
    return f"webcal://{url.partition('://')[2]}" if url else ""
