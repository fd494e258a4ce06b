"""Pages of the portal by their names: who types "second factor" looks for no thing, but for the page that sets it.

The roof knows the pages and announces them with `register_ways`; here they are only found. They stand in no table,
because which there are follows from who is asking, at once and without an index that could be late.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from members.searching.typed import Typed, plain

AT_MOST = 4  # more would push what was looked for out of sight


@dataclass(frozen=True, kw_only=True)
class Way:
    """A page somebody may open; `words` are others by which people call it."""

    title: str
    url: str
    detail: str = ""
    words: str = ""


WayProvider = Callable[[Any, datetime], Iterable[Way]]

_providers: dict[str, WayProvider] = {}


def register_ways(name: str, provider: WayProvider) -> None:
    """Announce `provider(user, now)`: the pages `user` may open, `user` being anonymous for a visitor."""
    _providers[name] = provider


def ways_to(typed: Typed, user: Any, now: datetime) -> list[Way]:
    """The pages that have a word beginning with each word typed, those called so before those described so."""
    if typed.is_empty:
        return []
    known = {way.url: way for provider in _providers.values() for way in provider(user, now)}
    found = [way for way in known.values() if _has(f"{way.title} {way.detail} {way.words}", typed.terms)]
    return sorted(found, key=lambda way: not _has(way.title, typed.terms))[:AT_MOST]


def _has(text: str, terms: tuple[str, ...]) -> bool:
    words = plain(text).split()
    return all(any(word.startswith(term) for word in words) for term in terms)
