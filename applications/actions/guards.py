"""What all acts of this room share: who may, the order of locks, one step of the machine, the line in the log.

Order of locks, so that no two acts wait for each other: the round, then options by pk, then applications by pk. An
act that gives or frees places holds the option's row while it counts. The trigger on Choice is the last guard.

All locks are NO KEY: rows that only refer to the held one (a draft to its round, a choice to its option) can still be
written meanwhile. `of=("self",)` leaves the joined rows of others, such as the university's, alone.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.db import models as db
from django.utils.translation import gettext as _

from applications.models import Application, Choice, Option, Round
from applications.models.rounds import REASON_LENGTH
from members.acts import Refused, record
from members.models import Mandate, User


def may_or_refuse(by: User | None, permission: str, thing: db.Model) -> None:
    """Raise Refused unless `by` has `permission` on `thing`; None is the clock, which may."""
    if by is not None and not by.has_perm(permission, thing):
        raise Refused(_("This is not yours to do, or the moment for it has passed."))


def words_or_refuse(text: str, most: int = REASON_LENGTH) -> str:
    """What a person typed, without blanks around it; raises Refused where it would have to be cut."""
    text = text.strip()
    if len(text) > most:
        raise Refused(_("That has %(n)d letters; %(most)d are allowed.") % {"n": len(text), "most": most})
    return text


def hold_round(round: Round) -> Round:
    """Lock the round's row and read it anew; first in the order of locks."""
    # Into the caller's own instance: whatever it asks the round afterwards is answered as it stands under the lock.
    round.refresh_from_db(
        from_queryset=Round.objects.select_related("university").select_for_update(of=("self",), no_key=True)
    )
    return round


def hold_options(pks: Iterable[int]) -> dict[int, Option]:
    """Lock these options in the order of their keys; second in the order of locks."""
    rows = Option.objects.filter(pk__in=set(pks)).order_by("pk").select_for_update(of=("self",), no_key=True)
    return {option.pk: option for option in rows}


def hold_applications(applications: db.QuerySet[Application]) -> dict[int, tuple[str, str]]:
    """Lock these applications in the order of their keys; reference and state by key. Third in the order of locks.

    No instances: of twenty thousand only the chunk in work is in memory.
    """
    rows = applications.order_by("pk").select_for_update(of=("self",), no_key=True)
    return {pk: (reference, state) for pk, reference, state in rows.values_list("pk", "reference", "state")}


def hold_in_review(round: Round) -> tuple[dict[int, Option], dict[int, tuple[str, str]]]:
    """Lock the places chosen by those in review, then their applications, under the round's lock; both by key."""
    in_review = round.applications.filter(state__in=Application.State.in_review)
    # Without an order: DISTINCT would otherwise count the columns that sort among those that differ.
    chosen = Choice.objects.filter(application__in=in_review.order_by()).order_by()
    return hold_options(chosen.values_list("option", flat=True).distinct()), hold_applications(in_review)


def hold(application: Application) -> Application:
    """Lock one application's row and read it anew; third in the order of locks."""
    joined = Application.objects.select_related("round__university", "applicant")
    application.refresh_from_db(from_queryset=joined.select_for_update(of=("self",), no_key=True))
    return application


def step(application: Application, transition: str, *, now: datetime, **changes: Any) -> None:
    """Take `transition` or raise Refused: somebody was faster, or the application never stood there."""
    if not application.move(transition, state_since=now, **changes):
        raise Refused(_("This application has moved on meanwhile. Look at it again before you go on."))


def log(kind: str, application: Application, *, by: User | None, **words: Any) -> db.Model:
    """Write one line of the application's timeline; a deputy's line names whom the deputy acts for."""
    return record(kind, application, by=by, on_behalf_of=acts_for(by, application.round), **words)


def acts_for(by: User | None, round: Round) -> User | None:
    """The holder of the mandate through which a deputy acts on the round's desk; nobody for all others."""
    mandate = by and by.mandate_for(*round.desk_roles, university=round.university)
    return mandate.on_behalf_of(by) if mandate else None


def desk_people(round: Round, now: datetime) -> list[User]:
    """Everybody who sits at the round's desk on the day of `now` there: holders of its mandates and their deputies."""
    day = round.university.day_at(now)
    desks = Mandate.objects.in_force(day).held_at(round.university, *round.desk_roles)
    mandates = desks.select_related("person", "deputy")
    people = {person for mandate in mandates for person in (mandate.person, mandate.deputy) if person}
    # A mandate in force is not always its deputy's: deputies have days of their own within it.
    return sorted((p for p in people if any(m.may_be_used_by(p, day) for m in mandates)), key=lambda p: p.pk)


@contextmanager
def no_place_is_given_twice() -> Iterator[None]:
    """Turn the database's last word on places into a sentence."""
    try:
        yield
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        # Every other constraint that breaks is our fault, and must not be told as a place that is gone.
        if getattr(diagnosis, "constraint_name", "") != "a_place_is_never_given_twice":
            raise
        raise Refused(_("No place is left there.")) from error
