"""Digests: when they are due by the reader's own clock, what is in them, and that none is written twice or empty."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from notifications import digests
from notifications.delivering import deliver_batch
from notifications.digests import last_morning, send_due_digests
from notifications.models import Delivery, Letter, Notice
from tests.factories.members import UserFactory
from tests.factories.notifications import DeliveryFactory, PreferenceFactory

WEDNESDAY = datetime(2027, 5, 5, 10, 0, tzinfo=UTC)


def held_since(moment, **notice):
    delivery = DeliveryFactory(held=True, **{f"notice__{name}": value for name, value in notice.items()})
    Notice.objects.filter(pk=delivery.notice_id).update(created_at=moment)
    return delivery


@pytest.mark.parametrize(
    ("zone", "now", "is_weekly", "expected"),
    [
        ("Europe/Stockholm", WEDNESDAY, False, "2027-05-05T05:00"),
        ("Europe/Stockholm", datetime(2027, 5, 5, 4, 59, tzinfo=UTC), False, "2027-05-04T05:00"),
        ("America/Sao_Paulo", WEDNESDAY, False, "2027-05-05T10:00"),
        ("Asia/Shanghai", WEDNESDAY, False, "2027-05-04T23:00"),
        ("", WEDNESDAY, False, "2027-05-05T05:00"),
        ("Europe/Stockholm", WEDNESDAY, True, "2027-05-03T05:00"),
        ("Europe/Stockholm", datetime(2027, 5, 3, 4, 0, tzinfo=UTC), True, "2027-04-26T05:00"),
    ],
)
def test_last_morning(zone, now, is_weekly, expected):
    person = UserFactory.build(time_zone=zone)

    assert last_morning(person, now, is_weekly).astimezone(UTC).isoformat()[:16] == expected


@pytest.mark.django_db
def test_send_due_digests_run_twice_writes_one_letter():
    held_since(WEDNESDAY - timedelta(days=1))

    assert (send_due_digests(WEDNESDAY), send_due_digests(WEDNESDAY + timedelta(hours=1))) == (1, 0)
    assert Letter.objects.get().subject == "1 notice from the portal"


@pytest.mark.django_db
def test_send_due_digests_who_is_not_due_yet_holds_up_nobody(monkeypatch):
    monkeypatch.setattr(digests, "PEOPLE_PER_RUN", 1)
    held_since(WEDNESDAY - timedelta(minutes=5))
    due = [held_since(WEDNESDAY - timedelta(days=1)).notice.recipient for _person in range(2)]

    assert (send_due_digests(WEDNESDAY), send_due_digests(WEDNESDAY)) == (1, 1)
    assert list(Letter.objects.order_by("pk").values_list("address", flat=True)) == [person.email for person in due]


@pytest.mark.django_db
def test_send_due_digests_nothing_held_writes_nothing():
    DeliveryFactory()

    assert send_due_digests(WEDNESDAY) == 0
    assert not Letter.objects.exists()


@pytest.mark.django_db
def test_send_due_digests_what_came_since_this_morning_waits_for_tomorrow():
    held_since(WEDNESDAY - timedelta(minutes=5))

    assert send_due_digests(WEDNESDAY) == 0
    assert send_due_digests(WEDNESDAY + timedelta(days=1)) == 1


@pytest.mark.django_db
def test_send_due_digests_weekly_topic_waits_for_monday():
    delivery = held_since(WEDNESDAY - timedelta(days=1))
    PreferenceFactory(user=delivery.notice.recipient, rhythm="weekly")

    assert send_due_digests(WEDNESDAY) == 0
    assert send_due_digests(WEDNESDAY + timedelta(days=6)) == 1  # a Tuesday: late, and still sent


@pytest.mark.django_db
def test_send_due_digests_closed_account_gets_none():
    held_since(WEDNESDAY - timedelta(days=1), recipient=UserFactory(is_active=False))

    assert send_due_digests(WEDNESDAY) == 0


@pytest.mark.django_db
def test_digest_letter_groups_by_topic_newest_first():
    anna = UserFactory(given_name="Anna")
    held_since(WEDNESDAY - timedelta(days=2), recipient=anna, subject="Older mandate")
    held_since(WEDNESDAY - timedelta(days=1), recipient=anna, subject="Newer mandate")
    held_since(WEDNESDAY - timedelta(days=1), recipient=anna, subject="A file", topic="desk", url="")
    send_due_digests(WEDNESDAY)

    deliver_batch(max(WEDNESDAY, timezone.now()))
    Delivery.objects.filter(letter__isnull=False).update(due_at=timezone.now())
    deliver_batch(timezone.now())

    [message] = mail.outbox
    body = message.body
    assert message.subject == "[CLUSTER] 3 notices from the portal"
    assert body.index("FILES ON MY DESK") < body.index("A file") < body.index("MANDATES AND PEOPLE")
    assert body.index("Newer mandate") < body.index("Older mandate")
    assert "Dear Anna," in body
    assert set(Delivery.objects.values_list("state", flat=True)) == {Delivery.State.SENT}
