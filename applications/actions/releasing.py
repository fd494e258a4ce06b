"""Release: all decisions of a round leave together, and everybody ends with an outcome and a reason.

The whole round is one transaction: nobody reads a letter while somebody of the same round could still be left without
one, and what the database refuses at the last application has told nobody anything. Inside it the rows are written in
chunks, so that neither statements nor memory grow with the round.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext as _

from applications import appeals, deliberation, letters
from applications.actions import telling
from applications.actions.guards import (
    acts_for,
    hold_in_review,
    hold_round,
    may_or_refuse,
    no_place_is_given_twice,
)
from applications.allocation import Reasons
from applications.models import Application, Choice, Decision, LetterTemplate, Option, Round
from members.acts import Refused, line, record, record_all
from members.bulk import checked_at_once, update_each
from members.models import User

Outcome = LetterTemplate.Outcome
ACTS: dict[str, str] = {Outcome.OFFER: "offer", Outcome.WAIT: "wait", Outcome.REJECT: "reject"}
KINDS: dict[str, str] = {
    Outcome.OFFER: "application.offered",
    Outcome.WAIT: "application.waitlisted",
    Outcome.REJECT: "application.rejected",
}
CHUNK = 500  # measured: docs/decisions/a-round-is-released-at-once.md


@dataclass(frozen=True, kw_only=True)
class Leaving:
    """What all letters of one release have in common."""

    round: Round
    by: User
    on_behalf_of: User | None
    now: datetime
    last_moment: datetime
    appeal_by: datetime | None
    reasons: Reasons


@transaction.atomic
def release_round(*, round: Round, by: User, now: datetime) -> int:
    """Send every prepared decision of a closed round: letters frozen, notices queued, places taken; returns how many.

    Offers can be answered until the end of the N-th day in the round's own zone. Raises Refused, naming the
    applications, when one has no decision, when a place is prepared twice, or when somebody would wait although a
    place is free. The round's applications are held until the commit.
    """
    hold_round(round)
    may_or_refuse(by, "applications.release_round", round)
    if round.state != Round.State.CLOSED:
        raise Refused(_("Only a round that has closed and is not released yet can be released."))
    options, held = hold_in_review(round)
    # Not before the applications are held: a decision changed until a moment ago is the one that leaves.
    outcomes = dict(deliberation.prepared(round).values_list("application", "outcome"))
    _refuse_undecided(held, outcomes)
    _refuse_wrong_places(round, options, held, outcomes)
    leaving = _leaving(round, by, now)
    with checked_at_once():
        for pks in _chunks(list(held)):
            _release(pks, leaving)
    round.move("release", released_at=now)
    record(
        "round.released", round, by=by, on_behalf_of=leaving.on_behalf_of, before="closed", after=round.state,
        details={"count": len(held)},
    )  # fmt: skip
    telling.round_released(round, len(held), now)
    return len(held)


def _refuse_undecided(held: dict[int, tuple[str, str]], outcomes: dict[int, str]) -> None:
    ready = (Application.State.ELIGIBLE, Application.State.INELIGIBLE)
    undecided = [ref for pk, (ref, state) in held.items() if state not in ready or pk not in outcomes]
    if undecided:
        raise Refused(_("Without a decision: %(list)s.") % {"list": ", ".join(sorted(undecided))})


def _refuse_wrong_places(
    round: Round, options: dict[int, Option], held: dict[int, tuple[str, str]], outcomes: dict[int, str]
) -> None:
    """No place twice, and nobody waits before a free one; the option rows are held."""
    left = Counter(deliberation.places_left(options))
    offered = deliberation.offered(deliberation.prepared(round))
    left.subtract(Counter(option for pk, option in offered.items() if pk in held))
    kept = set(round.options.values_list("pk", flat=True))  # read while the options are held: a host waits for us
    gone = sorted(held[pk][0] for pk, option in offered.items() if pk in held and option not in kept)
    if gone:
        raise Refused(_("The host has taken back the place of: %(list)s. Propose again.") % {"list": ", ".join(gone)})
    too_many = [str(options[pk]) for pk, count in left.items() if count < 0]
    if too_many:
        raise Refused(_("More offers than places: %(list)s. Propose again.") % {"list": ", ".join(sorted(too_many))})
    ranked = deliberation.ranking(round.applications.filter(decision__outcome=Outcome.WAIT))
    waiting = [pk for pk in held if outcomes[pk] == Outcome.WAIT]
    idle = [held[pk][0] for pk in waiting if any(left[option] > 0 for option in ranked.get(pk, ()))]
    if idle:
        raise Refused(_("A place is free for those on the waiting list: %(list)s. Propose again.")
                      % {"list": ", ".join(idle)})  # fmt: skip


def _leaving(round: Round, by: User, now: datetime) -> Leaving:
    return Leaving(
        round=round,
        by=by,
        on_behalf_of=acts_for(by, round),
        now=now,
        last_moment=letters.answer_by(round, now),
        appeal_by=appeals.appeal_by(round, now),
        reasons=deliberation.reasons_as_prepared(round),
    )


def _chunks(pks: Sequence[int]) -> Iterator[Sequence[int]]:
    return (pks[start : start + CHUNK] for start in range(0, len(pks), CHUNK))


def _release(pks: Sequence[int], leaving: Leaving) -> None:
    """One chunk: states, choices, letters, the log and the notices, each in as many statements for 500 as for one."""
    joined = Decision.objects.select_related("application__applicant", "choice__option__host")
    decisions = list(joined.filter(application__in=pks).order_by("application"))
    for outcome in ACTS:
        _step(outcome, [decision.application for decision in decisions if decision.outcome == outcome], leaving)
    _settle_choices(decisions, leaving.reasons)
    for decision in decisions:
        _seal(decision, leaving)
    update_each(decisions, ["released_by", "released_at", "letter", "appeal_by"])
    record_all(_line(decision, leaving) for decision in decisions)
    telling.decided(decisions)


def _step(outcome: str, applications: Collection[Application], leaving: Leaving) -> None:
    """Take the step of `outcome` for all of them. Raises Refused with those that do not stand where it begins."""
    act, answer_by = ACTS[outcome], leaving.last_moment if outcome == Outcome.OFFER else None
    pks = [application.pk for application in applications]
    if Application.move_all(pks, act, state_since=leaving.now, answer_by=answer_by) < len(pks):
        wrong = ", ".join(application.reference for application in applications if not application.can(act))
        raise Refused(_("What is prepared does not fit any more: %(list)s. Decide anew.") % {"list": wrong})


def _seal(decision: Decision, leaving: Leaving) -> None:
    """The letter as it leaves, and the clock that it names."""
    decision.released_by, decision.released_at = leaving.by, leaving.now
    decision.appeal_by = None if decision.outcome == Outcome.OFFER else leaving.appeal_by
    letter = letters.seal(decision.letter, leaving.round, leaving.last_moment)
    decision.letter = letters.with_right_to_appeal(letter, leaving.round, decision.appeal_by)


def _line(decision: Decision, leaving: Leaving) -> models.Model:
    return line(
        KINDS[decision.outcome], decision.application, by=leaving.by, on_behalf_of=leaving.on_behalf_of,
        after=Application.TRANSITIONS[ACTS[decision.outcome]][1], reason=decision.reason,
        details={"place": decision.choice.option.place} if decision.choice else {},
    )  # fmt: skip


def _settle_choices(decisions: Iterable[Decision], reasons: Reasons) -> None:
    """Give every choice its result and its reason; the trigger on the table has the last word on places."""
    by_application = {decision.application_id: decision for decision in decisions}
    choices = list(Choice.objects.filter(application__in=by_application).order_by("application", "rank"))
    for choice in choices:
        choice.state, why = _result(choice, by_application[choice.application_id], reasons)
        choice.why = why
    with no_place_is_given_twice():
        update_each(choices, ["state", "why"])


def _result(choice: Choice, decision: Decision, reasons: Reasons) -> tuple[str, str]:
    """What becomes of one choice, and the sentence that says why."""
    offered = decision.choice if decision.outcome == Outcome.OFFER else None
    if offered and offered.rank == choice.rank:
        return Choice.State.OFFERED, decision.reason
    if offered and choice.rank > offered.rank:
        return Choice.State.NOT_NEEDED, _("You were placed at a higher choice.")
    candidate = reasons.by_pk.get(choice.application_id)
    if candidate is None or decision.outcome == Outcome.REJECT:
        return Choice.State.NOT_OFFERED, decision.reason
    if choice.option_id not in candidate.ranked:
        return Choice.State.NOT_OFFERED, _("The host has taken this place back.")
    state = Choice.State.WAITING if decision.outcome == Outcome.WAIT else Choice.State.NOT_OFFERED
    return state, reasons.for_no_offer(candidate, choice.option_id)
