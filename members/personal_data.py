"""Where every room announces what it holds of a person: for the download of one's own data, and for erasure.

A room describes each kind of thing as a `Holding` and registers it in its `AppConfig.ready()`. The words are read by
the person: what it is for, and what becomes of it after an erasure.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.db.models.fields.files import FieldFile


@dataclass(frozen=True, kw_only=True)
class HeldFile:
    """A stored file and the name it has in the download."""

    name: str
    file: FieldFile


def nothing(user: Any) -> Iterable[HeldFile]:
    return ()


def leave(user: Any, now: datetime) -> int:
    return 0


def no_hindrance(user: Any, now: datetime) -> str:
    return ""


@dataclass(frozen=True, kw_only=True)
class Holding:
    """One kind of data of a person.

    `rows(user)` gives plain values (they become JSON), `count(user)` how many there are with one query. `erase(user,
    now)` runs inside the transaction of the erasure, anonymises or deletes, and returns how many rows it touched.
    `hindrance(user, now)` is a sentence for the person while an erasure would harm what is still going on.
    """

    key: str
    title: Any
    purpose: Any
    afterwards: Any
    rows: Callable[[Any], list[dict[str, Any]]]
    count: Callable[[Any], int]
    files: Callable[[Any], Iterable[HeldFile]] = nothing
    erase: Callable[[Any, datetime], int] = leave
    hindrance: Callable[[Any, datetime], str] = no_hindrance


_holdings: dict[str, Holding] = {}


def register_personal_data(*holdings: Holding) -> None:
    """Announce what a room holds of people; the same key again takes the place of the first."""
    for holding in holdings:
        _holdings[holding.key] = holding


def all_holdings() -> list[Holding]:
    """Every holding, in the order in which the rooms announced them: the ground floor, with the account, comes last."""
    return list(_holdings.values())


def hindrances(user: Any, now: datetime) -> list[str]:
    """Why `user` cannot be erased, nor their account be closed, at `now`; empty when nothing is in the way."""
    return [sentence for holding in all_holdings() if (sentence := holding.hindrance(user, now))]


def told(rows: QuerySet, **columns: str) -> list[dict[str, Any]]:
    """The rows as plain values; each keyword names a key of the download and the column or path it is read from."""
    names, paths = list(columns), list(columns.values())
    return [dict(zip(names, row, strict=True)) for row in rows.values_list(*paths)]


def blank_history(model: Any, keys: Iterable[Any], **blanks: Any) -> None:
    """Blank columns in what the triggers wrote down of these rows: the history keeps that something changed."""
    model.pgh_event_model.objects.filter(pgh_obj_id__in=list(keys)).update(**blanks)
