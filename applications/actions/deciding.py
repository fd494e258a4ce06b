"""Decisions are prepared here and seen by the desk only; `releasing` sends them out in one batch."""

from django.db import transaction
from django.utils.translation import gettext as _

from applications import deliberation, letters
from applications.actions.guards import hold, hold_options, hold_round, log, may_or_refuse, words_or_refuse
from applications.allocation import Candidate, Reasons, allocate
from applications.models import Application, Choice, Decision, LetterTemplate, Round
from members.acts import Refused, record
from members.models import User

Outcome = LetterTemplate.Outcome


@transaction.atomic
def propose_decisions(*, round: Round, by: User) -> int:
    """Prepare a decision for every eligible application, by score and rank; returns how many.

    What a person prepared by hand stays, and the places it gives count as gone. Raises Refused while the round is open,
    while applications are unchecked, or while one has no finished review though the round has criteria.
    """
    hold_round(round)
    may_or_refuse(by, "applications.decide_application", round)
    _refuse_undecidable(round)
    by_hand = deliberation.prepared(round).filter(by_hand=True)
    kept, given = set(by_hand.values_list("application", flat=True)), deliberation.offered(by_hand)
    everyone = deliberation.candidates(round)
    _refuse_without_score(round, everyone)
    options = hold_options({option for candidate in everyone for option in candidate.ranked})
    left = deliberation.places_left(options)
    for option in given.values():
        left[option] = left.get(option, 0) - 1
    open_ones = [candidate for candidate in everyone if candidate.pk not in kept]
    reasons = Reasons(tuple(everyone), {**allocate(open_ones, left), **given})
    for candidate in open_ones:
        _propose(round, candidate, reasons, by)
    record("round.proposed", round, by=by, details={"count": len(open_ones)}, internal=True)
    return len(open_ones)


def _refuse_undecidable(round: Round) -> None:
    if round.state != Round.State.CLOSED:
        raise Refused(_("Decisions are prepared after the round has closed and before it is released."))
    unchecked = (Application.State.SUBMITTED, Application.State.MORE_INFO)
    waiting = round.applications.filter(state__in=unchecked).order_by("reference")
    if references := list(waiting.values_list("reference", flat=True)):
        raise Refused(_("Check these applications first: %(list)s.") % {"list": ", ".join(references)})


def _refuse_without_score(round: Round, everyone: list[Candidate]) -> None:
    unscored = sorted(candidate.reference for candidate in everyone if candidate.score is None)
    if unscored and round.criteria.exists():
        raise Refused(_("These applications have no finished review: %(list)s.") % {"list": ", ".join(unscored)})


def _propose(round: Round, candidate: Candidate, reasons: Reasons, by: User) -> None:
    application = round.applications.select_related("round__university", "applicant").get(pk=candidate.pk)
    option = reasons.given[candidate.pk]
    if option is None:
        first = candidate.ranked[0] if candidate.ranked else 0
        _write(application, Outcome.WAIT, None, reasons.for_no_offer(candidate, first), by, by_hand=False)
    else:
        choice = application.choices.select_related("option__host").get(option=option)
        _write(application, Outcome.OFFER, choice, reasons.for_offer(candidate, option), by, by_hand=False)


def _write(
    application: Application, outcome: str, choice: Choice | None, reason: str, by: User, *, by_hand: bool
) -> Decision:
    subject, letter = letters.write(application, outcome, choice, reason)
    decision, _made = Decision.objects.update_or_create(
        application=application,
        defaults={
            "outcome": outcome, "choice": choice, "reason": reason, "subject": subject, "letter": letter,
            "prepared_by": by, "by_hand": by_hand,
        },
    )  # fmt: skip
    return decision


@transaction.atomic
def prepare_decision(
    *, application: Application, outcome: str, choice: Choice | None, reason: str, by: User
) -> Decision:
    """Prepare one decision by hand, in place of what was there; a proposal later leaves it alone."""
    # A release waits for this row and reads the decisions once it has it: this one leaves, or is refused as too late.
    hold_round(application.round)
    hold(application)
    may_or_refuse(by, "applications.decide_application", application)
    if application.round.state != Round.State.CLOSED:
        raise Refused(_("Decisions are prepared after the round has closed and before it is released."))
    _refuse_wrong_outcome(application, outcome, choice)
    reason = words_or_refuse(reason)
    if not reason:
        raise Refused(_("Give the reason; the applicant reads it."))
    kept = choice if outcome == Outcome.OFFER else None
    decision = _write(application, outcome, kept, reason, by, by_hand=True)
    # Not `after`: that is the application's state, which a decision changes only when it is released.
    log("decision.prepared", application, by=by, reason=decision.reason, details={"outcome": outcome}, internal=True)
    return decision


def _refuse_wrong_outcome(application: Application, outcome: str, choice: Choice | None) -> None:
    state = application.state
    if state not in (Application.State.ELIGIBLE, Application.State.INELIGIBLE):
        raise Refused(_("Only an application that was checked can be decided."))
    if state == Application.State.INELIGIBLE and outcome != Outcome.REJECT:
        raise Refused(_("This application was found not eligible; find it eligible first."))
    if outcome == Outcome.OFFER and (choice is None or choice.application_id != application.pk):
        raise Refused(_("Choose the place that is offered."))
    if outcome == Outcome.OFFER and not application.choices.still_offered().filter(pk=choice.pk).exists():
        raise Refused(_("The host has taken this place back; choose another one."))


@transaction.atomic
def edit_letter(*, decision: Decision, subject: str, letter: str, by: User) -> Decision:
    """Change the words of a letter before it leaves; the decision then counts as prepared by hand."""
    hold(decision.application)
    may_or_refuse(by, "applications.decide_application", decision.application)
    subject, letter = words_or_refuse(subject, 160), letter.strip()
    if not subject or not letter:
        raise Refused(_("A letter needs a subject and a text."))
    # Compare-and-set, although the application is held: after the release the words are the student's.
    changed = Decision.objects.filter(pk=decision.pk, released_at=None).update(
        subject=subject, letter=letter, by_hand=True, prepared_by=by
    )
    if not changed:
        raise Refused(_("This letter has left already."))
    decision.refresh_from_db()
    log("letter.edited", decision.application, by=by, internal=True)
    return decision
