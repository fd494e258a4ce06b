"""Who acts for a university or for the consortium, and giving mandates there."""

from datetime import date, datetime
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from members.actions import invitations
from members.acts import Refused
from members.forms.people import GiveForm
from members.lists import show_list
from members.models import Invitation, Mandate, Role, University, User
from members.people_filters import MandateCatalogue
from members.permissions import roles_to_give
from members.views.people_mandates import OVER, with_acts

IN_FORCE_SHOWN, ENDED_SHOWN = 50, 20


@require_safe
def mandate_list(request: HttpRequest) -> HttpResponse:
    """The secretariat finds everybody here, others the people of their own universities."""
    seen = Mandate.objects.visible_to(request.user).select_related("person", "deputy", "university")
    catalogue = MandateCatalogue(request.GET, queryset=seen, request=request, day=timezone.localdate())
    return show_list(request, catalogue, "people/mandate_list.html", filename="mandates")


@require_safe
def university_people(request: HttpRequest, slug: str) -> HttpResponse:
    university = get_object_or_404(University.objects.visible_to(request.user), slug=slug)
    if not request.user.has_perm("members.see_people", university):
        raise PermissionDenied
    return _people_page(request, university)


@require_safe
def consortium_people(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("members.curate"):
        raise PermissionDenied
    return _people_page(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def mandate_give(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    """Give a role at the university, or of the consortium where no university is named."""
    # First found, then asked who may: of a university that is hidden nobody hears that it is there.
    university = get_object_or_404(University.objects.visible_to(request.user), slug=slug) if slug else None
    roles = roles_to_give(request.user, university)
    if not roles:
        raise PermissionDenied
    return _give_page(request, university, roles)


@reauthentication_required
def _give_page(request: HttpRequest, university: University | None, roles: tuple[str, ...]) -> HttpResponse:
    """Only for people who gave their password within the last minutes."""
    form = GiveForm(request.POST or None, roles=roles, initial={"starts_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            given = invitations.give_or_invite(
                university=university, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _said(given))
            if university:
                return redirect("people:university_people", university.slug)
            return redirect("people:consortium_people")
    return render(request, "people/mandate_give.html", {"form": form, "university": university})


def _said(given: Mandate | Invitation) -> str:
    if isinstance(given, Invitation):
        return _("%(email)s has no account yet and was invited by e-mail.") % {"email": given.email}
    words = {"person": given.person, "role": given.get_role_display(), "day": date_format(given.starts_on)}
    if given.starts_on > timezone.localdate():
        return _("%(person)s is %(role)s from %(day)s and was told.") % words
    return _("%(person)s is now %(role)s and was told.") % words


def _people_page(request: HttpRequest, university: University | None) -> HttpResponse:
    today = timezone.localdate()
    rows = _rows(university, request.user, today)
    in_force = [row for row in rows if row["standing"] == "now"]
    may_give = bool(roles_to_give(request.user, university))
    invited = Invitation.objects.waiting().filter(university=university).with_backing(today)
    context = {
        "university": university,
        "page_obj": Paginator(in_force, IN_FORCE_SHOWN).get_page(request.GET.get("page")),
        "coming": [row for row in rows if row["standing"] == "coming"],
        "ended": [row for row in rows if row["standing"] in OVER][:ENDED_SHOWN],
        "may_give": may_give,
        "may_confirm": university is not None and request.user.has_perm("members.confirm_student", university),
        "invitations": _invitation_rows(invited, timezone.now()) if may_give else [],
        "lacks_official": university is not None and not any(_is_official(row) for row in rows),
    }
    return render(request, "people/university_people.html", context)


def _invitation_rows(invited: QuerySet, now: datetime) -> list[dict[str, Any]]:
    """Those first that somebody in office has to confirm or take back."""
    waiting = invited.select_related("invited_by").order_by("is_backed", "-created_at", "-pk")
    return [{"invitation": each, "is_open": each.is_open(now), "is_backed": each.is_backed} for each in waiting]


def _rows(university: University | None, user: User, today: date) -> list[dict[str, Any]]:
    """Every mandate there, in the order of the roles."""
    order = {role: number for number, role in enumerate(Role.values)}
    found = Mandate.objects.filter(university=university).select_related("person", "deputy", "university")
    ordered = sorted(found, key=lambda mandate: (order[mandate.role], -mandate.starts_on.toordinal()))
    return [with_acts(mandate, user, today) for mandate in ordered]


def _is_official(row: dict[str, Any]) -> bool:
    return row["standing"] == "now" and row["mandate"].role == Role.OFFICIAL
