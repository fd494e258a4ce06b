"""The daily and the weekly digest: what is held becomes one letter in the outbox, grouped by topic, never empty.

A digest leaves at seven in the reader's own morning, the weekly one on Mondays. What is due is asked of the rows, not
remembered: held before the last such morning means due now, so a run that is late, or doubled, does the same.
"""

from datetime import datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import ngettext

from members.models import User
from members.zones import is_known_zone
from notifications.actions import deliver_soon
from notifications.models import Delivery, Letter, Preference

MORNING = time(7, 0)
ZONE_OF_THE_CONSORTIUM = "Europe/Brussels"
PEOPLE_PER_RUN = 2000


def send_due_digests(now: datetime) -> int:
    """Write the digest of everybody for whom one is due at `now`; returns how many there were, PEOPLE_PER_RUN at most.

    Those for whom nothing is due are passed by and do not count: else the first so many people whose weekly digest is
    days away would keep everybody behind them from ever getting theirs.
    """
    held = Delivery.objects.filter(state=Delivery.State.DIGEST, notice__recipient__is_active=True)
    people = User.objects.filter(pk__in=held.order_by().values("notice__recipient")).order_by("pk")
    written = (person for person in people.iterator() if write_digest(person, now))
    return sum(1 for _person in islice(written, PEOPLE_PER_RUN))


@transaction.atomic
def write_digest(person: User, now: datetime) -> bool:
    """Put the digest of `person` into the outbox if something held is due; its deliveries travel in that letter."""
    weekly = set(Preference.objects.filter(user=person, rhythm="weekly").values_list("topic", flat=True))
    held = Delivery.objects.filter(notice__recipient=person, state=Delivery.State.DIGEST)
    # What another run is putting into a letter at this moment is not waited for: it travels there.
    rows = held.select_related("notice").select_for_update(of=("self",), skip_locked=True)
    due = [each for each in rows if each.notice.created_at < last_morning(person, now, each.notice.topic in weekly)]
    if not due:
        return False
    subject = ngettext("%(n)d notice from the portal", "%(n)d notices from the portal", len(due)) % {"n": len(due)}
    letter = Letter.objects.create(
        address=person.email, recipient=person, subject=subject, url="/notifications/",
        key=f"digest:{person.pk}:{now:%Y-%m-%dT%H:%M:%S.%f}",
    )  # fmt: skip
    # Sent, as far as they are concerned: from here on the letter's own delivery waits, is tried again, or is given up.
    Delivery.objects.filter(pk__in=[each.pk for each in due]).update(
        state=Delivery.State.SENT, sent_at=now, digest=letter
    )
    Delivery.objects.create(letter=letter, due_at=now, state=Delivery.State.WAITING)
    deliver_soon()
    return True


def last_morning(person: User, now: datetime, is_weekly: bool) -> datetime:
    """The last seven o'clock (of a Monday where weekly) of `person`'s own clock, not after `now`."""
    zone = ZoneInfo(person.time_zone if is_known_zone(person.time_zone) else ZONE_OF_THE_CONSORTIUM)
    here = now.astimezone(zone)
    day = here.date() if here.time() >= MORNING else here.date() - timedelta(days=1)
    if is_weekly:
        day -= timedelta(days=day.weekday())
    return datetime.combine(day, MORNING, tzinfo=zone)
