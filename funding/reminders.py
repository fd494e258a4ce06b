"""Reminders for those who follow a call: it opens, a deadline comes near. Each has a key and is told once."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from funding.actions.telling import followers
from funding.models import Call, CallStage
from members.zones import written
from notifications.actions import notify
from notifications.models import Topic

AHEAD = (("1d", timedelta(days=1)), ("7d", timedelta(days=7)))
# The job runs every quarter of an hour; so long it may stand still, and an opening is told all the same.
JUST_OPENED = timedelta(days=2)


def send_due(now: datetime) -> int:
    """Tell followers of stages that opened in the last two days, and of deadlines less than seven days, or one, ahead.

    Returns how many people were told; told once per moment and distance, however often or late this runs.
    """
    # Excluded, not filtered by deadline__gt: a stage without a deadline is open too.
    opened = _stages().filter(opens_at__gt=now - JUST_OPENED, opens_at__lte=now).exclude(deadline__lte=now)
    told = sum(_opened(stage) for stage in opened)
    for mark, start, end in _windows(now):
        told += sum(_closes(stage, mark) for stage in _stages().filter(deadline__gt=start, deadline__lte=end))
    return told


def _windows(now: datetime) -> Iterator[tuple[str, datetime, datetime]]:
    """Distances as windows that do not overlap, so that a late run does not tell the same thing twice over."""
    start = now
    for mark, distance in AHEAD:
        yield mark, start, now + distance
        start = now + distance


def _stages() -> QuerySet[CallStage]:
    """Stages of published calls that somebody follows."""
    published = CallStage.objects.filter(call__state=Call.State.PUBLISHED, call__follows__isnull=False)
    # Distinct, because the join gives a stage once for each follower of its call.
    return published.select_related("call__programme").distinct().order_by("pk")


def _opened(stage: CallStage) -> int:
    until = ""
    if stage.deadline:
        until = _("Proposals are taken until %(moment)s.") % {"moment": written(stage.deadline, stage.time_zone)}
    return _tell(
        stage,
        subject=_("Open now: %(call)s") % {"call": stage.call.title},
        body=f"{_('A call you follow has opened: %(stage)s.') % {'stage': stage}} {until}".strip(),
        key=f"call-opened:{stage.pk}:{stage.opens_at:%Y%m%d%H%M}",
    )


def _closes(stage: CallStage, mark: str) -> int:
    moment = written(stage.deadline, stage.time_zone)
    return _tell(
        stage,
        subject=_("Deadline near: %(call)s") % {"call": stage.call.title},
        body=_("%(stage)s closes on %(moment)s, on the funder's clock.") % {"stage": stage, "moment": moment},
        key=f"call-closes:{stage.pk}:{stage.deadline:%Y%m%d%H%M}:{mark}",  # a deadline that was moved is told anew
    )


def _tell(stage: CallStage, *, subject: str, body: str, key: str) -> int:
    told = notify(
        recipients=followers(stage.call), topic=Topic.DEADLINES, subject=subject, body=body, key=key,
        url=stage.call.get_absolute_url(),
    )  # fmt: skip
    return len(told)
