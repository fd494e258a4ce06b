"""Notices and what the outbox holds; situations are traits."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from notifications.models import CaughtMail, Delivery, JobRun, Letter, Notice, Preference, SavedSearch, Topic
from tests.factories.members import UserFactory


class NoticeFactory(DjangoModelFactory):
    class Meta:
        model = Notice

    class Params:
        read = factory.Trait(read_at=factory.LazyFunction(timezone.now))

    recipient = factory.SubFactory(UserFactory)
    topic = Topic.PEOPLE
    subject = factory.Sequence(lambda n: f"Something happened {n}")
    body = "Somebody did something."
    url = "/dashboard/"
    key = factory.Sequence(lambda n: f"event:{n}")


class LetterFactory(DjangoModelFactory):
    class Meta:
        model = Letter

    address = factory.Sequence(lambda n: f"stranger{n}@elsewhere.example")
    subject = "An invitation"
    body = "Come and see."
    url = "/people/"
    key = factory.Sequence(lambda n: f"letter:{n}")


class DeliveryFactory(DjangoModelFactory):
    """The e-mail of a notice, due a minute ago."""

    class Meta:
        model = Delivery

    class Params:
        of_letter = factory.Trait(notice=None, letter=factory.SubFactory(LetterFactory))
        held = factory.Trait(state=Delivery.State.DIGEST)
        given_up = factory.Trait(state=Delivery.State.FAILED, attempts=8, last_error="SMTPRecipientsRefused: 550")
        claimed = factory.Trait(state=Delivery.State.CLAIMED, claimed_at=factory.LazyFunction(timezone.now), attempts=1)
        claimed_long_ago = factory.Trait(
            state=Delivery.State.CLAIMED,
            claimed_at=factory.LazyFunction(lambda: timezone.now() - timedelta(minutes=11)),
            attempts=1,
        )

    notice = factory.SubFactory(NoticeFactory)
    due_at = factory.LazyFunction(lambda: timezone.now() - timedelta(minutes=1))


class PreferenceFactory(DjangoModelFactory):
    class Meta:
        model = Preference

    user = factory.SubFactory(UserFactory)
    topic = Topic.PEOPLE


class CaughtMailFactory(DjangoModelFactory):
    class Meta:
        model = CaughtMail

    sender = "portal@demo.example"
    recipients = ["student.kth@demo.example"]
    subject = factory.Sequence(lambda n: f"Mail {n}")
    text = "Follow http://localhost:8000/dashboard/ to see it."
    raw = "Subject: Mail"


class JobRunFactory(DjangoModelFactory):
    class Meta:
        model = JobRun

    name = "notifications.deliver_due"
    started_at = factory.LazyFunction(timezone.now)
    ended_at = factory.LazyFunction(timezone.now)


class SavedSearchFactory(DjangoModelFactory):
    """All calls, once a day; nothing of it is known yet, and a look is due."""

    class Meta:
        model = SavedSearch

    user = factory.SubFactory(UserFactory)
    catalogue = "calls"
    name = factory.Sequence(lambda n: f"Search {n}")
    query = factory.Sequence(lambda n: f"q={n}")
    rhythm = SavedSearch.Rhythm.DAILY
    looked_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=2))
