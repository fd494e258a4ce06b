"""The waiting list moves up by itself: a place that comes free goes to the next who waits for it."""

from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext as _

from applications import letters
from applications.actions import telling
from applications.actions.guards import hold, hold_options, log, no_place_is_given_twice, step
from applications.models import Application, Choice, LetterTemplate, Option


@transaction.atomic
def move_up_waiting(*, option: Option, now: datetime) -> list[Application]:
    """Offer each free place of `option` to the next in line: by score, then the earlier submission, then the reference.

    Each moved-up application gets its own letter, notice and last day to answer; its other waiting choices end, because
    nobody gets two places. Safe to call at any time and twice. Returns whom a place was offered.
    """
    option = hold_options([option.pk])[option.pk]
    free = option.places - option.choices.holding_a_place().count()
    moved: list[Application] = []
    while len(moved) < free:
        choice = _next_in_line(option)
        if choice is None:
            break
        if _offer(choice, now):
            moved.append(choice.application)
    return moved


def waiting_line(*options: Option | int) -> models.QuerySet:
    """The choices that wait for `options`, the next in line first."""
    waiting = Choice.objects.still_offered().filter(
        option__in=options, state=Choice.State.WAITING, application__state=Application.State.WAITLISTED
    )
    score = Application.objects.filter(pk=models.OuterRef("application")).with_score().values("score")
    # As in `allocation`: who has no score comes after everybody who has one, not before as the database would sort it.
    by_score = models.F("score").desc(nulls_last=True)
    return waiting.annotate(score=models.Subquery(score)).order_by(
        by_score, "application__submitted_at", "application__reference"
    )


def _next_in_line(option: Option) -> Choice | None:
    return waiting_line(option).select_related("application__round__university", "option__host").first()


def _offer(choice: Choice, now: datetime) -> bool:
    """Offer the place unless the student left the list meanwhile; the option's row is held by the caller."""
    application = hold(choice.application)
    if not application.can("offer"):
        return False
    last_moment = letters.answer_by(application.round, now)
    step(application, "offer", now=now, answer_by=last_moment)
    why = _("A place came free and you were next on the waiting list.")
    with no_place_is_given_twice():
        Choice.objects.filter(pk=choice.pk).update(state=Choice.State.OFFERED, why=why)
    application.choices.filter(state=Choice.State.WAITING).update(
        state=Choice.State.NOT_NEEDED, why=_("You were offered another of your choices.")
    )
    log(
        "application.moved_up", application, by=None, before="waitlisted", after=application.state, reason=why,
        details={"place": choice.option.place},
    )  # fmt: skip
    subject, letter = letters.write(application, LetterTemplate.Outcome.OFFER, choice, why)
    telling.moved_up(application, choice, subject, letters.seal(letter, application.round, last_moment))
    return True
