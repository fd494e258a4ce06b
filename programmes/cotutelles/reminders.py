"""Reminders: a file that waits too long, and a planned end that comes near. Each has a key and is told once."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import User
from notifications.actions import notify
from notifications.models import Topic
from programmes.actions.cotutelle_telling import desk_people, supervisors_of
from programmes.models import Cotutelle, Side, Turn

WAITS_LONG = timedelta(days=21)
OFTENEST = 3  # so often the candidate is reminded of a draft: one that is left alone is left alone
# The nearer one first: each window begins where the one before it ends (_remind_of_ends).
ENDS_AHEAD = (("30d", timedelta(days=30)), ("180d", timedelta(days=180)))
SIDES = {Turn.HOME: (Side.HOME,), Turn.PARTNER: (Side.PARTNER,), Turn.BOTH: tuple(Side)}


def send_due(now: datetime) -> int:
    """Tell whoever a file waits for since three weeks, once per three weeks; and of planned ends. Returns how many."""
    waiting = Cotutelle.objects.waiting_since(now - WAITS_LONG).with_sides().order_by("pk")
    return sum(_remind_of_waiting(cotutelle, now) for cotutelle in waiting) + _remind_of_ends(now)


def _remind_of_waiting(cotutelle: Cotutelle, now: datetime) -> int:
    days = (now - cotutelle.state_since).days
    number = days // WAITS_LONG.days
    if cotutelle.is_in_hands and number > OFTENEST:
        return 0
    words = {"reference": cotutelle.reference, "days": days, "who": cotutelle.candidate, "title": cotutelle.title}
    return _tell(
        cotutelle,
        _waited_for(cotutelle, now),
        subject=_("%(reference)s has waited for you for %(days)d days") % words,
        body=_("The cotutelle of %(who)s, “%(title)s”, cannot go on without you. Its page says what is next.") % words,
        # With the moment of the state: a file that comes back a second time waits anew and is told anew.
        key=f"remind:cotutelle:{cotutelle.pk}:{cotutelle.state_since:%Y%m%d%H%M%S}:{number}",
    )


def _tell(cotutelle: Cotutelle, people: Iterable[User], **words: str) -> int:
    """How many were told. Under the topics of files, so that the office which sees the outbox does not read them."""
    told = 0
    for person in people:
        topic = Topic.APPLICATIONS if person.pk == cotutelle.candidate_id else Topic.DESK
        told += len(notify(recipients=[person], topic=topic, url=cotutelle.get_absolute_url(), **words))
    return told


def _waited_for(cotutelle: Cotutelle, now: datetime) -> list[User]:
    turn = cotutelle.turn_on(timezone.localdate(now))
    if turn == Turn.CANDIDATE:
        return [cotutelle.candidate]
    return desk_people(cotutelle, SIDES.get(turn, ()))


def _remind_of_ends(now: datetime) -> int:
    """The windows do not overlap, so that a late run tells the nearer distance only."""
    told, start = 0, timezone.localdate(now)
    for mark, distance in ENDS_AHEAD:
        end = timezone.localdate(now + distance)
        running = Cotutelle.objects.filter(state=Cotutelle.State.RUNNING, ends_on__gt=start, ends_on__lte=end)
        told += sum(_remind_of_end(cotutelle, mark) for cotutelle in running.with_sides().order_by("pk"))
        start = end
    return told


def _remind_of_end(cotutelle: Cotutelle, mark: str) -> int:
    words = {"reference": cotutelle.reference, "day": cotutelle.ends_on.isoformat(), "title": cotutelle.title}
    words["place"] = str(cotutelle.university_at(cotutelle.defence_side or Side.HOME))
    everybody = {cotutelle.candidate, *desk_people(cotutelle, Side), *supervisors_of(cotutelle)}
    return _tell(
        cotutelle,
        everybody,
        subject=_("%(reference)s: planned end on %(day)s") % words,
        body=_("“%(title)s” is planned to end on %(day)s, with the defence at %(place)s.") % words,
        key=f"remind:cotutelle-end:{cotutelle.pk}:{cotutelle.ends_on:%Y%m%d}:{mark}",
    )
