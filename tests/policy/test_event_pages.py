"""The calendar of events, one event, its series, its calendar file: what they show, to whom, at what cost."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from tests.factories.members import UniversityFactory, UserFactory, person_as, student_of
from tests.factories.policy import (
    BodyFactory,
    EventFactory,
    InvitationFactory,
    ProgrammeItemFactory,
    RegistrationFactory,
    SeatFactory,
    SeriesFactory,
    in_days,
)

pytestmark = pytest.mark.django_db
LIST = "/policy/events/"


def titles(response):
    return [event.title for event in response.context["page_obj"]]


# Who sees which event


AUDIENCES = {
    "visitor": ["public"],
    "newcomer": ["public"],
    "student": ["members", "public"],
    "head of another university": ["members", "public"],
    "invited head": ["invited", "members", "public"],
    "registered newcomer": ["invited", "public"],
    "office of the host": ["draft", "invited", "members", "public"],
    "chair of the body": ["draft", "invited", "members", "public"],
    "vice-chair of the body": ["public"],
    "secretariat": ["draft", "invited", "members", "public"],
}


@pytest.fixture
def events():
    body, host = BodyFactory(), UniversityFactory()
    common = {"body": body, "host": host}
    return {
        "public": EventFactory(title="public", published=True, **common),
        "members": EventFactory(title="members", published=True, members=True, **common),
        "invited": EventFactory(title="invited", published=True, invited=True, **common),
        "draft": EventFactory(title="draft", **common),
    }


def person(who, events):
    body, host = events["draft"].body, events["draft"].host
    if who == "invited head":
        home = UniversityFactory()
        InvitationFactory(event=events["invited"], university=home)
        return person_as("head", home)
    if who == "registered newcomer":
        return RegistrationFactory(event=events["invited"], approved=True).person
    makers = {
        "newcomer": UserFactory,
        "student": student_of,
        "head of another university": lambda: person_as("head"),
        "office of the host": lambda: person_as("exchange", host),
        "chair of the body": lambda: belongs(SeatFactory(body=body, chair=True).person),
        "vice-chair of the body": lambda: SeatFactory(body=body, role="vice").person,
        "secretariat": lambda: person_as("secretariat"),
    }
    return makers[who]()


def belongs(user):
    return person_as("coordinator", person=user)


@pytest.mark.parametrize("who", AUDIENCES)
def test_event_list_shows_each_person_the_events_of_their_audience(client, events, who):
    if who != "visitor":
        client.force_login(person(who, events))

    response = client.get(LIST, {"sort": "title"})

    assert titles(response) == AUDIENCES[who]


@pytest.mark.parametrize("who", AUDIENCES)
def test_event_that_is_not_for_the_reader_is_not_there(client, events, who):
    if who != "visitor":
        client.force_login(person(who, events))

    answers = {key: client.get(event.get_absolute_url()).status_code for key, event in events.items()}

    assert answers == {key: 200 if key in AUDIENCES[who] else 404 for key in events}


def test_withdrawn_invitation_no_longer_opens_the_event(client, events):
    home = UniversityFactory()
    InvitationFactory(event=events["invited"], university=home, state="withdrawn")
    client.force_login(person_as("head", home))

    assert client.get(events["invited"].get_absolute_url()).status_code == 404


def test_archived_events_are_counted_for_their_organisers_and_listed_when_their_state_is_ticked(client):
    client.force_login(person_as("secretariat"))
    EventFactory(archived=True, title="Put away")
    EventFactory(published=True, title="Coming")
    EventFactory(archived=True)
    states = {"published": 1, "archived": 2}

    listed, ticked, both = (client.get(LIST + query) for query in ("", "?state=archived&q=away", "?state=archived"))

    counted = next(facet for facet in listed.context["facets"] if facet["name"] == "state")["options"]
    assert {option["value"]: option["count"] for option in counted} == states
    assert [event.title for event in listed.context["page_obj"]] == ["Coming"]
    assert [event.title for event in ticked.context["page_obj"]] == ["Put away"]
    assert both.context["total"] == 2


def test_nobody_else_lists_archived_events(client):
    EventFactory(archived=True)

    pages = [client.get(f"{LIST}?state=archived")]
    client.force_login(UserFactory())
    pages.append(client.get(f"{LIST}?state=archived"))

    assert [page.context["total"] for page in pages] == [0, 0]


def test_archived_event_is_seen_by_its_organisers_only(client):
    event = EventFactory(archived=True)

    assert client.get(event.get_absolute_url()).status_code == 404
    client.force_login(person_as("secretariat"))
    assert client.get(event.get_absolute_url()).status_code == 200


# The list


@pytest.mark.parametrize("rows", [1, 3])
def test_event_list_query_count(client, django_assert_num_queries, rows):
    for _row in range(rows):
        EventFactory(published=True, body=BodyFactory(), series=SeriesFactory(), host=UniversityFactory())

    with django_assert_num_queries(14):  # rows, two counts, eight facets, the names of three
        client.get(LIST)


def test_event_list_begins_with_what_is_nearest_and_ends_with_what_is_longest_past(client):
    for title, days in (("long past", -50), ("just past", -5), ("soon", 3), ("later", 40)):
        EventFactory(published=True, title=title, starts_at=in_days(days), ends_at=in_days(days + 1))
    EventFactory(published=True, title="running", starts_at=in_days(-1), ends_at=in_days(1))

    assert titles(client.get(LIST)) == ["running", "soon", "later", "just past", "long past"]


FACETS = {
    "when=0": {"coming"},
    "when=1": {"past"},
    "when=5": set(),
    "when=x": set(),
    "year=1999": set(),
    "series=webinars": {"coming"},
    "body=steering": {"past"},
    "host=kth": {"coming"},
    "audience=public": {"coming", "past"},
    "open=yes": {"coming"},
    "q=Malmo": {"coming"},
    "q=webinars": {"coming"},
    "q=steering": {"past"},
    "q=nothing%20here": set(),
}


@pytest.mark.parametrize("asked", FACETS)
def test_event_list_is_narrowed_by(client, asked):
    EventFactory(
        published=True, title="coming", place="Malmö", series=SeriesFactory(slug="webinars", name="Webinars"),
        host=UniversityFactory(slug="kth"),
    )  # fmt: skip
    EventFactory(past=True, title="past", body=BodyFactory(slug="steering", name="Steering committee"))

    assert set(titles(client.get(f"{LIST}?{asked}"))) == FACETS[asked]


@pytest.mark.parametrize("address", ["events/?mine=yes", "events/?kept=yes", "bodies/?mine=yes"])
def test_list_opens_for_a_visitor_who_follows_the_link_of_somebody_signed_in(client, address):
    assert client.get(f"/policy/{address}").status_code == 200


def test_event_list_says_what_to_do_when_nothing_fits(client):
    html = client.get(LIST, {"q": "nowhere"}).content.decode()

    assert "No event fits all of this" in html


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_export_has_what_the_reader_sees_and_no_more(client, events, ending):
    response = client.get(LIST, {"export": ending})

    content = b"".join(response.streaming_content) if response.streaming else response.content
    assert response.status_code == 200
    if ending == "csv":
        assert ("public" in content.decode(), "draft" in content.decode().lower()) == (True, False)


# One event


def test_event_page_shows_both_clocks(client):
    begins = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=30)
    event = EventFactory(
        published=True, time_zone="Asia/Shanghai", starts_at=begins, ends_at=begins + timedelta(hours=2)
    )
    ProgrammeItemFactory(event=event, starts_at=begins, ends_at=begins + timedelta(hours=1), title="Opening words")
    client.force_login(UserFactory(time_zone="Europe/Lisbon"))

    html = client.get(event.get_absolute_url()).content.decode()

    assert ("20:00–21:00" in html, " Shanghai</b>" in html, "for you" in html) == (True, True, True)


def test_event_page_query_count_is_the_same_for_a_long_programme(client, django_assert_num_queries):
    event = EventFactory(published=True, host=UniversityFactory())
    ProgrammeItemFactory.create_batch(30, event=event)

    with django_assert_num_queries(3):  # event, programme, materials
        client.get(event.get_absolute_url())


def test_link_to_take_part_is_for_those_who_come(client):
    event = EventFactory(published=True, is_online=True, online_url="https://meet.example/room-7")
    coming, waiting = (RegistrationFactory(event=event, **{state: True}).person for state in ("approved", "waiting"))

    def shown(user):
        client.logout()
        if user:
            client.force_login(user)
        pages = [client.get(event.get_absolute_url()), client.get(reverse("policy:event_calendar", args=[event.slug]))]
        return ["meet.example/room-7" in page.content.decode() for page in pages]

    assert [shown(None), shown(waiting), shown(coming)] == [[False, False], [False, False], [True, True]]


PRECISIONS = {
    ("2024-04-10", "2024-04-12", "day"): "10–12 April 2024",
    ("2024-04-10", "2024-04-10", "day"): "10 April 2024",
    ("2024-04-30", "2024-05-02", "day"): "30 April – 2 May 2024",
    ("2024-12-30", "2025-01-02", "day"): "30 December 2024 – 2 January 2025",
    ("2025-11-01", "2025-11-30", "month"): "November 2025",
    ("2013-01-01", "2013-12-31", "year"): "2013",
}


@pytest.mark.parametrize("dates", PRECISIONS)
def test_event_says_when_as_exactly_as_it_is_known(dates):
    first, last, precision = dates
    event = EventFactory.build(
        starts_at=timezone.datetime.fromisoformat(f"{first}T00:00+01:00"),
        ends_at=timezone.datetime.fromisoformat(f"{last}T20:00+01:00"),
        precision=precision,
    )

    assert event.when == PRECISIONS[dates]


# The calendar file


def test_calendar_file_has_the_event_on_its_own_clock(client):
    event = EventFactory(published=True, title="General assembly", venue="Aula", place="Leuven")

    response = client.get(reverse("policy:event_calendar", args=[event.slug]))

    text = response.content.decode()
    assert response["Content-Type"].startswith("text/calendar")
    assert f"DTSTART;TZID=Europe/Brussels:{event.begins:%Y%m%dT%H%M%S}" in text
    assert ("SUMMARY:General assembly" in text, "LOCATION:Aula\\, Leuven" in text, "VALARM" in text) == (True,) * 3


def test_calendar_file_brings_the_rules_of_its_zone(client):
    event = EventFactory(published=True, time_zone="Europe/Helsinki")

    calendar = Calendar.from_ical(client.get(reverse("policy:event_calendar", args=[event.slug])).content)

    assert [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Helsinki"]


def test_calendar_file_says_when_the_event_is_cancelled(client):
    event = EventFactory(cancelled=True)

    text = client.get(reverse("policy:event_calendar", args=[event.slug])).content.decode()

    assert "STATUS:CANCELLED" in text


def test_calendar_file_of_an_event_without_hours_fills_whole_days(client):
    event = EventFactory(past=True, precision="day")

    text = client.get(reverse("policy:event_calendar", args=[event.slug])).content.decode()

    assert f"DTSTART;VALUE=DATE:{event.begins:%Y%m%d}" in text


# Series


def test_series_page_shows_its_events_coming_and_past(client):
    series = SeriesFactory()
    EventFactory(published=True, series=series, title="next one")
    EventFactory(past=True, series=series, title="last one")
    EventFactory(series=series, title="draft one")

    response = client.get(series.get_absolute_url())

    found = [[event.title for event in response.context[part]] for part in ("coming", "past")]
    assert found == [["next one"], ["last one"]]


def test_series_without_events_says_so(client):
    html = client.get(SeriesFactory().get_absolute_url()).content.decode()

    assert "No event of this series yet" in html


@pytest.mark.parametrize("rows", [1, 3])
def test_series_page_query_count(client, django_assert_num_queries, rows):
    series = SeriesFactory(body=BodyFactory())
    for _row in range(rows):
        EventFactory(published=True, series=series, host=UniversityFactory())

    with django_assert_num_queries(4):  # series, coming, past, how many
        client.get(series.get_absolute_url())
