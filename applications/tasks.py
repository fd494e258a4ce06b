"""Jobs of the clock: remind before a deadline, close rounds, expire offers.

Each may run twice, late, or be killed at any line: every application or round is one act in a transaction of its own,
and a reminder carries a key that can be told once.
"""

from collections.abc import Callable
from functools import partial

from celery import shared_task
from django.db.models import F, QuerySet
from django.utils import timezone

from applications import actions, reminders
from applications.models import Application, Choice, Option, Round


@shared_task(name="applications.remind")
def remind() -> int:
    """Remind of drafts, offers, documents for a nomination and appeals to answer; returns how many were told."""
    return reminders.send_due(timezone.now())


@shared_task(name="applications.close_due_rounds")
def close_due_rounds() -> int:
    """Close every published round whose window has ended; returns how many this run closed."""
    now, closed = timezone.now(), 0
    for round in Round.objects.due_to_close(now).order_by("pk"):
        # One transaction each, so a run that is killed leaves whole rounds behind it, and the next one goes on.
        closed += _unless_refused(partial(actions.close_round, round=round, by=None, now=now))
    return closed


@shared_task(name="applications.expire_due_offers")
def expire_due_offers() -> int:
    """Expire every offer whose last moment has passed, then let waiting lists move into places that stand free.

    The second part mends what a killed process or a host who added places left behind. Returns how many offers expired.
    """
    now, expired = timezone.now(), 0
    # Asked for again by the act, under its lock: between this list and the act a student may answer.
    due = Application.objects.filter(state=Application.State.OFFERED, answer_by__lt=now)
    for application in due.order_by("answer_by", "pk"):
        expired += _unless_refused(partial(actions.expire_offer, application=application, now=now))
    for option in places_that_stand_free():
        actions.move_up_waiting(option=option, now=now)
    return expired


def places_that_stand_free() -> QuerySet:
    """Options with a free place and somebody who waits for it."""
    waited_for = (
        Choice.objects.still_offered()
        .filter(state=Choice.State.WAITING, application__state=Application.State.WAITLISTED)
        .values("option")
    )
    return Option.objects.filter(pk__in=waited_for).with_places_left().filter(taken__lt=F("places")).order_by("pk")


def _unless_refused(act: Callable[[], object]) -> int:
    """Run one act; somebody who was faster is no error. Returns 1 when it was done."""
    try:
        act()
    except actions.Refused:
        return 0
    return 1
