"""The secretariat's desk for what is to be forgotten: people who ask to be erased, and what is over its time."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from members.actions import privacy
from members.acts import Refused
from members.forms.privacy import RefuseErasureForm
from members.lists import show_list
from members.models import Erasure, Purge
from members.people_filters import ErasureCatalogue
from members.people_timeline import timeline_of
from members.personal_data import all_holdings, hindrances
from members.retention import preview

of_the_secretariat = permission_required("members.curate", raise_exception=True)
FORM_METHODS = ["GET", "HEAD", "POST"]
PURGES_SHOWN = 12


@require_safe
@of_the_secretariat
def retention_list(request: HttpRequest) -> HttpResponse:
    """A dry run: how long each kind is kept and what the next purge would throw away; the periods are set in the
    administration.
    """
    rows = preview(timezone.now())
    titles = {row["kind"].key: row["kind"].title for row in rows}
    purges = [
        {"title": titles.get(purge.kind, purge.kind), "purge": purge} for purge in Purge.objects.all()[:PURGES_SHOWN]
    ]
    return render(request, "people/retention_list.html", {"rows": rows, "purges": purges})


@require_safe
@of_the_secretariat
def erasure_list(request: HttpRequest) -> HttpResponse:
    found = Erasure.objects.visible_to(request.user).select_related("user", "decided_by")
    catalogue = ErasureCatalogue(request.GET, queryset=found, request=request)
    return show_list(request, catalogue, "people/erasure_list.html", filename="erasures")


@require_safe
@of_the_secretariat
def erasure_detail(request: HttpRequest, reference: str) -> HttpResponse:
    """How much is held of the person, never what it says; and what is still in the way."""
    erasure = _find(request, reference)
    is_open = erasure.state == Erasure.State.ASKED
    context = {
        "erasure": erasure,
        "is_open": is_open,
        "rows": _rows(erasure, is_open),
        "in_the_way": hindrances(erasure.user, timezone.now()) if is_open else [],
        "steps": timeline_of(erasure),
    }
    return render(request, "people/erasure_detail.html", context)


@require_http_methods(FORM_METHODS)
@of_the_secretariat
def erasure_carry_out(request: HttpRequest, reference: str) -> HttpResponse:
    erasure = _find(request, reference)

    def act() -> str:
        privacy.carry_out(erasure=erasure, by=request.user, now=timezone.now())
        return _("Everything is erased that need not stay, and the person was told by a last e-mail.")

    return _form_page(
        request, erasure, kind=forms.Form, act=act, template="people/erasure_carry_out.html", label=_("Erase now")
    )


@require_http_methods(FORM_METHODS)
@of_the_secretariat
def erasure_refuse(request: HttpRequest, reference: str) -> HttpResponse:
    erasure = _find(request, reference)

    def act(answer: str) -> str:
        privacy.refuse(erasure=erasure, answer=answer, by=request.user, now=timezone.now())
        return _("The person was told why.")

    return _form_page(
        request, erasure, kind=RefuseErasureForm, act=act, template="people/erasure_refuse.html", label=_("Refuse")
    )


def _find(request: HttpRequest, reference: str) -> Erasure:
    found = Erasure.objects.visible_to(request.user).select_related("user", "decided_by")
    return get_object_or_404(found, reference=reference)


def _rows(erasure: Erasure, is_open: bool) -> list[dict[str, Any]]:
    counted = {each.key: each.count(erasure.user) for each in all_holdings()} if is_open else erasure.done
    return [{"holding": each, "n": counted[each.key]} for each in all_holdings() if counted.get(each.key)]


@reauthentication_required
def _form_page(
    request: HttpRequest, erasure: Erasure, *, kind: type[forms.Form], act: Any, template: str, label: str
) -> HttpResponse:
    form = kind(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            said = act(**form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, said)
            return redirect(erasure)
    context = {"form": form, "erasure": erasure, "confirm_label": label, "is_final": True,
               "cancel_url": erasure.get_absolute_url()}  # fmt: skip
    return render(request, template, context)
