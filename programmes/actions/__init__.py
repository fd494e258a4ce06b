"""What people do with programmes; each act is one transaction with its log and its notices."""

from programmes.actions.curating import archive, drop, give_back, publish, restore, submit, take_back
from programmes.actions.editing import create_programme, save_parts
from programmes.actions.intakes import copy_intake, open_round, remove_intake, save_intake
from programmes.actions.wishes import add_wish, remove_wish

__all__ = [
    "add_wish",
    "archive",
    "copy_intake",
    "create_programme",
    "drop",
    "give_back",
    "open_round",
    "publish",
    "remove_intake",
    "remove_wish",
    "restore",
    "save_intake",
    "save_parts",
    "submit",
    "take_back",
]
