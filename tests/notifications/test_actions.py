"""Telling, writing letters, reading, and how people want to hear of things."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from members.acts import Refused
from notifications import actions
from notifications.models import Delivery, Letter, Notice, Preference
from tests.factories.members import UserFactory
from tests.factories.notifications import DeliveryFactory, NoticeFactory, PreferenceFactory

pytestmark = pytest.mark.django_db
HELD, WAITING, CANCELLED = Delivery.State.DIGEST, Delivery.State.WAITING, Delivery.State.CANCELLED


def tell(*people, key="offer:1"):
    return actions.notify(
        recipients=people, topic="people", subject="An offer", body="You are offered a place.", key=key
    )


def test_notify_tells_each_person_once():
    anna, bo = UserFactory.create_batch(2)

    tell(anna)
    new = tell(anna, bo, bo)

    assert [notice.recipient for notice in new] == [bo]
    assert Notice.objects.count() == Delivery.objects.count() == 2


def test_notify_closed_account_is_told_nothing():
    assert tell(UserFactory(is_active=False)) == []


@pytest.mark.parametrize(
    ("rhythm", "state"), [("at_once", WAITING), ("daily", HELD), ("weekly", HELD), ("never", CANCELLED)]
)
def test_notify_delivery_follows_the_rhythm(rhythm, state):
    person = UserFactory()
    PreferenceFactory(user=person, rhythm=rhythm)

    [notice] = tell(person)

    assert notice.delivery.state == state


@pytest.mark.parametrize("people", [1, 3])
def test_notify_query_count(django_assert_num_queries, people):
    recipients = UserFactory.create_batch(people)

    with django_assert_num_queries(7):  # savepoint, told, insert, new ones, rhythms, deliveries, release
        tell(*recipients)


def test_notify_after_the_commit_the_mail_leaves(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        tell(UserFactory(email="anna@kth.example"))

    assert [message.to for message in mail.outbox] == [["anna@kth.example"]]


def test_notify_rolled_back_leaves_nothing():
    with pytest.raises(Refused):
        tell_and_refuse(UserFactory())

    assert not Notice.objects.exists()
    assert not Delivery.objects.exists()


def tell_and_refuse(person):
    with transaction.atomic():
        tell(person)
        raise Refused("No place is left.")


def test_write_letter_same_key_is_written_once():
    letter = {"address": "new@kth.example", "subject": "Come", "body": "Please.", "key": "invitation:1"}

    actions.write_letter(**letter)
    actions.write_letter(**letter)

    assert Letter.objects.get().delivery.state == WAITING


def test_mark_read_keeps_when_it_was_first_read():
    long_ago = timezone.now() - timedelta(days=9)
    read, unread = NoticeFactory(read_at=long_ago), NoticeFactory()

    count = actions.mark_read(notices=Notice.objects.all(), now=timezone.now())

    read.refresh_from_db()
    unread.refresh_from_db()
    assert (count, read.read_at, unread.read_at is None) == (1, long_ago, False)


@pytest.mark.parametrize(
    ("before", "rhythm", "after"),
    [
        (WAITING, "never", CANCELLED),
        (HELD, "never", CANCELLED),
        (WAITING, "daily", HELD),
        (HELD, "weekly", HELD),
        (HELD, "at_once", WAITING),
        (WAITING, "at_once", WAITING),
        (Delivery.State.SENT, "never", Delivery.State.SENT),
        (Delivery.State.CLAIMED, "never", Delivery.State.CLAIMED),
    ],
)
def test_set_rhythms_what_waits_follows(before, rhythm, after):
    delivery = DeliveryFactory(state=before, sent_at=timezone.now())

    actions.set_rhythms(user=delivery.notice.recipient, rhythms={"people": rhythm}, now=timezone.now())

    delivery.refresh_from_db()
    assert delivery.state == after


def test_set_rhythms_other_topics_and_people_are_left_alone():
    mine, yours = DeliveryFactory(notice__topic="desk"), DeliveryFactory()

    actions.set_rhythms(user=mine.notice.recipient, rhythms={"people": "never"}, now=timezone.now())

    assert set(Delivery.objects.values_list("state", flat=True)) == {WAITING}
    assert not Preference.objects.filter(user=yours.notice.recipient).exists()


def test_retry_given_up_starts_anew():
    delivery = DeliveryFactory(given_up=True)

    actions.retry(delivery=delivery, by=UserFactory(), now=timezone.now())

    assert (delivery.state, delivery.attempts) == (WAITING, 0)


def test_retry_what_waits_is_refused():
    with pytest.raises(Refused, match="given up"):
        actions.retry(delivery=DeliveryFactory(), by=UserFactory(), now=timezone.now())
