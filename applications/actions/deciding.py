"""Decisions made by hand and letters in own words, seen by the desk only; `releasing` sends them out in one batch."""

from django.db import transaction
from django.utils.translation import gettext as _

from applications import letters
from applications.actions.guards import hold, hold_round, log, may_or_refuse, words_or_refuse
from applications.models import Application, Choice, Decision, LetterTemplate, Round
from members.acts import Refused
from members.models import User

Outcome = LetterTemplate.Outcome


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
    decision = _write(application, outcome, kept, reason, by)
    # Not `after`: that is the application's state, which a decision changes only when it is released.
    log("decision.prepared", application, by=by, reason=decision.reason, details={"outcome": outcome}, internal=True)
    return decision


def _write(application: Application, outcome: str, choice: Choice | None, reason: str, by: User) -> Decision:
    subject, letter = letters.write(application, outcome, choice, reason)
    decision, _made = Decision.objects.update_or_create(
        application=application,
        defaults={
            "outcome": outcome, "choice": choice, "reason": reason, "subject": subject, "letter": letter,
            "prepared_by": by, "by_hand": True,
        },
    )  # fmt: skip
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
