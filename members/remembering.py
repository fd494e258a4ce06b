"""What was computed since anybody last wrote: counts of lists, whole pages of visitors. Right, or computed anew.

PostgreSQL's write-ahead log moves with every change that is committed, by whatever program. What was computed is kept
under the log's position read before computing: as long as it stands where it stood, computing again would give the
same. Only the clock can make a difference; moments in a question count by the minute, and nothing is kept longer.
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


def position_of_log() -> str:
    """Where the database's log stands; another answer means that somebody wrote."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_insert_lsn()::text")
        return cursor.fetchone()[0]


class Memory:
    """Answers to questions put to the database at one position of its log: one query, then none for what is known."""

    def __init__(self) -> None:
        self.position = position_of_log() if settings.REMEMBER_LISTS else ""

    def answer(self, question: QuerySet, ask: Callable[[QuerySet], Any], *, about: str = "") -> Any:
        """`ask(question)`, unless the same SQL (`about` tells apart what is done with it) was answered already.

        Who may see what stands in the SQL, so people who see the same rows share the answers.
        """
        key = self._key(question, about) if self.position else None
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
        told = f"{self.position} {about} {sql} {[*map(_by_the_minute, params)]!r}"
        return "list:" + hashlib.sha256(told.encode()).hexdigest()


def _by_the_minute(value: Any) -> Any:
    return value.replace(second=0, microsecond=0) if isinstance(value, datetime) else value
