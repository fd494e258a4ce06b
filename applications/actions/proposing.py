"""Proposing the decisions of a round by score and rank, for all its applications in one go.

The whole round is held while it is looked at and written: an office that finds somebody not eligible meanwhile waits,
and its "no" comes after the proposal instead of under it. The rows are written in chunks, as in `releasing`.
"""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import deliberation, letters
from applications.actions.guards import hold_in_review, hold_round, may_or_refuse
from applications.allocation import Candidate, Reasons, allocate
from applications.models import Application, Choice, Decision, LetterTemplate, Round
from members.acts import Refused, record
from members.bulk import checked_at_once, update_each
from members.models import User

Outcome = LetterTemplate.Outcome
CHUNK = 500
PROPOSED = ("outcome", "choice", "reason", "subject", "letter", "prepared_by", "by_hand", "prepared_at")


@transaction.atomic
def propose_decisions(*, round: Round, by: User) -> int:
    """Prepare a decision for every eligible application, by score and rank; returns how many.

    What a person prepared by hand stays, and the places it gives count as gone. Raises Refused while the round is open,
    while applications are unchecked, or while one has no finished review though the round has criteria.
    """
    hold_round(round)
    may_or_refuse(by, "applications.decide_application", round)
    if round.state != Round.State.CLOSED:
        raise Refused(_("Decisions are prepared after the round has closed and before it is released."))
    options, held = hold_in_review(round)
    _refuse_unchecked(held)
    everyone = deliberation.candidates(round)  # as from here on: nothing read before the locks is believed
    _refuse_without_score(round, everyone)
    by_hand = deliberation.prepared(round).filter(by_hand=True)
    kept, given = set(by_hand.values_list("application", flat=True)), deliberation.offered(by_hand)
    left = deliberation.places_left(options)
    for option in given.values():
        left[option] = left.get(option, 0) - 1
    open_ones = [candidate for candidate in everyone if candidate.pk not in kept]
    reasons = Reasons(tuple(everyone), {**allocate(open_ones, left), **given})
    prefetch_related_objects([round], "letters")
    with checked_at_once():
        for start in range(0, len(open_ones), CHUNK):
            _propose(round, open_ones[start : start + CHUNK], reasons, by)
    record("round.proposed", round, by=by, details={"count": len(open_ones)}, internal=True)
    return len(open_ones)


def _refuse_unchecked(held: dict[int, tuple[str, str]]) -> None:
    unchecked = (Application.State.SUBMITTED, Application.State.MORE_INFO)
    if references := sorted(reference for reference, state in held.values() if state in unchecked):
        raise Refused(_("Check these applications first: %(list)s.") % {"list": ", ".join(references)})


def _refuse_without_score(round: Round, everyone: list[Candidate]) -> None:
    unscored = sorted(candidate.reference for candidate in everyone if candidate.score is None)
    if unscored and round.criteria.exists():
        raise Refused(_("These applications have no finished review: %(list)s.") % {"list": ", ".join(unscored)})


def _propose(round: Round, candidates: Sequence[Candidate], reasons: Reasons, by: User) -> None:
    """One chunk: what stands there is written over by its key, what is new is added; a statement each."""
    pks = [candidate.pk for candidate in candidates]
    applications = round.applications.select_related("applicant").in_bulk(pks)
    joined = Choice.objects.filter(application__in=pks).select_related("option__host")
    choices = {(choice.application_id, choice.option_id): choice for choice in joined}
    there = dict(Decision.objects.filter(application__in=pks).values_list("application", "pk"))
    proposed = []
    for candidate in candidates:
        application, option = applications[candidate.pk], reasons.given[candidate.pk]
        application.round = round  # the one with its letters and its university
        choice = None if option is None else choices[candidate.pk, option]
        proposed.append(_decision(application, choice, _why(candidate, option, reasons), by))
    for decision in proposed:
        decision.pk, decision.prepared_at = there.get(decision.application_id), timezone.now()
    update_each([decision for decision in proposed if decision.pk], PROPOSED)
    Decision.objects.bulk_create(decision for decision in proposed if not decision.pk)


def _why(candidate: Candidate, option: int | None, reasons: Reasons) -> str:
    if option is not None:
        return reasons.for_offer(candidate, option)
    return reasons.for_no_offer(candidate, candidate.ranked[0] if candidate.ranked else 0)


def _decision(application: Application, choice: Choice | None, reason: str, by: User) -> Decision:
    outcome = Outcome.OFFER if choice else Outcome.WAIT
    subject, letter = letters.write(application, outcome, choice, reason)
    return Decision(
        application=application, outcome=outcome, choice=choice, reason=reason, subject=subject, letter=letter,
        prepared_by=by, by_hand=False,
    )  # fmt: skip
