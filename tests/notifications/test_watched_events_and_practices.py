"""Saved searches in the events and the practices: what is news there, and for whose eyes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from members.models import Mandate
from notifications import searches
from notifications.models import Notice, SavedSearch
from policy import actions as policy
from practices import actions as practices
from tests.factories.members import MandateFactory, UniversityFactory, UserFactory, person_as
from tests.factories.policy import BodyFactory, EventFactory, InvitationFactory, RegistrationFactory, SeatFactory
from tests.factories.practices import add_version, practice_of

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def save(user, catalogue, query=""):
    search = SavedSearch(catalogue=catalogue, query=query, name="New ones", rhythm="at_once")
    return searches.save_search(search=search, by=user, now=NOW)


def look(search, at=NOW + timedelta(hours=1)):
    return searches.look_again(search=search, now=at)


def told(user):
    """The text of all alerts of `user`."""
    return "".join(Notice.objects.filter(recipient=user, topic="searches").values_list("body", flat=True))


# events


def member_of(university=None):
    return MandateFactory(head=True, university=university or UniversityFactory(member=True)).person


@pytest.mark.parametrize(
    ("traits", "told_of"),
    [
        ({"published": True}, {"outsider", "member", "invited", "registered", "keeper"}),
        ({"published": True, "members": True}, {"member", "invited", "registered", "keeper"}),
        ({"published": True, "invited": True}, {"invited", "registered", "keeper"}),
        ({"cancelled": True, "invited": True}, {"invited", "registered", "keeper"}),
        ({}, {"keeper"}),
        ({"archived": True}, set()),
    ],
    ids=["public", "members", "invited", "cancelled", "draft", "archived"],
)
def test_nobody_is_told_of_an_event_they_may_not_see(traits, told_of) -> None:
    body, home = BodyFactory(), UniversityFactory(member=True)
    people = {
        "outsider": UserFactory(), "member": member_of(), "invited": member_of(home), "registered": UserFactory(),
        "keeper": SeatFactory(body=body, chair=True).person,
    }  # fmt: skip
    searches_of = {who: save(person, "events") for who, person in people.items()}
    event = EventFactory(title="Assembly", body=body, **traits)
    InvitationFactory(event=event, university=home)
    RegistrationFactory(event=event, person=people["registered"], approved=True)

    found = {who for who, search in searches_of.items() if look(search)}

    assert found == told_of
    assert {who for who, person in people.items() if "Assembly" in told(person)} == told_of


def test_whoever_leaves_the_consortium_hears_no_more_of_its_events() -> None:
    person = member_of()
    search = save(person, "events")
    EventFactory(published=True, members=True)
    Mandate.objects.filter(person=person).update(ends_on=NOW.date() - timedelta(days=1))

    assert look(search) == 0
    assert search.address == "/policy/events/"


def test_an_invitation_that_reaches_somebody_is_news_once() -> None:
    home = UniversityFactory(member=True)
    event = EventFactory(published=True, invited=True, title="Assembly")
    search = save(member_of(home), "events")
    InvitationFactory(event=event, university=home)

    assert [look(search), look(search)] == [1, 0]


@pytest.mark.parametrize(
    ("change", "news"),
    [
        ({"place": "Turin"}, 1),
        ({"venue": "Aula 1"}, 1),
        ({"is_online": True}, 1),
        ({"ends_at": NOW + timedelta(days=31)}, 1),
        ({"title": "Assembly of all"}, 0),
        ({"summary": "Better words."}, 0),
        ({"quota": 40}, 0),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_an_event_that_is_moved_is_news_and_a_typo_is_not(change, news) -> None:
    chair = SeatFactory(chair=True)
    event = EventFactory(published=True, title="Assembly", body=chair.body)
    search = save(UserFactory(), "events")
    for name, value in change.items():
        setattr(event, name, value)

    policy.change_event(event=event, version=1, fields=list(change), by=chair.person, now=NOW)

    assert look(search) == news
    assert [
        "(changed)" in body for body in Notice.objects.filter(recipient=search.user).values_list("body", flat=True)
    ] == [True] * news


def test_that_an_event_does_not_take_place_is_news() -> None:
    event = EventFactory(published=True, title="Assembly")
    search = save(UserFactory(), "events", query="when=0")

    policy.cancel_event(event=event, reason="The hall burned.", by=MandateFactory(secretariat=True).person, now=NOW)

    assert look(search) == 1
    assert told(search.user).endswith("– Assembly (changed)")


def test_a_search_in_the_events_that_concern_me_is_mine() -> None:
    search = save(UserFactory(), "events", query="mine=yes")
    event = EventFactory(published=True)
    RegistrationFactory(event=event, approved=True)
    assert look(search) == 0

    RegistrationFactory(event=event, person=search.user, approved=True)
    assert look(search) == 1


# practices


def publish(practice):
    secretariat = MandateFactory(secretariat=True).person
    practices.publish(practice=practice, seen=practice.latest.sha256, by=secretariat, now=NOW)


def test_practices_are_news_when_everybody_may_read_them() -> None:
    university = UniversityFactory(short_name="KTH")
    keeper = person_as("director", university)
    searches_of = [save(person, "practices") for person in (keeper, UserFactory())]
    practice = practice_of(university, "submitted", owner=keeper, title="Lifts for all")
    practice_of(university, "draft", owner=keeper)
    practice_of(university, "archived", owner=keeper)

    assert [look(search) for search in searches_of] == [0, 0]

    publish(practice)
    assert [look(search) for search in searches_of] == [1, 1]
    bodies = Notice.objects.filter(key__startswith="search").values_list("body", flat=True)
    assert [body.endswith(f"– {practice.reference} Lifts for all") for body in bodies] == [True, True]


def test_a_new_version_is_news_in_its_own_words_and_one_being_written_is_not() -> None:
    practice = practice_of(title="Lifts for all")
    search = save(UserFactory(), "practices", query="q=lifts")

    add_version(practice, "submitted", title="Lifts for everybody")
    assert look(search) == 0

    publish(practice)
    assert look(search) == 1
    assert told(search.user).endswith(f"– {practice.reference} Lifts for everybody (changed)")


def test_practices_are_found_by_what_the_search_was_narrowed_to() -> None:
    practice_of(topics=("campus.03",))
    search = save(UserFactory(), "practices", query="topic=campus.03")
    practice_of(topics=("teaching.01",))
    practice_of(topics=("campus.03", "teaching.01"))

    assert look(search) == 1
