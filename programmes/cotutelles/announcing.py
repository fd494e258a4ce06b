"""What cotutelles tell the roof: the files that wait for a person, and the planned end of the own doctorate."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications.registries import Deadline, Task, register_deadlines, register_tasks
from programmes.models import Cotutelle

ROOM = "programmes"
State = Cotutelle.State
TO_DO = {
    State.DRAFT: gettext_lazy("Write your cotutelle and request its opening"),
    State.SENT_BACK: gettext_lazy("Mend your cotutelle"),
    State.REQUESTED: gettext_lazy("Decide about a cotutelle"),
    State.HOME_AGREED: gettext_lazy("Decide about a cotutelle"),
    State.PARTNER_AGREED: gettext_lazy("Decide about a cotutelle"),
    State.CONVENTION: gettext_lazy("Draw up a convention"),
    State.SIGNED: gettext_lazy("Record that a doctorate has begun"),
    State.RUNNING: gettext_lazy("Record a defence, or an end without one"),
}


def register() -> None:
    register_tasks("cotutelles", tasks)
    register_deadlines("cotutelles", deadlines)


def tasks(user: Any, now: datetime) -> Iterator[Task]:
    """Files in which the next thing is `user`'s to do: one query."""
    waiting = Cotutelle.objects.waiting_for(user, timezone.localdate(now)).with_sides()
    for cotutelle in waiting.order_by("state_since"):
        is_mine = cotutelle.candidate_id == user.pk
        yield Task(
            since=cotutelle.waits_since,
            title=str(TO_DO[cotutelle.state]),
            detail=cotutelle.title if is_mine else f"{cotutelle.candidate}: {cotutelle.title}",
            url=cotutelle.get_absolute_url(),
            room=ROOM,
            state=str(cotutelle.get_state_display()),
            with_whom=cotutelle.pair,
        )


def deadlines(user: Any, now: datetime) -> Iterator[Deadline]:
    """The planned end of the own doctorate, at the end of that day at home: one query."""
    if user is None or not user.is_authenticated:
        return
    yesterday = timezone.localdate(now) - timedelta(days=1)  # here; the day may go on for hours west of here
    running = Cotutelle.objects.visible_to(user).filter(candidate=user, state=State.RUNNING, ends_on__gte=yesterday)
    for cotutelle in running.with_sides():
        at = datetime.combine(cotutelle.ends_on, time(23, 59), tzinfo=ZoneInfo(cotutelle.home.time_zone))
        # The exact end is that of the zone, which stands in another table for each row.
        if at <= now:
            continue
        yield Deadline(
            key=f"cotutelle:{cotutelle.reference}",
            at=at,
            time_zone=cotutelle.home.time_zone,
            title=_("Planned end of your doctorate"),
            where=cotutelle.pair,
            url=cotutelle.get_absolute_url(),
            room=ROOM,
            kind="cotutelle",
        )
