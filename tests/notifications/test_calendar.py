"""Calendar feeds: public dates for everybody, one's own behind a secret address that can be taken back."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from members.personal_data import all_holdings
from members.support import is_allowed
from notifications.calendar_addresses import make_address, owner_of
from notifications.models import CalendarAddress
from notifications.registries import deadlines_for
from tests.factories.applications import RoundFactory
from tests.factories.funding import CallFactory
from tests.factories.members import UserFactory, student_of
from tests.factories.policy import EventFactory, RegistrationFactory

pytestmark = pytest.mark.django_db

PAGE, PUBLIC, MAKE, REVOKE = "/calendar/", "/calendar/cluster.ics", "/calendar/address/", "/calendar/address/revoke/"


def entries(response):
    return {str(event["summary"]): event for event in Calendar.from_ical(response.content).walk("VEVENT")}


@pytest.fixture
def person(client):
    user = UserFactory()
    client.force_login(user)
    return user


@pytest.fixture
def address(person):
    return make_address(user=person, now=timezone.now()).get_absolute_url()


# the public feed


def test_round_stands_at_its_closing_in_its_own_zone(client) -> None:
    round = RoundFactory(open=True, time_zone="Asia/Tokyo")

    event = entries(client.get(PUBLIC))[f"{round.title} closes"]

    assert event["dtstart"].dt == round.closes_at.replace(microsecond=0)
    assert event["dtstart"].dt.utcoffset() == timedelta(hours=9)
    assert event["dtstart"].params["TZID"] == "Asia/Tokyo"
    assert event["url"] == f"http://localhost:8000{round.get_absolute_url()}"
    assert timezone.now() - event["last-modified"].dt < timedelta(minutes=1)


def test_feed_brings_the_rules_of_its_zones(client) -> None:
    RoundFactory(open=True, time_zone="Europe/Helsinki")

    calendar = Calendar.from_ical(client.get(PUBLIC).content)

    assert [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Helsinki"]


def test_event_has_its_length_and_the_uid_of_its_own_file(client) -> None:
    event = EventFactory(published=True, time_zone="Europe/Lisbon")
    by_day = EventFactory(published=True, precision="day", time_zone="Europe/Lisbon")

    told = entries(client.get(PUBLIC))

    assert (told[event.title]["dtstart"].dt, told[event.title]["dtend"].dt) == (
        event.starts_at.replace(microsecond=0),
        event.ends_at.replace(microsecond=0),
    )
    alone = Calendar.from_ical(client.get(reverse("policy:event_calendar", args=[event.slug])).content).walk("VEVENT")[
        0
    ]
    assert told[event.title]["uid"] == alone["uid"]
    assert told[by_day.title]["dtstart"].dt == by_day.starts_at.astimezone(ZoneInfo("Europe/Lisbon")).date()


def test_deadline_is_a_moment_without_an_end(client) -> None:
    RoundFactory(open=True, title="Autumn")

    assert "dtend" not in entries(client.get(PUBLIC))["Autumn closes"]


@pytest.mark.parametrize(("precision", "words"), [("day", "6 May 2027"), ("month", "May 2027"), ("year", "2027")])
def test_page_says_when_on_the_events_own_clock_as_exactly_as_it_is_known(client, precision, words) -> None:
    midnight = datetime(2027, 5, 6, 0, 0, tzinfo=ZoneInfo("Europe/Brussels"))
    EventFactory(published=True, precision=precision, starts_at=midnight, ends_at=midnight + timedelta(hours=23))

    row = client.get(PAGE).content.decode().partition("Workshop")[2].partition("</tr>")[0]

    assert row.rpartition("<td>")[2].partition("</td>")[0] == words


def test_closing_of_a_call_or_a_round_has_one_uid_in_the_feed_and_in_its_own_file(client) -> None:
    round = RoundFactory(open=True, title="Autumn")
    call = CallFactory(open=True)

    told = entries(client.get(PUBLIC))

    for title, page in (("Autumn closes", "applications:round_calendar"), (call.title, "funding:call_calendar")):
        row = round if title == "Autumn closes" else call
        alone = entries(client.get(reverse(page, args=[row.slug])))
        assert [str(entry["uid"]) for entry in alone.values()] == [str(told[title]["uid"])]


def test_cancelled_event_says_so(client) -> None:
    event = EventFactory(cancelled=True)

    assert entries(client.get(PUBLIC))[event.title]["status"] == "CANCELLED"


def test_uid_stays_when_everything_else_changes(client) -> None:
    round = RoundFactory(open=True, title="Autumn")
    before = entries(client.get(PUBLIC))["Autumn closes"]["uid"]
    type(round).objects.update(title="Spring", closes_at=round.closes_at + timedelta(days=3))

    assert entries(client.get(PUBLIC))["Spring closes"]["uid"] == before
    assert str(round.pk) not in before.partition("@")[0].split("-")


def test_public_feed_has_nothing_that_is_for_somebody(client) -> None:
    EventFactory(published=True, members=True)
    EventFactory(published=True, invited=True)
    EventFactory()
    RoundFactory(title="A draft")
    client.force_login(student_of())

    assert entries(client.get(PUBLIC)) == {}


def test_feed_that_did_not_change_is_not_sent_again(client) -> None:
    RoundFactory(open=True)
    first = client.get(PUBLIC)

    assert first["Cache-Control"] == "public, max-age=900"
    assert client.get(PUBLIC, headers={"If-None-Match": first["ETag"]}).status_code == 304
    EventFactory(published=True)
    assert client.get(PUBLIC, headers={"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_public_feed_query_count(client, django_assert_num_queries, rows) -> None:
    RoundFactory.create_batch(rows, open=True)
    EventFactory.create_batch(rows, published=True)

    with django_assert_num_queries(5):  # rounds, windows of programmes, stages of calls, registrations, events
        client.get(PUBLIC)


# one's own


def test_own_feed_has_what_one_goes_to_without_signing_in(client, person, address) -> None:
    going = RegistrationFactory(person=person, event=EventFactory(published=True, members=True), approved=True).event
    EventFactory(published=True)
    client.logout()

    response = client.get(address)

    assert [*entries(response)] == [going.title]
    assert (response["Cache-Control"], response["X-Robots-Tag"]) == ("private, max-age=900", "noindex")


def test_own_feed_has_the_deadlines_of_its_person(client, address, person) -> None:
    RoundFactory(open=True)
    now = timezone.now()

    assert {*entries(client.get(address))} == {deadline.title for deadline in deadlines_for(person, now)}


@pytest.mark.parametrize("how", ["made anew", "taken back", "closed account", "forged"])
def test_address_ends(client, person, address, how) -> None:
    if how == "made anew":
        client.post(MAKE)
    elif how == "taken back":
        client.post(REVOKE)
    elif how == "closed account":
        type(person).objects.update(is_active=False)
    else:
        address = address.replace("/mine/", "/mine/x")

    assert client.get(address).status_code == 404


def test_page_shows_the_address_and_how_to_take_it_back(client, person) -> None:
    made = client.post(MAKE, follow=True)

    url = f"http://localhost:8000{person.calendar_address.get_absolute_url()}"
    page = made.content.decode()
    assert f'<code id="my-address">{url}</code>' in page
    assert url.replace("http://", "webcal://") in page
    assert "Take the address of your calendar back?" in client.get(REVOKE).content.decode()
    assert "Make my address" in client.post(REVOKE, follow=True).content.decode()
    assert "no address to take back" in client.post(REVOKE, follow=True).content.decode()


def test_page_of_a_visitor_has_the_public_address_only(client) -> None:
    page = client.get(PAGE).content.decode()

    assert "webcal://localhost:8000/calendar/cluster.ics" in page
    assert "Make my address" not in page


def test_reading_is_written_at_most_once_an_hour(person, address) -> None:
    token, now = person.calendar_address.token, timezone.now()
    owner_of(token, now)
    owner_of(token, now + timedelta(minutes=50))

    assert CalendarAddress.objects.get().last_read_at == now
    owner_of(token, now + timedelta(minutes=70))
    assert CalendarAddress.objects.get().last_read_at == now + timedelta(minutes=70)


def test_the_rows_alone_open_no_calendar(client, person, address) -> None:
    key = person.calendar_address.key.hex

    assert client.get(reverse("calendar:mine", args=[key])).status_code == 404


def test_erasing_a_person_ends_the_address(client, person, address) -> None:
    holding = next(found for found in all_holdings() if found.key == "calendar")

    assert len(holding.rows(person)) == holding.erase(person, timezone.now()) == 1
    assert client.get(address).status_code == 404


def test_address_is_the_same_each_time_it_is_shown(client, person, address) -> None:
    assert CalendarAddress.objects.get().get_absolute_url() == address


def test_support_never_sees_the_address() -> None:
    assert not is_allowed("calendar:page", "GET")
    assert not is_allowed("calendar:address_make", "POST")
