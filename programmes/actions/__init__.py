"""What people do with programmes; each act is one transaction with its log and its notices."""

from programmes.actions.course_lists import add_to_course_list, save_course_list
from programmes.actions.courses import add_course, change_course, close_course, reopen_course
from programmes.actions.curating import archive, drop, give_back, publish, restore, submit, take_back
from programmes.actions.editing import create_programme, save_parts
from programmes.actions.importing import apply_course_import
from programmes.actions.intakes import copy_intake, open_round, remove_intake, save_intake
from programmes.actions.wishes import add_wish, remove_wish

__all__ = [
    "add_course",
    "add_to_course_list",
    "add_wish",
    "apply_course_import",
    "archive",
    "change_course",
    "close_course",
    "copy_intake",
    "create_programme",
    "drop",
    "give_back",
    "open_round",
    "publish",
    "remove_intake",
    "remove_wish",
    "reopen_course",
    "restore",
    "save_course_list",
    "save_intake",
    "save_parts",
    "submit",
    "take_back",
]
