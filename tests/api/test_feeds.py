"""What machines read besides the API: Atom feeds of what is new, the sitemap, schema.org in the pages."""

import json
import re
from datetime import date, timedelta
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from django.utils import timezone
from django_ratelimit import core

from tests.factories.applications import OptionRequirementFactory, RoundFactory
from tests.factories.exchange import PlacementFactory
from tests.factories.funding import CallFactory
from tests.factories.members import IdentifierFactory, UniversityFactory, UserFactory
from tests.factories.policy import EventFactory
from tests.factories.practices import practice_of
from tests.factories.programmes import programme_between

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = {
    "/programmes/new.atom": "/programmes/",
    "/funding/calls/new.atom": "/funding/calls/",
    "/practices/new.atom": "/practices/",
}


def entries(response):
    feed = ElementTree.fromstring(response.content)  # noqa: S314  we wrote it ourselves
    return [entry.find(f"{ATOM}title").text for entry in feed.iter(f"{ATOM}entry")]


def addresses(response):
    return re.findall(r"<loc>http://testserver([^<]+)</loc>", response.content.decode())


def structured(response):
    return json.loads(re.search(r'<script type="application/ld\+json">(.+?)</script>', response.content.decode())[1])


def make_news():
    """Of each kind an older one, a newer one, and one that is not for everybody."""
    now, before = timezone.now(), timezone.now() - timedelta(days=3)
    for at, age in ((before, "Old"), (now, "New")):
        programme_between(title=f"{age} programme", published_at=at)
        CallFactory(open=True, title=f"{age} call", published_at=at)
    practices = [practice_of(title=f"{age} practice") for age in ("Old", "New")]
    type(practices[0]).objects.filter(pk=practices[0].pk).update(first_published_at=before)
    programme_between(title="Hidden", state="draft")
    programme_between(title="Hidden", listing="link_only")
    CallFactory(title="Hidden")
    practice_of(state="submitted", title="Hidden")
    practice_of(state="archived", title="Hidden")


@pytest.mark.parametrize("feed", FEEDS)
def test_feed_has_what_is_new_and_public_the_newest_first(client, feed) -> None:
    make_news()
    client.force_login(UserFactory(administrator=True))

    response = client.get(feed)

    kind = {"/programmes/new.atom": "programme", "/funding/calls/new.atom": "call"}.get(feed, "practice")
    assert entries(response) == [f"New {kind}", f"Old {kind}"]
    assert response["Content-Type"].startswith("application/atom+xml")


@pytest.mark.parametrize("feed", FEEDS)
def test_feed_that_did_not_change_is_not_sent_again(client, feed) -> None:
    make_news()
    first = client.get(feed)

    assert client.get(feed, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert first["Cache-Control"] == "public, max-age=900"


@pytest.mark.parametrize(("feed", "page"), FEEDS.items())
def test_page_of_the_list_announces_its_feed(client, feed, page) -> None:
    assert re.search(
        rf'<link rel="alternate"\s+type="application/atom\+xml"\s+title="[^"]+"\s+href="{feed}">',
        client.get(page).content.decode(),
    )


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("feed", "queries"), [("/programmes/new.atom", 3), ("/funding/calls/new.atom", 1)])
def test_feed_query_count(client, django_assert_num_queries, feed, queries, rows) -> None:
    for _ in range(rows):
        programme_between()
    CallFactory.create_batch(rows, open=True)

    with django_assert_num_queries(queries):
        client.get(feed)


@pytest.fixture
def within_a_minute(monkeypatch):
    """The clock of the limits stands still, so that no minute ends in the middle of a test."""
    monkeypatch.setattr(core, "time", SimpleNamespace(time=lambda: 1_000_000_030.0))


@pytest.mark.usefixtures("within_a_minute")
@pytest.mark.parametrize(
    ("address", "most"), [("/programmes/new.atom", 120), ("/calendar/cluster.ics", 120), ("/sitemap.xml", 60)]
)
def test_asked_too_often_it_says_when_to_come_back(client, address, most) -> None:
    answers = [client.head(address) for _ in range(most + 1)]

    assert {response.status_code for response in answers[:most]} == {200}
    assert (answers[most].status_code, 1 <= int(answers[most]["Retry-After"]) <= 60) == (429, True)


