"""The administration of this room; Django finds the records by importing this package."""

from members.admin import accounts, people, privacy, reference, search, tags, universities

__all__ = ["accounts", "people", "privacy", "reference", "search", "tags", "universities"]
