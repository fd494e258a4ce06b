"""Whose turn it is at an event, and what a reader is told of places and hours."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from policy import showing, turns
from policy.models import Registration
from tests.factories.members import UserFactory
from tests.factories.policy import EventFactory, ProgrammeItemFactory

NOW = timezone.now()


def event_of(*, taken=0, queued=0, **more):
    """An event that is not stored, with the counts a list annotates."""
    event = EventFactory.build(slug="workshop", **more)
    event.taken, event.queued = taken, queued
    return event


def turn(event, user=None, *, state=None, runs=False):
    registration = Registration(event=event, state=state, state_since=NOW) if state else None
    return turns.of(
        event, user or UserFactory.build(), NOW, registration=registration, invitation=None, runs=runs
    )  # fmt: skip


def labels(found):
    return [action["label"] for action in found.get("actions", [])]


@pytest.mark.parametrize(
    ("event", "title", "acts"),
    [
        ({"archived": True}, "It is put away; take it out to work on it again.", ["Take it out"]),
        ({"summary": ""}, "Complete it, then publish it.", ["Edit"]),
        ({}, "Publish it, so that people see it and can register.", ["Publish", "Edit"]),
    ],
)
def test_organisers_turn_says_the_next_step(event, title, acts):
    found = turn(event_of(**event), runs=True)

    assert (found["title"], labels(found)) == (title, acts)


def test_draft_says_what_a_reader_would_look_for_in_vain():
    assert turn(event_of(summary="", place=""), runs=True)["why"] == (
        "Still missing: what it is about, a city, or that it is online."
    )


def test_cancelled_event_says_why_also_to_who_is_registered():
    assert turn(event_of(cancelled=True), state="approved")["why"] == "The host cannot receive us."


@pytest.mark.parametrize(("state", "title"), [("attended", "You were there."), ("approved", "This event is over.")])
def test_past_event_says_whether_one_was_there(state, title):
    assert turn(event_of(past=True), state=state)["title"] == title


@pytest.mark.parametrize(
    ("precision", "caps"), [("minute", "Over since 1\xa0week"), ("day", "Over since 1\xa0week"), ("month", "Past")]
)
def test_past_event_says_how_long_ago_only_where_the_day_is_known(precision, caps):
    assert turn(event_of(past=True, precision=precision))["caps"] == caps


@pytest.mark.parametrize(
    ("event", "caps"),
    [
        ({"takes_registrations": False}, "No registration"),
        ({"registration_opens_at": NOW + timedelta(days=1)}, "Not open yet"),
        ({"registration_closes_at": NOW - timedelta(seconds=1)}, "Closed"),
        ({"registration_closes_at": NOW}, "Registration is open"),
        ({}, "Registration is open"),
    ],
)
def test_turn_of_somebody_not_registered_says_when_one_can(event, caps):
    assert turn(event_of(published=True, **event))["caps"] == caps


def test_visitor_signs_in_and_comes_back():
    found = turn(event_of(published=True), AnonymousUser())

    assert found["actions"] == [
        {"url": "/accounts/login/?next=/policy/events/workshop/", "label": "Sign in to register"}
    ]


def test_who_cancelled_may_register_again():
    assert labels(turn(event_of(published=True), state="cancelled")) == ["Register"]


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ({}, ""),
        ({"needs_approval": True}, "The organisers look at each registration."),
        ({"quota": 3, "taken": 2}, "1 of 3 places is left."),
        ({"quota": 3, "taken": 1}, "2 of 3 places are left."),
        ({"quota": 3, "taken": 3, "queued": 2}, "All 3 places are taken; you would be number 3 on the waiting list."),
        ({"quota": 3, "taken": 2, "queued": 1}, "All 3 places are taken; you would be number 2 on the waiting list."),
    ],
)
def test_places_say_what_happens_to_who_comes_now(event, words):
    assert turns.places(event_of(published=True, **event)) == words


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ({"published": True}, ""),
        ({"quota": 2}, ""),
        ({"published": True, "quota": 2, "takes_registrations": False}, ""),
        ({"published": True, "quota": 2, "taken": 1}, "1 place left"),
        ({"published": True, "quota": 2}, "2 places left"),
        ({"published": True, "quota": 2, "taken": 2}, "full"),
        ({"published": True, "quota": 2, "taken": 2, "queued": 1}, "full, 1 waits"),
        ({"published": True, "quota": 2, "taken": 2, "queued": 3}, "full, 3 wait"),
    ],
)
def test_row_of_the_list_says_how_many_places_are_left(event, words):
    assert event_of(**event).places_words == words


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ({}, "09:00–17:30 Brussels"),
        ({"precision": "day"}, ""),
        ({"ends_at": datetime(2027, 5, 7, 15, 30, tzinfo=UTC)}, "09:00 Brussels"),
    ],
)
def test_hours_are_those_of_the_events_own_clock(hours, words):
    day = {"starts_at": datetime(2027, 5, 6, 7, 0, tzinfo=UTC), "ends_at": datetime(2027, 5, 6, 15, 30, tzinfo=UTC)}

    assert event_of(**day | hours).hours == words


@pytest.mark.django_db
def test_hour_that_falls_on_another_day_for_the_reader_says_which():
    midnight = datetime(2027, 5, 6, 21, 30, tzinfo=UTC)
    event = EventFactory(starts_at=midnight, ends_at=midnight + timedelta(hours=3))
    ProgrammeItemFactory(event=event)

    with timezone.override(ZoneInfo("Europe/Helsinki")):
        [day] = showing.programme_by_day(event)

    assert (str(day["day"]), day["items_of_day"][0]["hours"], day["items_of_day"][0]["for_reader"]) == (
        "2027-05-06", "23:30", "7 May, 00:30 for you",
    )  # fmt: skip
