"""A line of funding changes, or the data files say something new: whoever follows its calls is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from funding.actions import telling
from funding.actions.writing import log
from funding.differences import Difference, between, of_the_programme, what_matters
from funding.models import Call, CallStage, FundingProgramme
from members.models import User

LONG_AGO = timedelta(days=365)


@contextmanager
def telling_followers(*, by: User | None, now: datetime, programme: FundingProgramme | None = None) -> Iterator[None]:
    """Compare what matters in published calls before and after the block; who follows one reads both values.

    Of `programme` only, or of all where None; calls that closed more than a year ago interest nobody. `by` is None
    where data files are loaded. One transaction with what is done in the block.
    """
    with transaction.atomic():
        before = _matters(now, programme)
        yield
        after = _matters(now, programme)
        changes = {pk: between(told, after[pk]) for pk, told in before.items() if pk in after}
        for pk, call in Call.objects.select_related("office").in_bulk([pk for pk in changes if changes[pk]]).items():
            _note(call, changes[pk], by=by, now=now)


def _matters(now: datetime, programme: FundingProgramme | None) -> dict[int, dict[str, str]]:
    """What readers of each call decide by, its programme's share too; two queries."""
    lately = CallStage.objects.filter(Q(deadline__isnull=True) | Q(deadline__gt=now - LONG_AGO), call=OuterRef("pk"))
    rows = Call.objects.published().filter(Exists(lately))
    if programme is not None:
        rows = rows.filter(programme=programme.pk)
    found = rows.select_related("programme").prefetch_related("stages").order_by("pk")
    return {call.pk: what_matters(call, call.stages.all()) | of_the_programme(call.programme) for call in found}


def _note(call: Call, changes: list[Difference], *, by: User | None, now: datetime) -> None:
    act = log("call.conditions_changed", call, by=by, details={"changes": changes})
    Call.objects.filter(pk=call.pk).update(news_at=now)
    telling.changed(call, changes, act, by=by)
