"""The desk's editor of a round, step by step: basics and window, choices, what is asked, rubric, letters, publish."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from applications import actions, letter_preview, letters, readiness
from applications.actions import preparing
from applications.actions.cloning import clone_round
from applications.filters.rounds import ChoosableFilter
from applications.forms.rounds import (
    CloneForm,
    LaterClosingForm,
    LettersForm,
    NewRoundForm,
    RoundCriteria,
    RoundDocuments,
    RoundForm,
    RoundRequirements,
)
from applications.models import Kind, LetterTemplate, Option, Round
from applications.registries import choosable_in
from applications.views.acting import attempt
from members.academic_years import running_on
from members.acts import Conflict, Refused
from members.forms.conflicts import still_typed, versions_of_form
from members.lists import show_list
from members.models import Act

FORM_PAGE = ["GET", "POST"]
# Steps that are one set of rows: the formset, the act that keeps them, the prefix of its fields, what is said.
ROW_STEPS = {
    "requirements": (RoundRequirements, preparing.ask_requirements),
    "documents": (RoundDocuments, preparing.ask_documents),
    "rubric": (RoundCriteria, preparing.set_criteria),
}


def run_by_me(request: HttpRequest, slug: str) -> Round:
    """The round, if the person sees it (else 404) and sits at its desk (else 403)."""
    round = get_object_or_404(Round.objects.visible_to(request.user).select_related("university"), slug=slug)
    if not request.user.has_perm("applications.run_round", round):
        raise PermissionDenied
    return round


def step_page(request: HttpRequest, round: Round, step: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """One step of the editor, with the row of steps above it; `blocked` when something stands in the way."""
    checked = readiness.points(round, timezone.now())
    shown = {
        "round": round,
        "steps": readiness.steps(round, step, checked),
        "points": checked,
        "blocked": any(point.stands_in_the_way for point in checked),
    }
    return render(request, f"applications/round_{step}.html", shown | context, status=status)


def following(round: Round, step: str) -> HttpResponse:
    """To the next step of the editor."""
    names = [name for name, _label in readiness.STEPS]
    return redirect(readiness.step_url(round, names[min(names.index(step) + 1, len(names) - 1)]))


@require_http_methods(FORM_PAGE)
def round_add(request: HttpRequest) -> HttpResponse:
    desks = request.user.universities_as(*Kind.desks[Kind.EXCHANGE])
    if not desks:
        raise PermissionDenied
    day = timezone.localdate()
    # A dual degree's comes from its intake.
    draft = Round(kind=Kind.EXCHANGE, university=desks[0], academic_year=running_on(day) + 1)
    form = NewRoundForm(request.POST or None, instance=draft, day=day, desks=desks)
    if request.method == "POST" and form.is_valid():
        try:
            round = preparing.add_round(round=form.instance, by=request.user)
            messages.success(request, _("Kept as a draft."))
            return following(round, "edit")
        except Refused as refused:
            form.add_error(None, str(refused))
    return render(request, "applications/round_add.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(FORM_PAGE)
def round_edit(request: HttpRequest, slug: str) -> HttpResponse:
    round = run_by_me(request, slug)
    form = RoundForm(request.POST or None, instance=round, day=timezone.localdate())
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        try:
            preparing.change_round(round=form.instance, version=form.cleaned_data["version"], by=request.user)
            messages.success(request, _("Saved."))
            return following(round, "edit")
        except Conflict as conflict:
            context = _both_versions(form, round, str(conflict))
        except Refused as refused:
            form.add_error(None, str(refused))
    # Read anew: the form has written into its instance, and the head of the page must not show what was refused.
    shown = Round.objects.select_related("university").get(pk=round.pk)
    status = 409 if "conflict" in context else 422 if form.errors else 200
    return step_page(request, shown, "edit", status=status, **context)


def _both_versions(form: RoundForm, round: Round, conflict: str) -> dict[str, Any]:
    stored = Round.objects.select_related("university").get(pk=round.pk)
    versions = versions_of_form(form, Round.objects.get(pk=round.pk))
    again = RoundForm(still_typed(form, stored.version), instance=stored, day=timezone.localdate())
    return {"form": again, "conflict": conflict, "versions": versions, "other": Act.objects.about(round).last()}


def round_choices(request: HttpRequest, slug: str) -> HttpResponse:
    """What can be chosen, and what else can be taken up; `?tab=more` shows the latter."""
    round = run_by_me(request, slug)
    choosable = choosable_in(round)
    adds = choosable is not None and request.GET.get("tab") == "more"
    rows = choosable.exclude(round_options__round=round) if adds else Option.objects.filter(round_options__round=round)
    found = ChoosableFilter(request.GET, rows.with_places_left().select_related("host", "field"), request=request)
    checked = readiness.points(round, timezone.now())
    extra = {
        "round": round,
        "steps": readiness.steps(round, "choices", checked),
        "adds": adds,
        "is_chosen_here": choosable is not None,
        "may_change": round.state in preparing.UNDECIDED,
        "tabs": _tabs(round, choosable, adds),
    }
    return show_list(request, found, "applications/round_choices.html", per_page=50, extra=extra, filename=slug)


def _tabs(round: Round, choosable: Any, adds: bool) -> list[dict[str, Any]]:
    address = readiness.step_url(round, "choices")
    taken = round.options.count()
    tabs = [{"label": _("In the round"), "url": address, "current": not adds, "count": taken}]
    if choosable is not None:
        rest = choosable.exclude(round_options__round=round).count()
        tabs.append({"label": _("Can be taken up"), "url": f"{address}?tab=more", "current": adds, "count": rest})
    return tabs


@require_http_methods(["POST"])
def round_choose(request: HttpRequest, slug: str) -> HttpResponse:
    """Take up or take out the ticked options, or all that the filters of the address find."""
    round = run_by_me(request, slug)
    act = request.POST.get("act", "")
    back = readiness.step_url(round, "choices") + ("" if act == "take_out" else "?tab=more")
    if act != "all" and not request.POST.getlist("option"):
        messages.warning(request, _("Tick the places first."))
        return redirect(back)
    # PostgreSQL has no letter NUL and would refuse the query.
    slugs = [slug.replace("\x00", "") for slug in request.POST.getlist("option")]
    ticked = list(Option.objects.filter(slug__in=slugs).values_list("pk", flat=True))
    try:
        if act == "take_out":
            n = preparing.drop_options(round=round, options=ticked, by=request.user)
            said = ngettext("%(n)d place taken out.", "%(n)d places taken out.", n) % {"n": n}
        else:
            wanted = _all_found(request, round) if act == "all" else ticked
            n = preparing.offer_options(round=round, options=wanted, by=request.user)
            said = ngettext("%(n)d place taken up.", "%(n)d places taken up.", n) % {"n": n}
        messages.success(request, said)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(back)


def _all_found(request: HttpRequest, round: Round) -> list[int]:
    """Every option that the filters in the address of this request find."""
    choosable = choosable_in(round)
    if choosable is None:
        return []
    rows = choosable.exclude(round_options__round=round).with_places_left()
    return list(ChoosableFilter(request.GET, rows, request=request).filtered().values_list("pk", flat=True))


@require_http_methods(FORM_PAGE)
def round_rows(request: HttpRequest, slug: str, step: str) -> HttpResponse:
    """Requirements, documents or rubric: one set of rows, saved together."""
    round = run_by_me(request, slug)
    formset_class, act = ROW_STEPS[step]
    rows = formset_class(request.POST or None, instance=round, prefix=step)
    refused_because = ""
    if request.method == "POST" and rows.is_valid():
        try:
            act(round=round, rows=rows.wanted(), by=request.user)
            messages.success(request, _("Saved."))
            return following(round, step)
        except Refused as refused:
            refused_because = str(refused)
    wrong = refused_because or rows.total_error_count()
    return step_page(request, round, step, status=422 if wrong else 200, rows=rows, refused=refused_because)


@require_http_methods(FORM_PAGE)
def round_letters(request: HttpRequest, slug: str) -> HttpResponse:
    """The letter of each outcome, with a preview of how it reads."""
    round = run_by_me(request, slug)
    prefetch_related_objects([round], "letters")
    standing = {outcome: letters.template_for(round, outcome) for outcome in LetterTemplate.Outcome.values}
    form = LettersForm(request.POST or None, letters=standing)
    if request.method == "POST" and form.is_valid():
        if request.POST.get("act") == "preview":
            return step_page(request, round, "letters", form=form, **_letters(form, round))
        if attempt(
            request,
            lambda: preparing.write_letters(round=round, letters=form.letters(), by=request.user),
            _("Saved."),
        ):
            return following(round, "letters")
    return step_page(request, round, "letters", form=form, status=422 if form.errors else 200, **_letters(form, round))


def _letters(form: LettersForm, round: Round) -> dict[str, Any]:
    """The fields by outcome, and each letter as an invented student would read it."""
    own = form.letters() if form.is_bound and form.is_valid() else {}
    rows = [
        {
            "outcome": outcome.label,
            "subject": form[f"{outcome}_subject"],
            "body": form[f"{outcome}_body"],
            "preview": letter_preview.sample(round, outcome, own.get(outcome)),
        }
        for outcome in LetterTemplate.Outcome
    ]
    return {"letters": rows, "placeholders": LetterTemplate.PLACEHOLDERS}


@require_http_methods(FORM_PAGE)
def round_publish(request: HttpRequest, slug: str) -> HttpResponse:
    """The check list; with nothing in the way, the button that publishes."""
    round = run_by_me(request, slug)
    if request.method == "POST":
        said = _("Published. Students can apply from the opening on.")
        if attempt(request, lambda: actions.publish_round(round=round, by=request.user), said):
            return redirect(round)
    return step_page(request, round, "publish")


@require_http_methods(FORM_PAGE)
def round_close(request: HttpRequest, slug: str) -> HttpResponse:
    round = run_by_me(request, slug)
    if request.method == "POST":
        now = timezone.now()
        attempt(request, lambda: actions.close_round(round=round, by=request.user, now=now), _("Closed."))
        return redirect(round)
    drafts = round.applications.filter(state="draft").count()
    return _confirm(request, round, "close", _("Close it now"), drafts=drafts, is_final=True)


@require_http_methods(FORM_PAGE)
def round_later(request: HttpRequest, slug: str) -> HttpResponse:
    """Let an open round close later, or open a closed one again: both with a reason."""
    round = run_by_me(request, slug)
    form = LaterClosingForm(request.POST or None, round=round)
    again = round.can("reopen")
    if request.method == "POST" and form.is_valid():
        words = {"closes_at": form.cleaned_data["closes_local"], "reason": form.cleaned_data["reason"]}
        act = actions.reopen_round if again else preparing.extend_round
        try:
            act(round=round, by=request.user, now=timezone.now(), **words)
            messages.success(request, _("It is open again.") if again else _("It closes later; the page says why."))
            return redirect(round)
        except Refused as refused:
            form.add_error("closes_local", str(refused))
    label = _("Open it again") if again else _("Close later")
    return _confirm(request, round, "later", label, form=form, again=again)


@require_http_methods(FORM_PAGE)
def round_archive(request: HttpRequest, slug: str) -> HttpResponse:
    round = run_by_me(request, slug)
    if request.method == "POST":
        attempt(
            request, lambda: actions.archive_round(round=round, by=request.user, now=timezone.now()), _("Archived.")
        )
        return redirect(round)
    return _confirm(request, round, "archive", _("Archive"))


@require_http_methods(FORM_PAGE)
def round_clone(request: HttpRequest, slug: str) -> HttpResponse:
    round = run_by_me(request, slug)
    form = CloneForm(request.POST or None, day=timezone.localdate(), initial={"academic_year": round.academic_year + 1})
    if request.method == "POST" and form.is_valid():
        try:
            copy = clone_round(round=round, academic_year=form.cleaned_data["academic_year"], by=request.user)
            messages.success(request, _("A draft for the other year. Look through it, then publish it."))
            return redirect("applications:round_edit", copy.slug)
        except Refused as refused:
            form.add_error("academic_year", str(refused))
    return _confirm(request, round, "clone", _("Make the draft"), form=form)


def _confirm(request: HttpRequest, round: Round, act: str, label: str, **more: Any) -> HttpResponse:
    """The page that asks whether one is sure."""
    context = {"round": round, "confirm_label": label, "cancel_url": round.get_absolute_url(), **more}
    wrong = "form" in more and more["form"].errors
    return render(request, f"applications/round_{act}.html", context, status=422 if wrong else 200)
