"""Nothing leaves by the API that its page does not show to the same reader: drafts, archived, for others only."""

import pytest

from tests.factories.applications import RoundFactory
from tests.factories.exchange import PlacementFactory
from tests.factories.funding import CallFactory
from tests.factories.members import ContactFactory, UnitFactory, UniversityFactory
from tests.factories.policy import EventFactory
from tests.factories.practices import add_version, practice_of
from tests.factories.programmes import CourseFactory, programme_between
from tests.permissions.world import ROLES, World

pytestmark = pytest.mark.django_db

SECRET = "xylophone"  # stands in everything that is not for everybody


def hidden(host):
    """One of everything that visitors must not find, by the resource in which it might turn up."""
    archived = UniversityFactory(name=f"Archived {SECRET}", archived_at="2026-01-01T00:00:00Z")
    UnitFactory(university=archived, name=f"Unit {SECRET}")
    ContactFactory(university=host, name=f"Inside {SECRET}", audience="own")
    ContactFactory(university=host, name=f"Members {SECRET}", audience="members")
    return {
        "universities": [archived.slug],
        "units": [str(archived.units.get().reference)],
        "programmes": [programme_between(host, state=state, title=f"P {SECRET}").slug for state in ("draft", "review")],
        "courses": [CourseFactory(university=archived, title=f"Course {SECRET}").slug],
        "placements": [
            PlacementFactory(host=host, title=f"{state} {SECRET}", **{state: True} if state else {}).slug
            for state in ("", "withdrawn", "archived")
        ],
        "rounds": [
            RoundFactory(university=host, title=f"{state} {SECRET}", state=state).slug
            for state in ("draft", "archived")
        ],
        "calls": [
            CallFactory(title=f"{state} {SECRET}", office=host, state=state).slug
            for state in ("draft", "proposed", "archived")
        ],
        "events": [
            EventFactory(title=f"Draft {SECRET}", host=host).slug,
            EventFactory(title=f"Archived {SECRET}", host=host, archived=True).slug,
            EventFactory(title=f"Members {SECRET}", published=True, members=True).slug,
            EventFactory(title=f"Invited {SECRET}", published=True, invited=True).slug,
        ],
        "practices": [
            practice_of(host, state, title=f"{state} {SECRET}").reference for state in ("draft", "submitted")
        ],
    }


PAGES = {
    "universities": "/universities/{}/",
    "programmes": "/programmes/{}/",
    "courses": "/courses/{}/",
    "placements": "/exchange/placements/{}/",
    "rounds": "/applications/rounds/{}/",
    "calls": "/funding/calls/{}/",
    "events": "/policy/events/{}/",
}


def test_visitor_finds_none_of_it(client) -> None:
    for resource, keys in hidden(UniversityFactory()).items():
        listed = client.get(f"/api/v1/{resource}/", {"page_size": 100})
        assert SECRET not in listed.content.decode()
        assert client.get(f"/api/v1/{resource}/", {"q": SECRET}).json()["count"] == 0
        assert [client.get(f"/api/v1/{resource}/{key}/").status_code for key in keys] == [404] * len(keys)


@pytest.mark.parametrize("whose", ["own", "other"])
@pytest.mark.parametrize("role", ROLES[1:])
def test_person_opens_by_the_api_what_their_page_opens(client, role, whose) -> None:
    world = World()
    things = hidden(world.sides[whose].university)
    client.force_login(world.person(role))

    by_api = {kind: [client.get(f"/api/v1/{kind}/{key}/").status_code for key in things[kind]] for kind in PAGES}

    by_page = {kind: [client.get(page.format(key)).status_code for key in things[kind]] for kind, page in PAGES.items()}
    assert by_api == by_page


@pytest.mark.parametrize("role", ROLES)
def test_a_version_that_is_not_published_is_read_by_nobody(client, role) -> None:
    world = World()
    practice = practice_of(world.sides["own"].university, owner=world.sides["own"].people["director"])
    add_version(practice, "draft", title=f"Next {SECRET}")
    if person := world.person(role):
        client.force_login(person)

    response = client.get(f"/api/v1/practices/{practice.reference}/")

    assert (response.status_code, response.json()["version"]) == (200, 1)
    assert SECRET not in response.content.decode()


def test_link_to_take_part_and_whom_to_ask_are_not_told(client) -> None:
    event = EventFactory(published=True, online_url="https://meet.example/xylophone", contact_name="Ada Xylophone")

    assert SECRET not in client.get(f"/api/v1/events/{event.slug}/").content.decode().lower()
