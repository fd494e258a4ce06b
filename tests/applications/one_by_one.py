"""The rules of a proposal and of a release told one application at a time, as slow as they are plain: what both in
chunks must equal.

They share with the real acts who may, the locks, the words and the single step of the machine; everything that the
real acts do for many rows at once is done here for one row after another.
"""

from collections import Counter

from django.utils.translation import gettext as _

from applications import appeals, deliberation, letters
from applications.actions import telling
from applications.actions.guards import acts_for, hold, hold_options, hold_round, log, may_or_refuse, step
from applications.allocation import Candidate, Reasons, allocate, shown
from applications.models import Application, Choice, Decision, Round
from members.acts import Refused, record
from notifications.actions import notify

STEPS = {
    "offer": ("offer", "application.offered"),
    "wait": ("wait", "application.waitlisted"),
    "reject": ("reject", "application.rejected"),
}


def propose_decisions(*, round, by):
    hold_round(round)
    may_or_refuse(by, "applications.decide_application", round)
    by_hand = list(deliberation.prepared(round).filter(by_hand=True).select_related("choice"))
    given = {d.application_id: d.choice.option_id for d in by_hand if d.outcome == "offer"}
    everyone = deliberation.candidates(round)
    left = Counter(deliberation.places_left(hold_options(o for c in everyone for o in c.ranked)))
    left.subtract(given.values())
    open_ones = [c for c in everyone if c.pk not in {decision.application_id for decision in by_hand}]
    reasons = Reasons(tuple(everyone), {**allocate(open_ones, left), **given})
    for candidate in open_ones:
        propose(round.applications.get(pk=candidate.pk), candidate, reasons, by)
    record("round.proposed", round, by=by, details={"count": len(open_ones)}, internal=True)
    return len(open_ones)


def propose(application, candidate, reasons, by):
    option = reasons.given[candidate.pk]
    if option is None:
        outcome, choice = "wait", None
        reason = reasons.for_no_offer(candidate, candidate.ranked[0] if candidate.ranked else 0)
    else:
        outcome, choice = "offer", application.choices.get(option=option)
        reason = reasons.for_offer(candidate, option)
    subject, letter = letters.write(application, outcome, choice, reason)
    Decision.objects.update_or_create(
        application=application,
        defaults={
            "outcome": outcome, "choice": choice, "reason": reason, "subject": subject, "letter": letter,
            "prepared_by": by, "by_hand": False,
        },
    )  # fmt: skip


def release_round(*, round, by, now):
    hold_round(round)
    may_or_refuse(by, "applications.release_round", round)
    if round.state != Round.State.CLOSED:
        raise Refused(_("Only a round that has closed and is not released yet can be released."))
    decisions = {
        decision.application_id: decision
        for decision in deliberation.prepared(round).select_related("choice__option__host")
    }
    applications = list(round.applications.filter(state__in=Application.State.in_review).order_by("pk"))
    refuse_undecided(applications, decisions)
    refuse_wrong_places(applications, decisions)
    everyone = deliberation.candidates(round)
    given = {a.pk: decisions[a.pk].choice.option_id for a in applications if decisions[a.pk].outcome == "offer"}
    for application in applications:
        release(hold(application), decisions[application.pk], everyone, given, by=by, now=now)
    round.move("release", released_at=now)
    record(
        "round.released", round, by=by, on_behalf_of=acts_for(by, round), before="closed", after="released",
        details={"count": len(applications)},
    )  # fmt: skip
    telling.round_released(round, len(applications), now)


def refuse_undecided(applications, decisions):
    undecided = [
        a.reference for a in applications if a.state not in ("eligible", "ineligible") or a.pk not in decisions
    ]
    if undecided:
        raise Refused(_("Without a decision: %(list)s.") % {"list": ", ".join(sorted(undecided))})


def refuse_wrong_places(applications, decisions):
    options = hold_options(c.option_id for a in applications for c in a.choices.all())
    left = Counter(deliberation.places_left(options))
    for application in applications:
        if decisions[application.pk].outcome == "offer":
            left[decisions[application.pk].choice.option_id] -= 1
    too_many = sorted(str(options[pk]) for pk, count in left.items() if count < 0)
    if too_many:
        raise Refused(_("More offers than places: %(list)s. Propose again.") % {"list": ", ".join(too_many)})
    idle = [
        a.reference
        for a in applications
        if decisions[a.pk].outcome == "wait" and any(left[choice.option_id] > 0 for choice in a.choices.still_offered())
    ]
    if idle:
        words = _("A place is free for those on the waiting list: %(list)s. Propose again.")
        raise Refused(words % {"list": ", ".join(idle)})


def release(application, decision, everyone, given, *, by, now):
    is_offer, last_moment = decision.outcome == "offer", letters.answer_by(application.round, now)
    act, kind = STEPS[decision.outcome]
    step(application, act, now=now, answer_by=last_moment if is_offer else None)
    for choice in application.choices.order_by("rank"):
        state, why = result(choice, decision, everyone, given)
        Choice.objects.filter(pk=choice.pk).update(state=state, why=why)
    appeal_by = None if is_offer else appeals.appeal_by(application.round, now)
    letter = letters.seal(decision.letter, application.round, last_moment)
    letter = letters.with_right_to_appeal(letter, application.round, appeal_by)
    Decision.objects.filter(pk=decision.pk).update(released_by=by, released_at=now, letter=letter, appeal_by=appeal_by)
    details = {"place": decision.choice.option.place} if decision.choice else {}
    log(kind, application, by=by, after=application.state, reason=decision.reason, details=details)
    notify(
        recipients=[application.applicant], topic="applications", subject=decision.subject, body=letter,
        key=f"application.decided:{application.pk}", url=application.get_absolute_url(),
    )  # fmt: skip


def result(choice, decision, everyone, given):
    offered = decision.choice.rank if decision.outcome == "offer" else None
    if offered == choice.rank:
        return "offered", decision.reason
    if offered and choice.rank > offered:
        return "not_needed", _("You were placed at a higher choice.")
    mine = [candidate for candidate in everyone if candidate.pk == choice.application_id]
    if not mine or decision.outcome == "reject":
        return "not_offered", decision.reason
    if choice.option_id not in mine[0].ranked:
        return "not_offered", _("The host has taken this place back.")
    return ("waiting" if decision.outcome == "wait" else "not_offered"), why_not(mine[0], choice, everyone, given)


def why_not(mine: Candidate, choice, everyone, given):
    """The sentence of `allocation.Reasons`, found by looking at everybody anew."""
    winners = [candidate for candidate in everyone if given.get(candidate.pk) == choice.option_id]
    scores = [candidate.score for candidate in winners if candidate.score is not None]
    count = {1: "The place went", 2: "Both places went"}.get(len(winners), f"All {len(winners)} places went")
    if not winners:
        return "No place was left here."
    if any(candidate.turn > mine.turn for candidate in winners):
        return "The office gave the places to other applicants."
    if not scores or mine.score is None:
        return f"{count} to applications ranked before yours."
    lowest = shown(min(scores))
    to = f"{count} to a score of {lowest}" if len(winners) == 1 else f"{count} to scores of {lowest} or more"
    if min(scores) == mine.score:
        return f"{to}, submitted before yours ({shown(mine.score)})."
    return f"{to}; yours is {shown(mine.score)}."
