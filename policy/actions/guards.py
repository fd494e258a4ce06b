"""What all acts of this room share: the lock of an event, one step of a machine, the line in the log."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import IntegrityError, models
from django.utils.translation import gettext as _

from members.acts import Refused, record
from members.models import User
from policy.models import Event, Registration
from policy.models.events import HOST_DESK


def hold(event: Event) -> Event:
    """Lock the event's row and return it as it stands now: whoever counts or changes its places queues here."""
    # `of`: PostgreSQL locks no row that an outer join may leave empty. `no_key`: rows that only refer to the event by
    # their foreign key, such as files, are written meanwhile.
    joined = Event.objects.select_related("host", "body")
    return joined.select_for_update(of=("self",), no_key=True).get(pk=event.pk)


def refuse_when_over(event: Event, now: datetime) -> None:
    if event.state != Event.State.PUBLISHED or event.is_over(now):
        raise Refused(_("This event does not take place any more, or is over."))


def step(registration: Registration, transition: str, *, now: datetime, **changes: Any) -> None:
    """Take `transition` under the event's lock, or raise Refused where the row never stood there."""
    with no_seat_is_given_twice():
        moved = registration.move(transition, state_since=now, **changes)
    if not moved:
        raise Refused(_("This registration has moved on meanwhile. Look at it again before you go on."))


def log(kind: str, target: models.Model, *, by: User | None, event: Event, **words: Any) -> models.Model:
    """Write one line of the timeline; a deputy of the host's office acts for the holder of that mandate."""
    mandate = by and event.host and by.mandate_for(*HOST_DESK, university=event.host)
    return record(kind, target, by=by, on_behalf_of=mandate.on_behalf_of(by) if mandate else None, **words)


@contextmanager
def no_seat_is_given_twice() -> Iterator[None]:
    """Turn the database's last word on places into a sentence."""
    try:
        yield
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        if getattr(diagnosis, "constraint_name", "") not in ("a_seat_is_never_given_twice", "quota_covers_who_comes"):
            raise
        raise Refused(_("No place is left.")) from error
