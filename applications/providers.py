"""What this room tells the roof: the tasks that wait for a person and the deadlines that come near."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from notifications.registries import Deadline, Task, register_deadlines, register_tasks


def register() -> None:
    """Announce the providers of this room; called once, when the apps are ready."""
    register_tasks("applications", tasks)
    register_deadlines("applications", deadlines)


def tasks(user: Any, now: datetime) -> Iterator[Task]:
    """The applications that wait for `user`: as applicant, at a desk, as reviewer."""
    return iter(())


def deadlines(user: Any, now: datetime) -> Iterator[Deadline]:
    """The coming moments that matter to `user`: open rounds, own drafts and offers."""
    return iter(())
