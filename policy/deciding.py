"""Acts on many registrations at once: what each would do in words, then doing it, one transaction each."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.acts import Refused
from members.models import User
from policy import actions
from policy.models import Event, Registration

States = Registration.State

# act: (from which states, what it does in words, the button, the action)
ACTS: dict[str, tuple[tuple[str, ...], Any, Any, Callable[..., Any]]] = {
    "approve": ((States.ASKED,), gettext_lazy("gets a place"), gettext_lazy("Approve"), actions.approve),
    "refuse": (
        (States.ASKED, States.WAITING), gettext_lazy("is not accepted and is told why"), gettext_lazy("Refuse"),
        actions.refuse,
    ),
    "first": (
        (States.WAITING,), gettext_lazy("comes to the front of the waiting list"), gettext_lazy("Put first"),
        actions.put_first,
    ),
    "attend": ((States.APPROVED,), gettext_lazy("was there"), gettext_lazy("Note"), actions.mark_attended),
    "unattend": ((States.ATTENDED,), gettext_lazy("was not there"), gettext_lazy("Note"), actions.unmark_attended),
}  # fmt: skip


def preview(act: str, rows: Iterable[Registration], event: Event, left: int | None) -> list[dict[str, Any]]:
    """What `act` would do to each row; approvals count the places that are left, in the order of the rows."""
    sources, words, _button, _action = ACTS[act]
    shown = []
    for row in rows:
        if row.state not in sources:
            stays = _("stays as it is: %(state)s") % {"state": row.get_state_display().lower()}
            shown.append({"registration": row, "goes": False, "words": stays})
            continue
        said = str(words)
        if act == "approve" and left is not None:
            said = said if left > 0 else _("goes to the waiting list: no place is left")
            left -= 1
        shown.append({"registration": row, "goes": True, "words": said})
    return shown


def do_to_many(
    act: str, rows: Iterable[Registration], *, by: User, now: datetime, **more: Any
) -> tuple[int, list[str]]:
    """Do `act` to each row it fits; returns how many went through and why the others did not."""
    sources, _words, _button, action = ACTS[act]
    done, refusals = 0, []
    # Each goes before everybody who waits, so the last of them goes first: they keep their order among themselves.
    for row in reversed([*rows]) if act == "first" else rows:
        # The preview has said that they stay as they are; so no refusal is told for each of them.
        if row.state not in sources:
            continue
        try:
            action(registration=row, by=by, now=now, **more)
            done += 1
        except Refused as refused:
            refusals.append(f"{row.person}: {refused}")
    return done, refusals