@pytest.mark.usefixtures("within_a_minute")
def test_the_limit_of_feeds_is_one_for_all_of_them_and_each_address_has_its_own(client) -> None:
    for _ in range(60):
        client.get("/programmes/new.atom")
        client.get("/calendar/cluster.ics")

    assert client.get("/practices/new.atom").status_code == 429
    assert client.get("/practices/new.atom", REMOTE_ADDR="192.0.2.7").status_code == 200


# the sitemap


def test_sitemap_leads_to_public_pages_only(client) -> None:
    place, hidden = UniversityFactory(), UniversityFactory(archived_at=timezone.now())
    shown = [
        place,
        programme_between(place, place_b := UniversityFactory()),
        PlacementFactory(published=True, host=place),
        RoundFactory(open=True, university=place),
        CallFactory(open=True),
        EventFactory(published=True),
    ]
    PlacementFactory(host=place)
    RoundFactory(university=place)
    CallFactory()
    programme_between(place, place_b, state="draft")
    EventFactory(published=True, members=True)
    client.force_login(UserFactory(administrator=True))

    parts = addresses(client.get("/sitemap.xml"))
    found = [address for part in parts for address in addresses(client.get(part))]

    assert {thing.get_absolute_url() for thing in shown} <= set(found)
    assert hidden.get_absolute_url() not in found
    client.logout()
    assert [address for address in found if client.get(address).status_code != 200] == []


def test_robots_are_led_to_the_sitemap(client) -> None:
    text = client.get("/robots.txt").content.decode()

    assert "Disallow: /admin/\n" in text
    assert text.endswith("Sitemap: http://testserver/sitemap.xml\n")


# schema.org


def test_university_tells_who_it_is(client) -> None:
    kth = UniversityFactory(name="KTH </script>", placed=True, website="https://kth.example/", founded=1827)
    IdentifierFactory(university=kth, scheme="wikidata", value="Q854280")

    told = structured(client.get(kth.get_absolute_url()))

    assert (told["@type"], told["name"], told["foundingDate"]) == ("CollegeOrUniversity", "KTH </script>", "1827")
    assert told["sameAs"] == ["https://www.wikidata.org/wiki/Q854280"]
    assert told["mainEntityOfPage"] == f"http://testserver{kth.get_absolute_url()}"


def test_placement_tells_its_host_its_time_and_its_places(client) -> None:
    host = UniversityFactory(name="KTH", city="Stockholm", website="https://kth.example/")
    round_ = RoundFactory(open=True)
    placement = PlacementFactory(
        published=True, host=host, unit_name="EECS", places=3, months=5, starts_on=date(2027, 1, 18), round=round_
    )
    OptionRequirementFactory(option=placement, asks="ects", number=90)

    told = structured(client.get(placement.get_absolute_url()))

    assert told["provider"] == {
        "@type": "CollegeOrUniversity", "name": "KTH", "url": "https://kth.example/",
        "address": {"@type": "PostalAddress", "addressLocality": "Stockholm", "addressCountry": host.country_id},
        "department": {"@type": "Organization", "name": "EECS"},
    }  # fmt: skip
    assert (told["maximumEnrollment"], told["timeToComplete"], told["startDate"]) == (3, "P5M", "2027-01-18")
    assert told["applicationDeadline"] == round_.closes_at.date().isoformat()
    assert len(told["programPrerequisites"]) == 1


def test_placement_that_is_not_published_tells_machines_nothing(client) -> None:
    placement = PlacementFactory()
    client.force_login(UserFactory(administrator=True))

    assert b"application/ld+json" not in client.get(placement.get_absolute_url()).content


def test_event_tells_when_and_where(client) -> None:
    event = EventFactory(
        cancelled=True, time_zone="Europe/Brussels", is_online=True, online_url="https://meet.example/"
    )

    response = client.get(event.get_absolute_url())

    told = structured(response)
    assert told["startDate"] == event.begins.isoformat(timespec="minutes")
    assert told["eventStatus"] == "https://schema.org/EventCancelled"
    assert told["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    assert "meet.example" not in json.dumps(told)


def test_event_for_some_people_tells_machines_nothing(client) -> None:
    event = EventFactory(published=True, members=True)
    client.force_login(UserFactory(administrator=True))

    assert b"application/ld+json" not in client.get(event.get_absolute_url()).content
