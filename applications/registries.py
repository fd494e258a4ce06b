"""Where the rooms that offer something to choose say how it is reached."""

from collections.abc import Callable

from applications.models.options import Option

_addresses: dict[str, Callable[[Option], str]] = {}


def register_address(kind: str, address: Callable[[Option], str]) -> None:
    """Announce the address of the page that shows an option of `kind`; it must not query."""
    _addresses[kind] = address


def address_of(option: Option) -> str:
    """The page of `option` in its room."""
    return _addresses[option.kind](option)
