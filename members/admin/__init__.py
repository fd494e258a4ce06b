"""The administration of this room; Django finds the records by importing this package."""

from members.admin import people, privacy, reference, search, universities

__all__ = ["people", "privacy", "reference", "search", "universities"]
