"""The administration of this room; Django finds the records by importing this package.

What students wrote and sent is not here: an application shows its reference, its state and its round. The file itself
opens on its own page, only with a reason that is logged and that the student sees (`actions.open_with_reason`).
"""

from applications.admin import files, options, rounds

__all__ = ["files", "options", "rounds"]
