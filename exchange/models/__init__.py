"""Exchange places: what a host offers to students of the other universities for one year and term."""

from exchange.models.imports import PlacementImport
from exchange.models.placements import Placement

__all__ = ["Placement", "PlacementImport"]
