"""Decisions: proposed by score and rank, changed by hand, letters read, then released in one batch."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from applications import actions
from applications.decision_board import decisions_of
from applications.forms.desk import DecisionForm, LetterForm
from applications.models import Decision
from applications.views.acting import attempt, find, not_taken
from applications.views.desk import decidable_round

DECIDE = "applications.decide_application"


def round_decisions(request: HttpRequest, slug: str) -> HttpResponse:
    """Everybody in the round by score, with what is prepared for each, and how full each place is."""
    round = decidable_round(request, slug)
    context = decisions_of(round, timezone.now(), request.GET.get("page"))
    return render(request, "applications/round_decisions.html", context)


@require_POST
def round_propose(request: HttpRequest, slug: str) -> HttpResponse:
    round = decidable_round(request, slug)
    said = _("Decisions are prepared. Nothing has left; read them before you release.")
    attempt(request, lambda: actions.propose_decisions(round=round, by=request.user), said)
    return redirect("applications:round_decisions", slug)


def round_release(request: HttpRequest, slug: str) -> HttpResponse:
    """The last look before all letters leave at once."""
    round = decidable_round(request, slug)
    back = reverse("applications:round_decisions", args=[slug])
    if request.method == "POST":
        said = _("Released. Every applicant was told.")
        attempt(request, lambda: actions.release_round(round=round, by=request.user, now=timezone.now()), said)
        return redirect(back)
    context = decisions_of(round, timezone.now())
    labels = {"confirm_label": _("Release all decisions"), "cancel_url": back, "is_final": True}
    return render(request, "applications/round_release.html", context | labels)


def decision_edit(request: HttpRequest, reference: str) -> HttpResponse:
    """Decide one application by hand."""
    application = find(request, reference, DECIDE)
    form = DecisionForm(request.POST or None, application=application)
    if request.method == "POST" and form.is_valid():
        prepared = attempt(
            request,
            lambda: actions.prepare_decision(application=application, by=request.user, **form.cleaned_data),
            _("Prepared. Nothing has left yet."),
        )
        if prepared:
            return redirect("applications:letter_edit", reference)
    cancel = reverse("applications:round_decisions", args=[application.round.slug])
    context = {"application": application, "form": form, "cancel_url": cancel}
    return render(request, "applications/decision_edit.html", context, status=not_taken(request))


def letter_edit(request: HttpRequest, reference: str) -> HttpResponse:
    """Read and change one letter before it leaves; afterwards it can only be read."""
    application = find(request, reference, DECIDE)
    decision = get_object_or_404(Decision, application=application)
    form = LetterForm(request.POST or None, initial={"subject": decision.subject, "letter": decision.letter})
    back = reverse("applications:round_decisions", args=[application.round.slug])
    if request.method == "POST" and form.is_valid():
        done = attempt(
            request,
            lambda: actions.edit_letter(decision=decision, by=request.user, **form.cleaned_data),
            _("The letter is saved. It leaves with the release."),
        )
        if done:
            return redirect(back)
    context = {"application": application, "decision": decision, "form": form, "cancel_url": back}
    return render(request, "applications/letter_edit.html", context, status=not_taken(request))
