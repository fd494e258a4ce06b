"""Every address of the portal, found by walking the resolver, and what happens when somebody asks for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

FOREIGN = ("admin", "account_", "mfa_", "socialaccount_", "openid_connect", "usersessions_", "styleguide")


@dataclass(frozen=True)
class Address:
    """A named address and the names of what it is about."""

    name: str
    params: tuple[str, ...]
    view: Any

    @property
    def room(self) -> str:
        return self.name.partition(":")[0] if ":" in self.name else "portal"


def walk(resolver: Any = None, space: str = "") -> Iterator[Address]:
    """All addresses of our own; the administration and allauth's pages are other people's."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            if not inner.startswith(FOREIGN):
                yield from walk(entry, inner)
        elif isinstance(entry, URLPattern) and entry.name and not entry.name.startswith(FOREIGN):
            yield Address(f"{space}{entry.name}", tuple(entry.pattern.converters or _named(entry)), entry.callback)


def _named(entry: URLPattern) -> tuple[str, ...]:
    regex = getattr(entry.pattern, "regex", None)
    return tuple(regex.groupindex) if regex else ()


def outcome(client: Client, address: Address, kwargs: dict[str, Any]) -> str:
    """What the address answers, in one word; whatever it did is undone."""
    path = reverse(address.name, kwargs=kwargs)
    with transaction.atomic():
        response = client.get(path)
        if response.status_code == 405:
            response = client.post(path, {})
        if response.streaming:
            b"".join(response.streaming_content)  # read to its end, the file is closed
        transaction.set_rollback(True)
    return _word(response)


def _word(response: Any) -> str:
    status = response.status_code
    if status == 302 and "/accounts/login/" in response["Location"]:
        return "sign in"
    if status == 302 and "/accounts/reauthenticate/" in response["Location"]:
        return "yes"
    if status == 302 and response["Location"].endswith("/open/"):
        return "reason"
    words = {403: "no", 404: "–", 422: "yes"}  # taken up, and the empty form is refused at its fields
    return words.get(status, "yes" if status < 400 else f"error {status}")
