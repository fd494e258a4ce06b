"""What people do with exchange places: one act, one function, one transaction."""

from exchange.actions.copying import copy_placement, copy_year
from exchange.actions.importing import apply_import
from exchange.actions.offering import (
    add_placement,
    archive_placement,
    change_placement,
    publish_placement,
    restore_placement,
    withdraw_placement,
)

__all__ = [
    "add_placement",
    "apply_import",
    "archive_placement",
    "change_placement",
    "copy_placement",
    "copy_year",
    "publish_placement",
    "restore_placement",
    "withdraw_placement",
]
