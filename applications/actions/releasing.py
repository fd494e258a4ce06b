"""Release: all decisions of a round leave in one batch, and everybody ends with an outcome and a reason."""

from collections import Counter
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from applications import appeals, deliberation, letters
from applications.actions import telling
from applications.actions.guards import (
    hold,
    hold_options,
    hold_round,
    log,
    may_or_refuse,
    no_place_is_given_twice,
    step,
)
from applications.allocation import Reasons
from applications.models import Application, Choice, Decision, LetterTemplate, Option, Round
from members.acts import Refused, record
from members.models import User

Outcome = LetterTemplate.Outcome
ACTS: dict[str, str] = {Outcome.OFFER: "offer", Outcome.WAIT: "wait", Outcome.REJECT: "reject"}
KINDS: dict[str, str] = {
    Outcome.OFFER: "application.offered",
    Outcome.WAIT: "application.waitlisted",
    Outcome.REJECT: "application.rejected",
}


@transaction.atomic
def release_round(*, round: Round, by: User, now: datetime) -> int:
    """Send every prepared decision of a closed round: letters frozen, notices queued, places taken; returns how many.

    Offers can be answered until the end of the N-th day in the round's own zone. Raises Refused, naming the
    applications, when one has no decision, when a place is prepared twice, or when somebody would wait although a
    place is free.
    """
    hold_round(round)
    may_or_refuse(by, "applications.release_round", round)
    if round.state != Round.State.CLOSED:
        raise Refused(_("Only a round that has closed and is not released yet can be released."))
    decisions = deliberation.prepared(round)
    applications = _undecided_refused(round, decisions)
    reasons = deliberation.reasons_as_prepared(round)
    options = hold_options(c.option_id for a in applications for c in a.choices.all())
    _refuse_wrong_places(options, applications, decisions)
    last_moment = letters.answer_by(round, now)
    for application in applications:
        _release(hold(application), decisions[application.pk], reasons, by=by, now=now, last_moment=last_moment)
    round.move("release", released_at=now)
    record("round.released", round, by=by, before="closed", after=round.state, details={"count": len(applications)})
    telling.round_released(round, len(applications), now)
    return len(applications)


def _undecided_refused(round: Round, decisions: dict[int, Decision]) -> list[Application]:
    """The applications that are to be decided; raises Refused with those that cannot be yet."""
    waiting = round.applications.filter(state__in=Application.State.in_review)
    found = list(waiting.prefetch_related("choices").order_by("pk"))
    ready = (Application.State.ELIGIBLE, Application.State.INELIGIBLE)
    undecided = [a.reference for a in found if a.state not in ready or a.pk not in decisions]
    if undecided:
        raise Refused(_("Without a decision: %(list)s.") % {"list": ", ".join(sorted(undecided))})
    return found


def _refuse_wrong_places(
    options: dict[int, Option], applications: list[Application], decisions: dict[int, Decision]
) -> None:
    """No place twice, and nobody waits before a free one; the option rows are held."""
    left = Counter(deliberation.places_left(options))
    left.subtract(Counter(deliberation.offered(decisions[a.pk] for a in applications).values()))
    too_many = [str(options[pk]) for pk, count in left.items() if count < 0]
    if too_many:
        raise Refused(_("More offers than places: %(list)s. Propose again.") % {"list": ", ".join(sorted(too_many))})
    waiting = [a for a in applications if decisions[a.pk].outcome == Outcome.WAIT]
    idle = [a.reference for a in waiting if any(left[choice.option_id] > 0 for choice in a.choices.all())]
    if idle:
        raise Refused(_("A place is free for those on the waiting list: %(list)s. Propose again.")
                      % {"list": ", ".join(sorted(idle))})  # fmt: skip


def _release(
    application: Application, decision: Decision, reasons: Reasons, *, by: User, now: datetime, last_moment: datetime
) -> None:
    outcome = decision.outcome
    step(application, ACTS[outcome], now=now, answer_by=last_moment if outcome == Outcome.OFFER else None)
    _settle_choices(application, decision, reasons)
    appeal_by = None if outcome == Outcome.OFFER else appeals.appeal_by(application.round, now)
    letter = letters.seal(decision.letter, application.round, last_moment)
    letter = letters.with_right_to_appeal(letter, application.round, appeal_by)
    Decision.objects.filter(pk=decision.pk).update(released_by=by, released_at=now, letter=letter, appeal_by=appeal_by)
    log(KINDS[outcome], application, by=by, after=application.state, reason=decision.reason,
        details={"place": decision.choice.option.place} if decision.choice else {})  # fmt: skip
    telling.decided(application, decision.subject, letter)


def _settle_choices(application: Application, decision: Decision, reasons: Reasons) -> None:
    """Give every choice its result and its reason."""
    candidate = next((c for c in reasons.candidates if c.pk == application.pk), None)
    offered_rank = decision.choice.rank if decision.outcome == Outcome.OFFER else None
    for choice in application.choices.all():
        if offered_rank == choice.rank:
            state, why = Choice.State.OFFERED, decision.reason
        elif offered_rank and choice.rank > offered_rank:
            state, why = Choice.State.NOT_NEEDED, _("You were placed at a higher choice.")
        elif candidate is None or decision.outcome == Outcome.REJECT:
            state, why = Choice.State.NOT_OFFERED, decision.reason
        else:
            waits = decision.outcome == Outcome.WAIT
            state = Choice.State.WAITING if waits else Choice.State.NOT_OFFERED
            why = reasons.for_no_offer(candidate, choice.option_id)
        with no_place_is_given_twice():
            Choice.objects.filter(pk=choice.pk).update(state=state, why=why[:300])
