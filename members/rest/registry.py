"""Where rooms announce their resources; the roof gives them addresses, the page of tokens offers them as scopes."""

from typing import Any

READ = "read"

_resources: dict[str, type] = {}


def announce(resource: type) -> type:
    """Make a `members.rest.views.Resource` known by its word; written above the class in the room's `api.py`."""
    _resources[resource.resource] = resource
    return resource


def resources() -> list[Any]:
    """Every resource, by name."""
    return [_resources[name] for name in sorted(_resources)]


def scope_of(resource: type) -> str:
    """What a token must hold to read `resource`."""
    return f"{resource.resource}:{READ}"


def scopes() -> list[tuple[str, Any]]:
    """Each scope a token may hold, with its words."""
    return [(scope_of(found), found.label) for found in resources()]
