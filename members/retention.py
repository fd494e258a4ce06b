"""How long what is kept: rooms announce the kinds, the office sets the days, a job throws away what is over its time.

A kind is registered in the room's `AppConfig.ready()`. Nothing that decisions rest on is a kind; see
`members/personal_data.py` for what stays and why.
"""

import logging
import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from members.bulk import update_each
from members.models import Purge, RetentionPeriod

logger = logging.getLogger(__name__)

BATCH = 500
BATCHES_AT_ONCE = 20  # of one kind in one run; the rest is for the next one


def delete_rows(keys: list[int], rows: QuerySet) -> None:
    rows.model._base_manager.filter(pk__in=keys).delete()


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A kind of rows with an end.

    `over(before)` gives the rows whose time was over before a moment; once `purge(keys, rows)` has dealt with them
    they are no longer among those. `days` is what holds until somebody sets another period, never under `at_least`.
    """

    key: str
    title: Any
    why: Any
    days: int
    at_least: int
    over: Callable[[datetime], QuerySet]
    purge: Callable[[list[Any], QuerySet], None] = delete_rows

    def before(self, now: datetime, days: int) -> datetime:
        return now - timedelta(days=days)


_kinds: dict[str, Kept] = {}


def register_retention(*kinds: Kept) -> None:
    for kind in kinds:
        _kinds[kind.key] = kind


def all_kinds() -> list[Kept]:
    return sorted(_kinds.values(), key=operator.attrgetter("key"))


def periods() -> dict[str, RetentionPeriod]:
    """The period of every kind, those never set before with what the room proposes; three queries at most.

    A kind whose least has grown since takes its period along.
    """
    known = {row.kind: row for row in RetentionPeriod.objects.all()}
    missing = [kind for kind in all_kinds() if kind.key not in known]
    if missing:
        new = [RetentionPeriod(kind=kind.key, days=kind.days, at_least=kind.at_least) for kind in missing]
        # The job and a reader of the dry run may meet a new kind at once; the first one's row is read by both.
        RetentionPeriod.objects.bulk_create(new, ignore_conflicts=True)
        known |= {row.kind: row for row in RetentionPeriod.objects.filter(kind__in=[row.kind for row in new])}
    _hold_to_the_least([(known[kind.key], kind.at_least) for kind in all_kinds()])
    return known


def _hold_to_the_least(periods: Iterable[tuple[RetentionPeriod, int]]) -> None:
    changed = [(row, least) for row, least in periods if row.at_least != least]
    for row, least in changed:
        row.at_least, row.days = least, max(row.days, least)
    update_each([row for row, _least in changed], ["at_least", "days"])


def preview(now: datetime) -> list[dict[str, Any]]:
    """What a purge at `now` would throw away, by kind: one query for each, and two for the periods and the last run."""
    set_to = periods()
    last = {run.kind: run for run in Purge.objects.order_by("kind", "-at").distinct("kind")}
    found = []
    for kind in all_kinds():
        period = set_to[kind.key]
        rows = kind.over(kind.before(now, period.days)).count()
        found.append({"kind": kind, "period": period, "rows": rows, "last": last.get(kind.key)})
    return found


def purge_due(now: datetime) -> dict[str, int]:
    """Throw away what is over its time, in batches; returns how many by kind. Run twice or late it does no more.

    A kind that fails does not keep the others beyond their time: what it raised is raised when all had their turn.
    """
    set_to = periods()
    gone, failed = {}, None
    for kind in all_kinds():
        period = set_to[kind.key]
        if not period.is_on:
            continue
        try:
            count = purge_kind(kind, kind.before(now, period.days))
        except Exception as error:
            logger.exception("a kind could not be purged", extra={"kind": kind.key})
            failed = error
        else:
            gone |= {kind.key: count} if count else {}
    if failed is not None:
        raise failed
    return gone


def purge_kind(kind: Kept, before: datetime) -> int:
    """One kind: each batch is a transaction with its line in the log, so a job that is cut short has lost nothing."""
    total = 0
    for _number in range(BATCHES_AT_ONCE):
        taken = _batch(kind, before)
        total += taken
        if taken < BATCH:
            break
    return total


@transaction.atomic
def _batch(kind: Kept, before: datetime) -> int:
    """Rows that another process holds are left for the next run."""
    rows = kind.over(before)
    # `of`: a kind's rows may join others, and PostgreSQL locks none that an outer join may have left empty.
    keys = list(
        rows.order_by("pk").select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)[:BATCH]
    )
    if keys:
        kind.purge(keys, rows)
        Purge.objects.create(kind=kind.key, at=timezone.now(), before=before, rows=len(keys))
    return len(keys)
