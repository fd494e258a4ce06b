"""The last run of each job of the clock, so that people can see that the portal's clock goes.

Celery says when a job begins and ends; this listens, so that no room has to think of it.
"""

from typing import Any

from celery import states
from celery.signals import task_postrun, task_prerun
from django.conf import settings
from django.db import close_old_connections, connection
from django.utils import timezone

from notifications.models import JobRun

ROOM_FOR_RESULT = 300


def listen() -> None:
    """Called when the app starts."""
    task_prerun.connect(begin, dispatch_uid="notifications.jobs.begin")
    task_postrun.connect(end, dispatch_uid="notifications.jobs.end")


def begin(task: Any, **details: Any) -> None:
    """Write that a job of the clock began."""
    if task.name in _jobs_of_the_clock():
        JobRun.objects.update_or_create(name=task.name, defaults={"started_at": timezone.now(), "ended_at": None})


def end(task: Any, retval: Any = None, state: str = "", **details: Any) -> None:
    """Write how it ended: what it returned, or what it raised."""
    if task.name not in _jobs_of_the_clock():
        return
    if not connection.in_atomic_block:
        close_old_connections()  # the failure may be that the connection is gone
    result = f"{type(retval).__name__}: {retval}" if isinstance(retval, Exception) else _in_words(retval)
    JobRun.objects.filter(name=task.name).update(
        ended_at=timezone.now(), is_good=state == states.SUCCESS, result=result[:ROOM_FOR_RESULT]
    )


def _in_words(returned: Any) -> str:
    return "" if returned is None else str(returned)


def _jobs_of_the_clock() -> set[str]:
    return {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
