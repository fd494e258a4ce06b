"""The bodies of the consortium: the list, and one with who sits in it on a day."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from members.acts import Conflict, Refused
from members.lists import show_list
from policy import actions, sitting
from policy.filters import BodyFilter
from policy.forms.bodies import SeatRows
from policy.models import Body


@login_not_required
def body_list(request: HttpRequest) -> HttpResponse:
    day = timezone.localdate()
    rows = Body.objects.with_rank(day).with_seats(day)
    found = BodyFilter(request.GET, rows, request=request)
    return show_list(request, found, "policy/body_list.html", filename="bodies")


@login_not_required
def body_detail(request: HttpRequest, slug: str) -> HttpResponse:
    body = get_object_or_404(Body, slug=slug)
    today = timezone.localdate()
    return render(
        request,
        "policy/body_detail.html",
        sitting.page(body, request.user, _asked_day(request) or today, timezone.now()),
    )


@require_http_methods(["GET", "POST"])
def body_seats(request: HttpRequest, slug: str) -> HttpResponse:
    """Who sits in it: rows of people and universities, dated."""
    body = get_object_or_404(Body, slug=slug)
    if not request.user.has_perm("policy.edit_body_members", body):
        raise PermissionDenied
    seats = body.memberships.select_related("person", "university").in_rank()
    rows = SeatRows(request.POST or None, instance=body, queryset=seats, prefix="seats")
    context: dict[str, Any] = {"body": body, "rows": rows, "version": request.POST.get("version", body.version)}
    if request.method == "POST" and rows.is_valid():
        try:
            _keep(request, body, rows)
            return redirect(body)
        except Conflict as conflict:
            context |= sitting.after_conflict(body, rows, conflict)
        except Refused as refusal:
            context["refused"] = str(refusal)
    status = 409 if "conflict" in context else 422 if request.method == "POST" else 200
    return render(request, "policy/body_seats.html", context, status=status)


def _keep(request: HttpRequest, body: Body, rows: Any) -> None:
    typed = request.POST.get("version", "")
    # isdecimal, since "²" is a digit to Python and no number; ten figures are beyond the column.
    version = int(typed) if typed.isdecimal() and len(typed) < 10 else 0
    actions.change_seats(body=body, version=version, rows=rows.wanted(), by=request.user)
    messages.success(request, _("Saved. Who sits in it today stands first."))


def _asked_day(request: HttpRequest) -> date | None:
    """The day in the address, when it is one."""
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return None
