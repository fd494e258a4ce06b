"""The administration of this room; Django finds the records by importing this package."""

from members.admin import reference, universities

__all__ = ["reference", "universities"]
