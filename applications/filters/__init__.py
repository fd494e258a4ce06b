"""The filters of this room's lists, one module per kind of page."""
