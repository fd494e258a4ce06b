"""What may be done while somebody sees the portal as another person: reading, and what a room allows by name.

Nobody signs in as anybody: the session stays the supporter's own, and each request asks for the visit again. What is
not allowed here is refused, so a room that knows nothing of visits is read-only in them.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

SESSION_KEY = "support_visit"
SAFE = {"GET", "HEAD", "OPTIONS"}
# Open whatever else is closed: there must be a way back to oneself.
STOPPING = {"people:support_stop", "account_logout"}
# Passwords, factors, sessions, keys, the administration: by these a visit could outlive itself.
NEVER = ("account_", "mfa_", "socialaccount_", "openid_connect", "usersessions_", "admin:", "rest_", "api:")

Beginning = Callable[[Any], None]


@dataclass(frozen=True)
class Room:
    """Names of addresses in one room: what may be read (None: everything that the person may) and what may be done."""

    readable: frozenset[str] | None
    doable: frozenset[str]


_rooms: dict[str, Room] = {}
_beginnings: list[Beginning] = []
# A context and no argument: actions are called by views, forms and jobs that know nothing of visits.
_visit: ContextVar[Any] = ContextVar("visit", default=None)


def register_support(room: str, *, readable: Collection[str] | None = None, doable: Collection[str] = ()) -> None:
    """Say what of `room` may be read and done in a visit; the names are those of its addresses."""
    _rooms[room] = Room(None if readable is None else frozenset(readable), frozenset(doable))


def register_beginning(beginning: Beginning) -> None:
    """`beginning(visit)` runs in the transaction that begins a visit, e.g. to note which files it opens."""
    if beginning not in _beginnings:
        _beginnings.append(beginning)


def begin_everywhere(visit: Any) -> None:
    for beginning in _beginnings:
        beginning(visit)


def is_allowed(view_name: str, method: str) -> bool:
    """Whether an address may be asked for in a visit, whatever the person's own rights are."""
    if view_name in STOPPING:
        return True
    if view_name.startswith(NEVER):
        return False
    space, _colon, name = view_name.rpartition(":")
    room = _rooms.get(space, Room(None, frozenset()))
    if method not in SAFE:
        return name in room.doable
    return room.readable is None or name in room.readable or name in room.doable


@contextmanager
def visiting(visit: Any) -> Iterator[None]:
    """While this lasts, what the person does is logged as done by the supporter on the person's behalf."""
    token = _visit.set(visit)
    try:
        yield
    finally:
        _visit.reset(token)


def supporter_for(actor: Any) -> Any:
    """Who really acts when `actor` seems to: the supporter in a visit to `actor`, else None."""
    visit = _visit.get()
    return visit.supporter if visit is not None and actor is not None and actor.pk == visit.person_id else None
