"""The waiting list moves up by itself: a place that comes free goes to the next who waits for it."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import models, transaction
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from applications import letters
from applications.actions import telling
from applications.actions.guards import hold_applications, hold_options, log, no_place_is_given_twice, step
from applications.models import Application, Choice, LetterTemplate, Option

# As in `allocation`: who has no score comes after everybody who has one, not before as the database would sort it.
NEXT_FIRST = (models.F("score").desc(nulls_last=True), "application__submitted_at", "application__reference")


@transaction.atomic
def move_up_waiting(*, option: Option, now: datetime) -> list[Application]:
    """Offer each free place of `option` to the next in line: by score, then the earlier submission, then the reference.

    Each moved-up application gets its own letter, notice and last day to answer; its other waiting choices end, because
    nobody gets two places. Safe to call at any time and twice. Returns whom a place was offered.
    """
    option = hold_options([option.pk])[option.pk]
    free = option.places - option.choices.holding_a_place().count()
    if free <= 0:
        return []
    hold_lines([option.pk])
    joined = waiting_line(option).select_related(
        "application__round__university", "application__applicant", "option__host"
    )
    first = list(joined[:free])
    for choice in first:
        _offer(choice, now)
    return [choice.application for choice in first]


def hold_lines(options: Iterable[int], *, joined_by: Application | None = None) -> None:
    """Lock all who wait for `options`, and `joined_by`, in the order of their keys; the options are held already.

    The line itself goes by score: locked as places are given, two lines with the same people would wait for each other.
    Nobody joins a line or leaves it by withdrawing while its option is held; another option's place may still go to
    somebody in it, so the line is read after this.
    """
    waiting = waiting_line(*options).order_by().values_list("application", flat=True)
    mine = [joined_by.pk] if joined_by else []
    hold_applications(Application.objects.filter(pk__in=[*waiting, *mine]))


def waiting_line(*options: Option | int) -> models.QuerySet:
    """The choices that wait for `options`, the next in line first."""
    waiting = Choice.objects.still_offered().filter(
        option__in=options, state=Choice.State.WAITING, application__state=Application.State.WAITLISTED
    )
    score = Application.objects.filter(pk=models.OuterRef("application")).with_score().values("score")
    return waiting.annotate(score=models.Subquery(score)).order_by(*NEXT_FIRST)


def places_in_line(choices: Collection[Choice]) -> dict[int, int]:
    """How many wait for the same place up to each of `choices` that waits, itself included, by its pk; the database
    counts, and only their own places are read.
    """
    place = models.Window(RowNumber(), partition_by=models.F("option"), order_by=NEXT_FIRST)
    line = waiting_line(*{choice.option_id for choice in choices}).annotate(place=place).order_by()
    # Named beside the place, the keys narrow what was counted; alone they would narrow it before the counting.
    mine = models.Q(pk__in=[choice.pk for choice in choices]) | models.Q(place=None)
    return dict(line.filter(mine).values_list("pk", "place"))


def _offer(choice: Choice, now: datetime) -> None:
    """Offer the place; the rows of the option and of the application are held by the caller."""
    application = choice.application
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
