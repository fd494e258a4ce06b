"""What people do with funding calls: one act, one function, one transaction."""

from funding.actions.following import follow_call, unfollow_call
from funding.actions.interests import change_interest, express_interest, withdraw_interest
from funding.actions.programmes import telling_followers
from funding.actions.writing import (
    add_call,
    archive_call,
    change_call,
    note_change,
    propose_call,
    publish_call,
    restore_call,
    send_back_call,
)

__all__ = [
    "add_call",
    "archive_call",
    "change_call",
    "change_interest",
    "express_interest",
    "follow_call",
    "note_change",
    "propose_call",
    "publish_call",
    "restore_call",
    "send_back_call",
    "telling_followers",
    "unfollow_call",
    "withdraw_interest",
]
