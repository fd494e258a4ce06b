"""What every act on a cotutelle shares: the lock, who may, for which side, one step of the machine, the log."""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from members.acts import Refused, record
from members.models import User
from programmes.models import Cotutelle, Side
from programmes.models.cotutelles import DESK_ROLES
from programmes.permissions import sides_of


def hold(cotutelle: Cotutelle, by: User, permission: str) -> Cotutelle:
    """The file as it stands, its row locked to the end of the transaction; all acts on one file queue here.

    Raises Refused unless `by` has `permission` on it.
    """
    # Only the own row: PostgreSQL refuses to lock the other side of an outer join (programme, field).
    rows = Cotutelle.objects.with_sides().select_for_update(of=("self",), no_key=True)
    cotutelle = rows.get(pk=cotutelle.pk)
    if not by.has_perm(f"programmes.{permission}", cotutelle):
        raise Refused(_("This is not yours to do, or the moment for it has passed."))
    return cotutelle


def acting_side(cotutelle: Cotutelle, by: User) -> Side:
    """The side `by` decides for; who sits at both acts for the one that has not agreed yet."""
    sides = sides_of(by, cotutelle)
    if not sides:
        raise Refused(_("You act for neither of the two universities."))
    return next((side for side in sides if not cotutelle.has_agreed(side)), sides[0])


def step(cotutelle: Cotutelle, transition: str, *, now: datetime, **changes: Any) -> None:
    """Take `transition` or raise Refused: somebody was faster, or the file never stood there."""
    if not cotutelle.move(transition, state_since=now, **changes):
        raise Refused(_("This file has moved on meanwhile. Look at it again before you go on."))


def note(kind: str, cotutelle: Cotutelle, *, by: User | None, **words: Any) -> models.Model:
    """One line of the file's timeline, by the clock where `by` is None; a deputy acts on the holder's behalf."""
    behalf = by and _acts_for(by, cotutelle, words.get("details", {}).get("side", ""))
    return record(f"cotutelle.{kind}", cotutelle, by=by, on_behalf_of=behalf, **words)


def _acts_for(by: User, cotutelle: Cotutelle, side: str) -> User | None:
    """The holder of the mandate through which a deputy acts, at `side` where the act is one side's.

    Nobody for the candidate and the supervisors.
    """
    sides = [] if by.pk == cotutelle.candidate_id else sides_of(by, cotutelle)
    if not sides:
        return None
    place = cotutelle.university_at(side if side in sides else sides[0])
    return by.mandate_for(*DESK_ROLES, university=place).on_behalf_of(by)
