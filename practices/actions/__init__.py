"""What people do with practices: one act, one function, one transaction."""

from practices.actions.adopting import adopt, change_adoption, withdraw_adoption
from practices.actions.curating import archive, ask_for_changes, publish, refuse, restore
from practices.actions.evidence import add_file, remove_file
from practices.actions.following import follow_practice, follow_topic, unfollow_practice, unfollow_topic
from practices.actions.questions import ask_contact
from practices.actions.writing import begin_practice, begin_version, drop, save_version, submit, take_back

__all__ = [
    "add_file",
    "adopt",
    "archive",
    "ask_contact",
    "ask_for_changes",
    "begin_practice",
    "begin_version",
    "change_adoption",
    "drop",
    "follow_practice",
    "follow_topic",
    "publish",
    "refuse",
    "remove_file",
    "restore",
    "save_version",
    "submit",
    "take_back",
    "unfollow_practice",
    "unfollow_topic",
    "withdraw_adoption",
]
