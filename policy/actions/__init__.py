"""What people do with bodies and events: one act, one function, one transaction.

Order of locks: the event's row, then registrations. Whoever gives, frees or counts places holds the event's row; the
triggers on registrations and events are the last guard.
"""

from policy.actions.bodies import change_seats
from policy.actions.events import (
    add_event,
    archive_event,
    cancel_event,
    change_event,
    publish_event,
    restore_event,
)
from policy.actions.inviting import accept, decline, delegate, invite_body, invite_role, withdraw_invitation
from policy.actions.materials import add_material, remove_material
from policy.actions.registering import (
    approve,
    change_answers,
    leave,
    mark_attended,
    put_first,
    refuse,
    register,
    unmark_attended,
)
from policy.actions.waiting import fill_free_places

__all__ = [
    "accept",
    "add_event",
    "add_material",
    "approve",
    "archive_event",
    "cancel_event",
    "change_answers",
    "change_event",
    "change_seats",
    "decline",
    "delegate",
    "fill_free_places",
    "invite_body",
    "invite_role",
    "leave",
    "mark_attended",
    "publish_event",
    "put_first",
    "refuse",
    "register",
    "remove_material",
    "restore_event",
    "unmark_attended",
    "withdraw_invitation",
]
