"""Ends of cotutelles that nobody types: the candidate is erased, or has left the file alone for too long."""

from collections.abc import Collection
from datetime import datetime

from django.db import models, transaction

from members.models import User
from programmes.actions.cotutelle_guards import note
from programmes.actions.cotutelle_telling import tell
from programmes.models import Cotutelle


@transaction.atomic
def withdraw_of_erased(*, candidate: User, now: datetime) -> None:
    """Withdraw what an erased candidate still had in hands, at their own wish; whoever had read it is told, without a
    name. Runs before the words go, since the supervisors go with them.
    """
    _withdraw(Cotutelle.objects.filter(candidate=candidate), "erased", by=candidate, now=now)


@transaction.atomic
def withdraw_left_alone(*, cotutelles: Collection[int], now: datetime) -> None:
    """Withdraw these files (by key), by the clock; the candidates are told, and the universities that had read them."""
    _withdraw(Cotutelle.objects.filter(pk__in=cotutelles), "left_alone", by=None, now=now)


def _withdraw(rows: models.QuerySet[Cotutelle], what: str, *, by: User | None, now: datetime) -> None:
    in_hands = rows.filter(state__in=Cotutelle.State.in_hands).with_sides().order_by("pk")
    for cotutelle in in_hands.select_for_update(of=("self",), no_key=True):
        before = cotutelle.state
        if not cotutelle.move("withdraw", state_since=now):
            continue
        act = note(what, cotutelle, by=by, before=before, after=cotutelle.state)
        tell(what, cotutelle, act, by=by)
