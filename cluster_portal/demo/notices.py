"""What was told long ago is sent and mostly read; what was told today still lies in the outbox."""

from datetime import timedelta

from django.db.models import F, QuerySet

from cluster_portal.demo.diary import write_column
from cluster_portal.demo.world import World
from notifications.models import Delivery, Notice, Preference, Topic

Rhythm, State = Preference.Rhythm, Delivery.State

STILL_WAITS = timedelta(hours=10)
HELD_SINCE = timedelta(hours=30)
READ_AT_ONCE = timedelta(days=3)  # what is older was read by nearly everybody
SHARE_READ = {True: 0.92, False: 0.45}
PREFERENCES = (
    ("exchange.aalto", Topic.DESK, Rhythm.DAILY),
    ("reviewer.kth", Topic.DESK, Rhythm.DAILY),
    ("director.polito", Topic.CATALOGUE, Rhythm.WEEKLY),
    ("head.kuleuven", Topic.PEOPLE, Rhythm.NEVER),
    ("secretariat", Topic.CATALOGUE, Rhythm.DAILY),
)


def settle(world: World) -> None:
    """To be called when every notice bears the moment it belongs to."""
    _read(world)
    old = Delivery.objects.filter(state=State.WAITING, due_at__lt=world.diary.until - STILL_WAITS)
    _give_one_up(old)
    sent_at = F("due_at") + timedelta(seconds=12)
    old.update(state=State.SENT, attempts=1, claimed_at=F("due_at") + timedelta(seconds=9), sent_at=sent_at)
    _hold_back(world)


def _read(world: World) -> None:
    read = {}
    for pk, told_at in Notice.objects.order_by("pk").values_list("pk", "created_at"):
        age = world.diary.until - told_at
        if world.dice.random() < SHARE_READ[age > READ_AT_ONCE]:
            read[pk] = told_at + min(age * world.dice.uniform(0.02, 0.5), READ_AT_ONCE)
    write_column(Notice, "read_at", read)


def _give_one_up(old: QuerySet) -> None:
    """The oldest letter, an invitation, went to an address that does not exist."""
    lost = old.filter(letter__isnull=False).earliest("due_at")
    Delivery.objects.filter(pk=lost.pk).update(
        state=State.FAILED, attempts=8, last_error="SMTPRecipientsRefused: 550 no such mailbox"
    )


def _hold_back(world: World) -> None:
    """Some want to hear of a topic once a day, once a week, or not by e-mail."""
    for key, topic, rhythm in PREFERENCES:
        person = world.people[key]
        Preference.objects.create(user=person, topic=topic, rhythm=rhythm)
        recent = Delivery.objects.filter(
            notice__recipient=person, notice__topic=topic, due_at__gte=world.diary.until - HELD_SINCE
        )
        state = State.CANCELLED if rhythm == Rhythm.NEVER else State.DIGEST
        recent.update(state=state, sent_at=None, claimed_at=None, attempts=0)
