"""The past of the demo: acts in the order in which they happened, done by the portal's own actions and dated back.

Actions stamp what they write with the clock. The diary notes when it began each act and what moment that act belongs
to, so that at the end every stamp can be moved there.
"""

import heapq
from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import count

import pgtrigger
from django.db import connection, models
from django.utils import timezone
from psycopg import sql

Deed = Callable[[datetime], object]


class Diary:
    """Acts planned for moments up to `until`; later ones are never done."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        self.began = timezone.now()
        self._planned: list[tuple[datetime, int, Deed]] = []
        self._number = count()
        self._done_on_the_clock: list[datetime] = []
        self._moments: list[datetime] = []

    def plan(self, at: datetime, deed: Deed) -> None:
        """`deed(at)` is to be done when its turn comes; acts of the same moment keep their order."""
        if at <= self.until:
            heapq.heappush(self._planned, (at, next(self._number), deed))

    def play(self) -> None:
        """Do everything planned, earliest first, and what is planned meanwhile."""
        while self._planned:
            at, _number, deed = heapq.heappop(self._planned)
            self.turn_to(at)
            deed(at)

    def turn_to(self, at: datetime) -> None:
        """What is written from here on belongs to the moment `at`."""
        self._done_on_the_clock.append(timezone.now())
        self._moments.append(at)

    def moment_of(self, stamp: datetime) -> datetime:
        """The moment that a stamp of the clock belongs to; what followed within one act stays in order.

        A slow machine may need longer for an act than there is until the next one: no stamp passes that.
        """
        index = max(0, bisect_right(self._done_on_the_clock, stamp) - 1)
        begun, following = self._moments[index], self._moments[index + 1 : index + 2]
        latest = min([self.until, *(moment for moment in following if moment >= begun)])
        return min(begun + (stamp - self._done_on_the_clock[index]), latest)

    def date_back(self, stamps: Iterable[tuple[type[models.Model], str]]) -> None:
        """Move every stamp that the clock gave since the diary began; the history of the rows keeps the real ones."""
        with pgtrigger.ignore():
            for model, column in stamps:
                stamped = {f"{column}__gte": self.began, f"{column}__lte": timezone.now()}
                rows = model._base_manager.filter(**stamped).values_list("pk", column)
                write_column(model, column, {pk: self.moment_of(stamp) for pk, stamp in rows})


def write_column(model: type[models.Model], column: str, moments: dict[int, datetime]) -> None:
    """Give each row its own moment, by the row's key, in one statement."""
    statement = sql.SQL(
        "UPDATE {table} SET {column} = moved.at FROM unnest(%s::bigint[], %s::timestamptz[]) AS moved(pk, at)"
        " WHERE {table}.{key} = moved.pk"
    ).format(
        table=sql.Identifier(model._meta.db_table),
        column=sql.Identifier(column),
        key=sql.Identifier(model._meta.pk.column),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(), [list(moments), list(moments.values())])
