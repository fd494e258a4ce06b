"""The outbox page: what the secretariat sees of mails, what it never reads, what it may stop and try again."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from members.acts import Refused
from members.models import Act
from notifications import actions
from notifications.models import Delivery, Topic
from tests.factories.members import UserFactory, person_as
from tests.factories.notifications import DeliveryFactory, LetterFactory

pytestmark = pytest.mark.django_db
OUTBOX = "/notifications/outbox/"


def at(delivery, act=""):
    return f"{OUTBOX}{delivery.content.reference}/{act}"


@pytest.fixture
def desk(client):
    """The client signed in as the secretariat."""
    client.force_login(person_as("secretariat"))
    return client


def shown(client, query=""):
    return list(client.get(OUTBOX + query).context["page_obj"])


def test_newest_stand_first_and_the_waiting_ones_when_asked(desk):
    now = timezone.now()
    old, new = (DeliveryFactory(due_at=now - timedelta(hours=hours)) for hours in (5, 1))
    sent = DeliveryFactory(due_at=now - timedelta(hours=9), state="sent", sent_at=now)

    assert shown(desk) == [new, old, sent]
    assert shown(desk, "?sort=waiting") == [old, new, sent]


def test_an_address_finds_all_that_went_there(desk):
    notice = DeliveryFactory(notice__recipient__email="ida@kth.example")
    letter = DeliveryFactory(of_letter=True, letter=LetterFactory(address="ida@kth.example"))
    DeliveryFactory()

    assert {*shown(desk, "?q=IDA@kth")} == {notice, letter}


@pytest.mark.parametrize(
    ("query", "kept"), [("?state=failed", "failed"), ("?topic=desk", "desk"), ("?state=lost", None)]
)
def test_facets_narrow_down(desk, query, kept):
    rows = {"failed": DeliveryFactory(given_up=True), "desk": DeliveryFactory(notice__topic="desk")}

    assert shown(desk, query) == ([rows[kept]] if kept else [])


def test_file_says_whom_and_how_it_went_and_no_text(desk):
    DeliveryFactory(given_up=True, notice__body="Between us", notice__topic="people")

    [heading, row] = csv.reader(io.StringIO(b"".join(desk.get(f"{OUTBOX}?export=csv")).decode("utf-8-sig")))

    assert heading == ["Due on", "Subject", "To", "Topic", "State", "Attempts", "Sent on", "Last error"]
    assert row[3:6] + row[7:] == ["Mandates and people", "Given up", "8", "SMTPRecipientsRefused: 550"]


@pytest.mark.parametrize("rows", [1, 3, 10])
def test_list_query_count(desk, django_assert_num_queries, rows):
    DeliveryFactory.create_batch(rows)
    desk.get(OUTBOX)

    with django_assert_num_queries(8):  # session, person, mandates, the bell; rows, their number, two facets
        desk.get(f"{OUTBOX}?sort=waiting")


ABOUT_FILES = {Topic.APPLICATIONS, Topic.DESK}


@pytest.mark.parametrize("topic", Topic.values)
def test_words_about_files_are_not_for_the_office(desk, topic):
    delivery = DeliveryFactory(notice__topic=topic, notice__body="Zyxwort")

    page = desk.get(at(delivery)).content.decode()

    assert ("Zyxwort" in page) == (topic not in ABOUT_FILES)


@pytest.mark.parametrize(
    ("letter", "is_read"),
    [({}, True), ({"is_secret": True}, False), ({"recipient": "somebody"}, False)],
    ids=["letter", "secret link", "digest"],
)
def test_secret_links_and_digests_are_not_for_the_office(desk, letter, is_read):
    if letter.get("recipient"):
        letter = {"recipient": UserFactory()}
    delivery = DeliveryFactory(of_letter=True, letter=LetterFactory(body="Zyxwort", **letter))

    assert ("Zyxwort" in desk.get(at(delivery)).content.decode()) is is_read


def test_no_link_that_stops_e_mails_is_on_the_page(desk):
    assert "/unsubscribe/" not in desk.get(at(DeliveryFactory())).content.decode()


def test_a_mail_is_kept_from_leaving_with_a_reason(desk):
    delivery = DeliveryFactory()

    asked = desk.post(at(delivery, "cancel/"), {"reason": ""})
    desk.post(at(delivery, "cancel/"), {"reason": "Wrong date in it"})

    delivery.refresh_from_db()
    [act] = Act.objects.about(delivery)
    assert asked.context["form"].errors == {"reason": ["This field is required."]}
    assert (delivery.state, act.kind, act.reason) == ("cancelled", "delivery.cancelled", "Wrong date in it")
    assert delivery.notice.recipient.notices.count() == 1


@pytest.mark.parametrize("state", ["claimed", "sent", "cancelled"])
def test_what_has_left_cannot_be_kept_back(state):
    delivery = DeliveryFactory(state=state, sent_at=timezone.now(), claimed_at=timezone.now())

    with pytest.raises(Refused, match="It is being sent, or has left already"):
        actions.cancel(delivery=delivery, by=UserFactory(), reason="x")


def test_refusal_is_told_on_the_page(desk):
    delivery = DeliveryFactory(state="sent", sent_at=timezone.now())

    page = desk.post(at(delivery, "cancel/"), {"reason": "x"}, follow=True)

    assert "It is being sent, or has left already." in page.content.decode()


def test_a_mail_given_up_is_tried_again_once(desk):
    delivery = DeliveryFactory(given_up=True)

    desk.post(at(delivery, "retry/"))
    again = desk.post(at(delivery, "retry/"), follow=True)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (Delivery.State.WAITING, 0)
    assert "Only a delivery that was given up can be tried again." in again.content.decode()


@pytest.mark.parametrize("act", ["", "cancel/", "retry/"])
@pytest.mark.parametrize("role", ["exchange", "official", "head"])
def test_only_the_secretariat_looks_into_it(client, role, act):
    client.force_login(person_as(role))

    response = client.post(at(DeliveryFactory(), act)) if act else client.get(at(DeliveryFactory()))

    assert response.status_code == 403


def test_unknown_mail_is_not_there(desk):
    assert desk.get(f"{OUTBOX}00000000-0000-0000-0000-000000000000/").status_code == 404


def test_the_clock_leads_there(desk):
    DeliveryFactory(given_up=True)

    page = desk.get(reverse("notifications:job_list")).content.decode()

    assert f'href="{OUTBOX}?state=failed"' in page
