"""The organisers' board of one event: who comes, who waits, many at once; whom they invite."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from members.acts import Refused
from members.lists import show_list
from policy import actions, deciding
from policy.actions.waiting import places_left
from policy.filters import RegistrationFilter
from policy.forms.registering import InviteForm, RefuseForm
from policy.models import Event, EventInvitation
from policy.views.organising import find

FORM_PAGE = ["GET", "POST"]
INVITATIONS_SHOWN = 50
PEOPLE = ("person", "university", "invitation__university", "invitation__seat__person", "invitation__seat__university")


def registration_list(request: HttpRequest, slug: str) -> HttpResponse:
    event = find(request, slug, "policy.see_registrations")
    runs = request.user.has_perm("policy.decide_registration", event)
    questions = list(event.questions.all())
    rows = event.registrations.by_turn().select_related(*PEOPLE)
    found = RegistrationFilter(request.GET, rows, request=request, questions=questions, runs=runs)
    counted = Event.objects.with_registrations().get(pk=event.pk)
    extra = {"event": event, "runs": runs, "questions": questions, "taken": counted.taken, "queued": counted.queued}
    return show_list(request, found, "policy/registration_list.html", extra=extra, filename=f"{event.slug}-people")


@require_http_methods(FORM_PAGE)
def many_registrations(request: HttpRequest, slug: str) -> HttpResponse:
    """What an act on the ticked people would do, one by one; then do it."""
    event = find(request, slug, "policy.decide_registration")
    asked = request.POST if request.method == "POST" else request.GET
    act = asked.get("act", "")
    if act not in deciding.ACTS:
        return redirect("policy:registration_list", event.slug)
    # Django refuses the whole filter for one value that is no UUID, and the address is anybody's to write.
    known = [reference for reference in asked.getlist("person") if _is_uuid(reference)]
    # In the order in which the act goes through them: the preview counts the places that are left by it.
    rows = list(event.registrations.filter(reference__in=known).by_turn().order_by("rank", "line", "asked_at", "pk")
                .select_related(*PEOPLE))  # fmt: skip
    form = RefuseForm(request.POST or None) if act == "refuse" else None
    if request.method == "POST" and (form is None or form.is_valid()):
        return _do(request, event, act, rows, form)
    shown = deciding.preview(act, rows, event, places_left(event))
    context = {
        "event": event, "act": act, "rows": shown, "going": sum(row["goes"] for row in shown), "form": form,
        "button": deciding.ACTS[act][2],
    }  # fmt: skip
    return render(request, "policy/many_registrations.html", context, status=422 if form and form.errors else 200)


def _do(request: HttpRequest, event: Event, act: str, rows: list[Any], form: RefuseForm | None) -> HttpResponse:
    for row in rows:
        row.event = event
    more = {"reason": form.cleaned_data["reason"]} if form else {}
    done, refusals = deciding.do_to_many(act, rows, by=request.user, now=timezone.now(), **more)
    if done:
        messages.success(request, ngettext("%(n)d person done.", "%(n)d people done.", done) % {"n": done})
    for refusal in refusals:
        messages.warning(request, refusal)
    return redirect("policy:registration_list", event.slug)


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


@require_http_methods(FORM_PAGE)
def invitation_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Whom the organisers invited and what became of it; the form to invite more."""
    event = find(request, slug, "policy.invite")
    form = InviteForm(request.POST or None, event=event, day=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        try:
            _invite(request, event, form)
            return redirect("policy:invitation_list", event.slug)
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {"event": event, "form": form, "counts": _by_answer(event), "page_obj": _invited(request, event)}
    return render(request, "policy/invitation_list.html", context, status=422 if form.errors else 200)


def _invited(request: HttpRequest, event: Event) -> Page:
    joined = ("university", "seat__person", "seat__university", "delegate", "answered_by")
    return Paginator(event.invitations.select_related(*joined), INVITATIONS_SHOWN).get_page(request.GET.get("page"))


def _by_answer(event: Event) -> list[dict[str, Any]]:
    """How many invitations stand how, as components/figures.html reads them."""
    counts = dict(event.invitations.order_by().values_list("state").annotate(n=Count("pk")))
    # All but the last: taken back.
    return [{"value": counts.get(state, 0), "label": label} for state, label in EventInvitation.State.choices[:4]]


def _invite(request: HttpRequest, event: Event, form: InviteForm) -> None:
    common = {"event": event, "by": request.user, "now": timezone.now()}
    if form.cleaned_data["whom"] == "body":
        made = actions.invite_body(body=form.cleaned_data["body"], **common)
    else:
        universities = form.invited_universities()
        made = actions.invite_role(role=form.cleaned_data["role"], universities=universities, **common)
    if made:
        said = ngettext("%(n)d invitation sent.", "%(n)d invitations sent.", len(made)) % {"n": len(made)}
        messages.success(request, said)
    else:
        messages.warning(request, _("Everybody of these is invited already."))


@require_POST
def invitation_withdraw(request: HttpRequest, reference: UUID) -> HttpResponse:
    seen = EventInvitation.objects.filter(event__in=Event.objects.visible_to(request.user).values("pk"))
    invitation = get_object_or_404(seen.select_related("event__body", "event__host"), reference=reference)
    if not request.user.has_perm("policy.invite", invitation.event):
        raise PermissionDenied
    try:
        actions.withdraw_invitation(invitation=invitation, by=request.user, now=timezone.now())
        messages.success(request, _("Taken back. Who is registered stays registered."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("policy:invitation_list", invitation.event.slug)
