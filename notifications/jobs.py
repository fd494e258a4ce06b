"""The last run of each job of the clock, so that people can see that the portal's clock goes."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import close_old_connections, connection
from django.utils import timezone

from notifications.models import JobRun

ROOM_FOR_RESULT = 300


def recorded(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Write when the job `name` began, when it ended and what it returned or raised; put it under @shared_task.

    The job's own transaction must not be around this: a failure is written too.
    """

    def decorate(job: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(job)
        def run(*args: Any, **kwargs: Any) -> Any:
            started = timezone.now()
            JobRun.objects.update_or_create(name=name, defaults={"started_at": started, "ended_at": None})
            try:
                result = job(*args, **kwargs)
            except Exception as error:
                _end(name, is_good=False, result=f"{type(error).__name__}: {error}")
                raise
            _end(name, is_good=True, result="" if result is None else str(result))
            return result

        return run

    return decorate


def _end(name: str, *, is_good: bool, result: str) -> None:
    if not connection.in_atomic_block:
        close_old_connections()  # the failure may be that the connection is gone
    JobRun.objects.filter(name=name).update(ended_at=timezone.now(), is_good=is_good, result=result[:ROOM_FOR_RESULT])
