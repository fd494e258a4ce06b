"""Where rooms announce what the dashboard, the calendar and the home page are made of.

A room registers a provider in its `AppConfig.ready()`; the roof asks all of them. A provider answers with plain
values and a constant number of queries.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Task:
    """One thing that waits for a person: `since` when, what to do, with whom, where; `due_at` where there is a date."""

    since: datetime
    title: str
    detail: str
    url: str
    room: str
    state: str
    with_whom: str = ""
    due_at: datetime | None = None
    time_zone: str = "UTC"


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """A moment by which something must be done; `time_zone` is the one it was set in, `key` is stable."""

    key: str
    at: datetime
    time_zone: str
    title: str
    where: str
    url: str
    room: str
    kind: str
    calendar_url: str = ""
    changed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """Something that takes time: from when until when, on which clock; whole days where the hours are not known.

    `uid` is the one that its own calendar file has, so that a program shows it once; `when` says the days in words, as
    exactly as they are known.
    """

    uid: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    title: str
    where: str
    url: str
    room: str
    when: str
    is_exact: bool = True
    is_cancelled: bool = False
    changed_at: datetime | None = None


TaskProvider = Callable[[Any, datetime], Iterable[Task]]
DeadlineProvider = Callable[[Any, datetime], Iterable[Deadline]]

OccasionProvider = Callable[[Any, datetime], Iterable[Occasion]]

_occasion_providers: dict[str, OccasionProvider] = {}
_task_providers: dict[str, TaskProvider] = {}
_deadline_providers: dict[str, DeadlineProvider] = {}


def register_tasks(name: str, provider: TaskProvider) -> None:
    """Announce `provider(user, now)`: the tasks that wait for `user`."""
    _task_providers[name] = provider


def register_deadlines(name: str, provider: DeadlineProvider) -> None:
    """Announce `provider(user, now)`: the coming deadlines `user` may see; public ones for an anonymous user."""
    _deadline_providers[name] = provider


def tasks_for(user: Any, now: datetime) -> list[Task]:
    """Everything that waits for `user`, the longest waiting first."""
    found = [task for provider in _task_providers.values() for task in provider(user, now)]
    return sorted(found, key=lambda task: task.since)


def deadlines_for(user: Any, now: datetime) -> list[Deadline]:
    """Every coming deadline that `user` may see, the nearest first, each key once."""
    found = {d.key: d for provider in _deadline_providers.values() for d in provider(user, now) if d.at >= now}
    return sorted(found.values(), key=lambda deadline: deadline.at)


def register_occasions(name: str, provider: OccasionProvider) -> None:
    """Announce `provider(user, now)`: what is not over yet; public ones for an anonymous user, else those of `user`."""
    _occasion_providers[name] = provider


def occasions_for(user: Any, now: datetime) -> list[Occasion]:
    """Everything not over yet at which `user` is expected, or that is public, the nearest first."""
    found = [occasion for provider in _occasion_providers.values() for occasion in provider(user, now)]
    return sorted(found, key=lambda occasion: (occasion.starts_at, occasion.uid))
