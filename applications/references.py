"""References that people quote aloud: EX-7K3M-92. Short, without letters that look alike, and not to be guessed."""

import secrets
from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, transaction

from applications.models import Kind

ALPHABET = "234679CDFGHJKMNPQRTWXY"  # of 0 O, 1 I L, 2 Z, 5 S, 8 B, U V at most one each; no vowels, so no words
TRIES = 8

Made = TypeVar("Made")


def new_reference(kind: str) -> str:
    """A reference for an application of `kind`; 113 million of them per kind, so clashes are rare but possible."""
    letters = [secrets.choice(ALPHABET) for _ in range(6)]
    return f"{Kind.prefixes[kind]}-{''.join(letters[:4])}-{''.join(letters[4:])}"


def with_new_reference(kind: str, make: Callable[[str], Made]) -> Made:
    """Call `make` with a fresh reference until it takes one that nobody has; other clashes are raised."""
    for last in [False] * (TRIES - 1) + [True]:
        try:
            # A savepoint: after a clash PostgreSQL would take nothing more in the caller's transaction.
            with transaction.atomic():
                return make(new_reference(kind))
        except IntegrityError as error:
            if last or "reference" not in str(error):
                raise
    raise AssertionError


def example(kind: str) -> str:
    """A reference for a letter that is only shown as an example."""
    return f"{Kind.prefixes[kind]}-7K3M-92"
