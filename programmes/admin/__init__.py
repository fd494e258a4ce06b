"""The administration of this room; Django finds the records by importing this package."""

from programmes.admin import cotutelles, programmes

__all__ = ["cotutelles", "programmes"]
