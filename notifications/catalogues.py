"""Where rooms announce their lists, so that people can save a search in them and hear of what is new."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from members.lists import Catalogue


@dataclass(frozen=True)
class Asker:
    """Somebody who asks a list for rows without a request: who, and what would stand in the address."""

    user: Any
    GET: QueryDict


@dataclass(frozen=True, kw_only=True)
class WatchedList:
    """A list people may save searches in.

    `find(asker, now)` gives it as the page would show it to that person. `mark` names a column or annotation of its
    rows that changes when a row changes in something that matters; without one only new rows are news.
    """

    key: str
    label: Any
    room: str
    url_name: str
    find: Callable[[Asker, datetime], Catalogue]
    mark: str = ""

    @property
    def url(self) -> str:
        return reverse(self.url_name)


_lists: dict[str, WatchedList] = {}


def register_list(watched: WatchedList) -> None:
    """Announce a list; called in a room's `AppConfig.ready()`."""
    _lists[watched.key] = watched


def watched_list(key: str) -> WatchedList | None:
    return _lists.get(key)


def watched_lists() -> list[WatchedList]:
    """All of them, by their key."""
    return [watched for _, watched in sorted(_lists.items())]
