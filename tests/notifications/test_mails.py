"""The e-mails themselves: links from outside, unsubscribing, headers, nothing injected."""

import re

import pytest
from django.core import signing
from django.utils import timezone

from notifications import mails
from tests.factories.members import UserFactory
from tests.factories.notifications import DeliveryFactory, LetterFactory, NoticeFactory

pytestmark = pytest.mark.django_db


def html_of(message):
    return message.alternatives[0].content


def test_message_of_notice_says_what_and_where(settings):
    settings.PUBLIC_URL = "https://portal.example"
    delivery = DeliveryFactory(
        notice__subject="An offer", notice__body="Answer by Friday.", notice__url="/applications/"
    )

    message = mails.message_of(delivery)

    assert message.subject == "[CLUSTER] An offer"
    assert message.to == [delivery.notice.recipient.email]
    assert "Dear Robin,\n\nAnswer by Friday.\n\nhttps://portal.example/applications/" in message.body
    assert '<a href="https://portal.example/applications/">' in html_of(message)


def test_message_of_notice_can_be_unsubscribed_with_one_click():
    delivery = DeliveryFactory(notice__topic="desk")

    headers = mails.message_of(delivery).extra_headers

    token = re.search(r"/unsubscribe/([^/]+)/>", headers["List-Unsubscribe"])[1]
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mails.read_unsubscribe(token) == (delivery.notice.recipient_id, ["desk"])


def test_message_of_notice_without_a_link():
    message = mails.message_of(DeliveryFactory(notice__url=""))

    assert "Open it in the portal" not in html_of(message)


def test_message_of_letter_goes_to_the_address():
    delivery = DeliveryFactory(of_letter=True, letter=LetterFactory(address="new@kth.example", body="Come & see."))

    message = mails.message_of(delivery)

    assert message.to == ["new@kth.example"]
    assert "List-Unsubscribe" not in message.extra_headers
    assert ("Come & see." in message.body, "Come &amp; see." in html_of(message)) == (True, True)


def test_message_of_subject_with_a_line_break_stays_one_header():
    delivery = DeliveryFactory(notice__subject="An offer\nBcc: everybody@elsewhere.example")

    message = mails.message_of(delivery)

    assert message.subject == "[CLUSTER] An offer Bcc: everybody@elsewhere.example"
    assert message.message()["Bcc"] is None


def test_message_of_markup_in_a_notice_is_text():
    message = mails.message_of(DeliveryFactory(notice__body="<script>alert(1)</script>"))

    assert "<script>" not in html_of(message)
    assert "<script>alert(1)</script>" in message.body


def test_message_id_is_the_same_each_time():
    notice = NoticeFactory()

    assert mails.message_id(notice) == mails.message_id(notice) == f"<notice.{notice.reference}@demo.example>"


def test_read_unsubscribe_forged_token():
    with pytest.raises(signing.BadSignature):
        mails.read_unsubscribe(signing.dumps([1, ["desk"]], salt="another"))


def test_digest_says_one_thing_once_with_what_came_before():
    person = UserFactory()
    letter = LetterFactory(recipient=person, address=person.email)
    digest = DeliveryFactory(of_letter=True, letter=letter)
    for subject, url in [("Asked", "/a/1/"), ("Other", "/a/2/"), ("Answered", "/a/1/"), ("Loose", ""), ("Free", "")]:
        notice = NoticeFactory(recipient=person, subject=subject, url=url, topic="desk")
        DeliveryFactory(notice=notice, digest=letter, state="sent", sent_at=timezone.now())

    message = mails.message_of(digest)

    items = [line[2:] for line in message.body.splitlines() if line.startswith("* ")]
    earlier = [line.strip() for line in message.body.splitlines() if "Before that:" in line]
    assert (items, earlier) == (["Free", "Loose", "Answered", "Other"], ["Before that: Asked"])
    assert html_of(message).count("/a/1/") == 1
