"""What every resource of the API shares; a room's own resources stand in its `api.py`."""
