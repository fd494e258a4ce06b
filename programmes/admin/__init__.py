"""The administration of this room; Django finds the records by importing this package."""

from programmes.admin import programmes

__all__ = ["programmes"]
