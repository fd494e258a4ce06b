"""What was told long ago is sent and mostly read; what was told today still lies in the outbox."""

from datetime import timedelta

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
    notices = list(Notice.objects.select_related("delivery").order_by("pk"))
    for notice in notices:
        _read(world, notice)
    Notice.objects.bulk_update(notices, ["read_at"], batch_size=200)
    letters = Delivery.objects.filter(letter__isnull=False).select_related("letter").order_by("pk")
    deliveries = [*(notice.delivery for notice in notices), *letters]
    for delivery in deliveries:
        _send(world, delivery)
    _hold_back(world, {delivery.notice_id: delivery for delivery in deliveries})
    _give_one_up(world, deliveries)
    changed = ["state", "sent_at", "claimed_at", "attempts", "last_error"]
    Delivery.objects.bulk_update(deliveries, changed, batch_size=200)


def _read(world: World, notice: Notice) -> None:
    age = world.diary.until - notice.created_at
    if world.dice.random() < SHARE_READ[age > READ_AT_ONCE]:
        read = notice.created_at + age * world.dice.uniform(0.02, 0.5)
        notice.read_at = min(read, notice.created_at + READ_AT_ONCE)


def _send(world: World, delivery: Delivery) -> None:
    if delivery.due_at > world.diary.until - STILL_WAITS:
        return
    delivery.state, delivery.attempts = State.SENT, 1
    delivery.claimed_at = delivery.due_at + timedelta(seconds=world.dice.randint(1, 25))
    delivery.sent_at = delivery.claimed_at + timedelta(seconds=2)


def _hold_back(world: World, by_notice: dict[int | None, Delivery]) -> None:
    """Some want to hear of a topic once a day, once a week, or not by e-mail."""
    for key, topic, rhythm in PREFERENCES:
        person = world.people[key]
        Preference.objects.create(user=person, topic=topic, rhythm=rhythm)
        recent = Notice.objects.filter(recipient=person, topic=topic, created_at__gte=world.diary.until - HELD_SINCE)
        for notice in recent:
            delivery = by_notice[notice.pk]
            delivery.state = State.CANCELLED if rhythm == Rhythm.NEVER else State.DIGEST
            delivery.sent_at = delivery.claimed_at = None
            delivery.attempts = 0


def _give_one_up(world: World, deliveries: list[Delivery]) -> None:
    """The oldest invitation went to an address that does not exist."""
    lost = next(delivery for delivery in deliveries if delivery.letter_id)
    lost.state, lost.attempts, lost.sent_at = State.FAILED, 8, None
    lost.last_error = "SMTPRecipientsRefused: 550 no such mailbox"
