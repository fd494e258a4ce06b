"""How the ground floor tells people things although the outbox lives one floor above.

`notifications` registers its two verbs when it starts; until then telling fails loudly.
"""

from collections.abc import Iterable
from typing import Any, Protocol

PEOPLE = "people"  # the topic of everything the ground floor tells


class Teller(Protocol):
    def __call__(
        self, *, recipients: Iterable[Any], topic: str, subject: str, body: str, key: str, url: str = ""
    ) -> Any: ...


class Writer(Protocol):
    def __call__(
        self, *, address: str, subject: str, body: str, key: str, url: str = "", is_secret: bool = False
    ) -> Any: ...


_tellers: list[Teller] = []
_writers: list[Writer] = []


def register(*, teller: Teller, writer: Writer) -> None:
    """Called once by the room that delivers: `teller` notifies accounts, `writer` mails an address without one."""
    _tellers[:], _writers[:] = [teller], [writer]


def tell(*, recipients: Iterable[Any], subject: Any, body: Any, key: str, url: str = "") -> None:
    """Tell each of `recipients` (users) once per `key`, in the caller's transaction."""
    _tellers[0](recipients=recipients, topic=PEOPLE, subject=str(subject), body=str(body), key=key, url=url)


def write(*, address: str, subject: Any, body: Any, key: str, url: str = "", is_secret: bool = False) -> None:
    """Send one e-mail to an address without an account, once per `key`, in the caller's transaction.

    Of a secret letter (a link that opens an account) the text is forgotten once it is sent.
    """
    _writers[0](address=address, subject=str(subject), body=str(body), key=key, url=url, is_secret=is_secret)
