"""What was computed since anybody last wrote: counts of lists, whole pages of visitors. Right, or computed anew.

PostgreSQL's snapshot names the transactions whose changes can be seen. It is another one as soon as anybody, by
whatever program, begins to write or commits; two equal snapshots see the same rows. So what was computed is kept
under the snapshot taken before computing. Only the clock can make a difference; moments in a question count by the
minute, and nothing is kept longer. Inside a transaction that has written, nothing is kept: no snapshot names its own
changes.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

KEPT_FOR = 60  # seconds; for what the clock changes
NOTHING = object()


def snapshot() -> str:
    """What can be seen in the database now, as a name; empty inside a transaction that has written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text WHERE pg_current_xact_id_if_assigned() IS NULL")
        found = cursor.fetchone()
    return found[0] if found else ""


class Memory:
    """Answers to questions put to the database while nobody wrote: one query, then none for what is known."""

    def __init__(self) -> None:
        self.snapshot = snapshot() if settings.REMEMBER_LISTS else ""

    def answer(self, question: QuerySet, ask: Callable[[QuerySet], Any], *, about: str = "") -> Any:
        """`ask(question)`, unless the same SQL (`about` tells apart what is done with it) was answered already.

        Who may see what stands in the SQL, so people who see the same rows share the answers.
        """
        key = self._key(question, about) if self.snapshot else None
        if key is None:
            return ask(question)
        known = caches["pages"].get(key, NOTHING)
        if known is NOTHING:
            known = ask(question)
            caches["pages"].set(key, known, KEPT_FOR)
        return known

    def number_of(self, rows: QuerySet) -> int:
        """How many rows there are."""
        return self.answer(rows.order_by(), lambda rows: rows.count(), about="count")

    def _key(self, question: QuerySet, about: str) -> str | None:
        try:
            sql, params = question.query.sql_with_params()
        except EmptyResultSet:
            return None
        told = f"{self.snapshot} {about} {sql} {[*map(_by_the_minute, params)]!r}"
        return "list:" + hashlib.sha256(told.encode()).hexdigest()


def _by_the_minute(value: Any) -> Any:
    return value.replace(second=0, microsecond=0) if isinstance(value, datetime) else value
