"""Acts repeated until nobody else wrote meanwhile: the snapshot is one for all databases of the server."""

from collections.abc import Callable
from typing import TypeVar

from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.remembering import snapshot

Found = TypeVar("Found")


def while_nobody_writes(act: Callable[[], Found], tries: int = 200) -> Found:
    """What `act` gave when no other test on this server wrote between its beginning and its end."""
    for _ in range(tries):
        before = snapshot()
        found = act()
        if snapshot() == before:
            return found
    raise AssertionError(f"Somebody wrote during each of {tries} tries.")


def queries_of(act: Callable[[], object]) -> int:
    """How many queries `act` costs."""
    with CaptureQueriesContext(connection) as asked:
        act()
    return len(asked)
