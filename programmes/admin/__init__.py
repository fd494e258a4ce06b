"""The administration of this room; Django finds the records by importing this package."""

from programmes.admin import cotutelles, courses, programmes

__all__ = ["cotutelles", "courses", "programmes"]
