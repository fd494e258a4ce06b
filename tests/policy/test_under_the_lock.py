"""Acts judge an event by its row under the lock, not by the copy that a page read before somebody else was faster."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.acts import Refused
from members.models import Role
from notifications.models import Notice
from policy import actions
from policy.models import Event
from tests.factories.members import UniversityFactory, UserFactory
from tests.factories.policy import BodyFactory, EventFactory, RegistrationFactory, SeatFactory

pytestmark = pytest.mark.django_db


def meanwhile(event, **changes):
    """What somebody else stored after `event` was read."""
    Event.objects.filter(pk=event.pk).update(**changes)


def test_nobody_is_invited_to_an_event_that_was_cancelled_meanwhile():
    event, seat = EventFactory(published=True), SeatFactory()
    meanwhile(event, state="cancelled", cancelled_because="The host cannot receive us.")
    common = {"event": event, "by": UserFactory(), "now": timezone.now()}

    with pytest.raises(Refused, match="once the event is published"):
        actions.invite_role(role=Role.HEAD, universities=[UniversityFactory(member=True)], **common)
    with pytest.raises(Refused, match="once the event is published"):
        actions.invite_body(body=seat.body, **common)


def test_event_that_was_published_meanwhile_is_not_archived_under_who_registered():
    event = EventFactory()
    meanwhile(event, state="published")
    RegistrationFactory(event=event, approved=True)

    with pytest.raises(Refused, match="Cancel the event first"):
        actions.archive_event(event=event, by=UserFactory(), now=timezone.now())


def test_event_that_lost_what_a_reader_looks_for_meanwhile_is_not_published():
    event = EventFactory()
    meanwhile(event, summary="", description="")

    with pytest.raises(Refused, match="what it is about"):
        actions.publish_event(event=event, by=UserFactory(), now=timezone.now())


def test_event_that_is_over_meanwhile_is_not_cancelled():
    event, now = EventFactory(published=True), timezone.now()
    meanwhile(event, starts_at=now - timedelta(days=3), ends_at=now - timedelta(days=2))

    with pytest.raises(Refused, match="archive it instead"):
        actions.cancel_event(event=event, reason="Nobody comes.", by=UserFactory(), now=now)


def test_change_of_place_is_told_when_the_event_was_published_meanwhile():
    event = EventFactory(body=BodyFactory())
    meanwhile(event, state="published")
    person = RegistrationFactory(event=event, approved=True).person

    event.place = "Turin"
    actions.change_event(event=event, version=event.version, fields=["place"], by=UserFactory(), now=timezone.now())

    assert [notice.subject for notice in Notice.objects.filter(recipient=person)] == [
        f"New time or place: {event.title}"
    ]


def test_nobody_was_at_an_event_that_was_put_off_meanwhile():
    now = timezone.now()
    event = EventFactory(published=True, starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1))
    registration = RegistrationFactory(event=event, approved=True)
    meanwhile(event, starts_at=now + timedelta(days=9), ends_at=now + timedelta(days=10))

    with pytest.raises(Refused, match="has not begun yet"):
        actions.mark_attended(registration=registration, by=UserFactory(), now=now)


@pytest.mark.parametrize("act", ["mark_attended", "unmark_attended"])
def test_noting_who_was_there_takes_the_event_before_the_registration(act):
    """The order of all acts; the other way round two of them wait for each other, and one is killed."""
    now = timezone.now()
    event = EventFactory(published=True, starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1))
    state = "approved" if act == "mark_attended" else "attended"
    registration = RegistrationFactory(event=event, state=state)

    with CaptureQueriesContext(connection) as found:
        getattr(actions, act)(registration=registration, by=UserFactory(), now=now)

    held, written = [query["sql"] for query in found if "UPDATE" in query["sql"]]
    assert ("FOR NO KEY UPDATE" in held, written.startswith('UPDATE "policy_registration"')) == (True, True)
