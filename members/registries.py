"""Where rooms above announce what can be done at a university; its page asks all of them.

A room registers a provider in its `AppConfig.ready()`. A provider answers with plain values and a constant number of
queries, and shows only what `user` may see.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet


@dataclass(frozen=True, kw_only=True)
class SectionRow:
    """One line: a link, what stands small beside it, and whether it is invented."""

    title: str
    url: str
    detail: str = ""
    is_sample: bool = False


@dataclass(frozen=True, kw_only=True)
class UniversitySection:
    """What one room has at one university; `room` gives the colour (programmes, exchange), `more_url` the full list.

    A section without rows is left out, unless `empty` says to this reader what could stand there.
    """

    title: str
    room: str
    rows: list[SectionRow]
    total: int
    more_url: str = ""
    more_label: str = ""
    empty: str = ""


_offers: dict[str, Callable[[], QuerySet]] = {}


def register_offer(name: str, universities: Callable[[], QuerySet]) -> None:
    """Announce `universities()`: the keys of those that have something of the kind `name` which everybody may see."""
    _offers[name] = universities


def offering(rows: QuerySet, name: str) -> QuerySet:
    """Those of `rows` (universities) that have something of the kind; none while no room has announced it."""
    return rows.filter(pk__in=_offers[name]()) if name in _offers else rows.none()


SectionProvider = Callable[[Any, Any, datetime], UniversitySection | None]

_section_providers: dict[str, SectionProvider] = {}


def register_university_section(name: str, provider: SectionProvider) -> None:
    """Announce `provider(university, user, now)`: a short section of that university's page, or None for nothing."""
    _section_providers[name] = provider


def sections_of(university: Any, user: Any, now: datetime) -> list[UniversitySection]:
    """The sections that have something to say, in the order of their names."""
    # By name: the order in which rooms start is that of the settings, and of no use to readers.
    found = [provider(university, user, now) for _, provider in sorted(_section_providers.items())]
    return [section for section in found if section is not None and (section.rows or section.empty)]
