"""The acts of the application engine: one act, one function, one transaction; the actor is `by`, None is the clock.

All refuse with `Refused` and a sentence for the person who tried; the order of locks is in `guards`.
"""

from applications.actions.answering import accept_offer, decline_offer, expire_offer
from applications.actions.appealing import dismiss_appeal, file_appeal, uphold_appeal, withdraw_appeal
from applications.actions.applying import Incomplete, TooLate, answer_request, save_draft, start, submit, withdraw
from applications.actions.checking import ask_more, find_eligible, find_ineligible, open_with_reason
from applications.actions.deciding import edit_letter, prepare_decision
from applications.actions.documents import ask_document, put_document, refuse_document, validate_document
from applications.actions.proposing import propose_decisions
from applications.actions.releasing import release_round
from applications.actions.reviewing import (
    assign_evenly,
    assign_review,
    conflict,
    finish_review,
    recuse,
    reopen_review,
)
from applications.actions.rounds import archive_round, close_round, publish_round, reopen_round
from applications.actions.sharing import note_opening, open_by_link, revoke_link, share_dossier
from applications.actions.waiting import move_up_waiting, waiting_line
from members.acts import Conflict, Refused

__all__ = [
    "Conflict",
    "Incomplete",
    "Refused",
    "TooLate",
    "accept_offer",
    "answer_request",
    "archive_round",
    "ask_document",
    "ask_more",
    "assign_evenly",
    "assign_review",
    "close_round",
    "conflict",
    "decline_offer",
    "dismiss_appeal",
    "edit_letter",
    "expire_offer",
    "file_appeal",
    "find_eligible",
    "find_ineligible",
    "finish_review",
    "move_up_waiting",
    "note_opening",
    "open_by_link",
    "open_with_reason",
    "prepare_decision",
    "propose_decisions",
    "publish_round",
    "put_document",
    "recuse",
    "refuse_document",
    "release_round",
    "reopen_review",
    "reopen_round",
    "revoke_link",
    "save_draft",
    "share_dossier",
    "start",
    "submit",
    "uphold_appeal",
    "validate_document",
    "waiting_line",
    "withdraw",
    "withdraw_appeal",
]
