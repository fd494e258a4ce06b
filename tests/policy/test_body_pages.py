"""Bodies: the list, one with its dated seats, and what the database holds."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from policy.models import Body, BodyMembership
from tests.factories.members import UniversityFactory, UserFactory
from tests.factories.policy import BodyFactory, EventFactory, SeatFactory, SeriesFactory

pytestmark = pytest.mark.django_db
LIST = "/policy/bodies/"


def names(response):
    return [body.name for body in response.context["page_obj"]]


@pytest.mark.parametrize("rows", [1, 3])
def test_body_list_query_count(client, django_assert_num_queries, rows):
    BodyFactory.create_batch(rows)

    with django_assert_num_queries(5):  # rows, two counts, two facets
        client.get(LIST)


def test_body_list_begins_with_the_assembly_and_counts_seats(client):
    group, assembly = BodyFactory(name="Mobility"), BodyFactory(name="General assembly", kind="assembly")
    SeatFactory.create_batch(2, body=group)
    SeatFactory(body=assembly, ends_on="2021-01-01")

    response = client.get(LIST)

    assert [(body.name, body.seats) for body in response.context["page_obj"]] == [
        ("General assembly", 0),
        ("Mobility", 2),
    ]


ASKED = {
    "kind=assembly": ["Assembly"],
    "standing=1": ["Assembly"],
    "standing=0": ["Old group"],
    "q=assem": ["Assembly"],
    "q=nowhere": [],
}


@pytest.mark.parametrize("asked", ASKED)
def test_body_list_is_narrowed_by(client, asked):
    BodyFactory(name="Assembly", kind="assembly")
    BodyFactory(name="Old group", ends_on="2020-01-01")

    assert names(client.get(f"{LIST}?{asked}")) == ASKED[asked]


def test_body_list_finds_where_i_sit(client):
    seat = SeatFactory()
    BodyFactory()
    client.force_login(seat.person)

    assert names(client.get(f"{LIST}?mine=yes")) == [seat.body.name]


def test_body_list_is_exported(client):
    BodyFactory(name="Assembly")

    response = client.get(LIST, {"export": "csv"})

    assert "Assembly" in b"".join(response.streaming_content).decode()


# One body


def test_body_page_shows_its_seats_on_the_day_that_is_asked_for(client):
    body, today = BodyFactory(), timezone.localdate()
    former = SeatFactory(body=body, ends_on=today - timedelta(days=1))
    present = SeatFactory(body=body, chair=True)
    client.force_login(UserFactory())

    def seats(**asked):
        context = client.get(body.get_absolute_url(), asked).context
        return context["seats"], context["others"]

    assert seats() == ([present], [former])
    assert seats(on=(today - timedelta(days=2)).isoformat()) == ([present, former], [])
    assert seats(on="not a day") == ([present], [former])
    assert seats(on="2019-12-31") == ([], [present, former])


def test_body_page_names_people_only_to_who_is_signed_in(client):
    seat = SeatFactory(person__family_name="Lindqvist", university=UniversityFactory(short_name="KTH"))

    visitor = client.get(seat.body.get_absolute_url()).content.decode()
    client.force_login(UserFactory())
    member = client.get(seat.body.get_absolute_url()).content.decode()

    assert ("Lindqvist" in visitor, "KTH" in visitor) == (False, True)
    assert ("Lindqvist" in member, "KTH" in member) == (True, True)


def test_body_page_shows_only_events_that_the_reader_may_see(client):
    body = BodyFactory()
    EventFactory(published=True, body=body, title="open meeting")
    EventFactory(published=True, invited=True, body=body, title="closed meeting")

    html = client.get(body.get_absolute_url()).content.decode()

    assert ("open meeting" in html, "closed meeting" in html) == (True, False)


@pytest.mark.parametrize("rows", [1, 3])
def test_body_page_query_count(client, django_assert_num_queries, rows):
    body = BodyFactory()
    SeatFactory.create_batch(rows, body=body)
    for _row in range(rows):
        EventFactory(published=True, body=body, host=UniversityFactory(), series=SeriesFactory(body=body))

    with django_assert_num_queries(5):  # body, seats, coming and past events, series
        client.get(body.get_absolute_url())


# What the database holds


def test_person_sits_once_in_a_body_at_a_time():
    seat = SeatFactory(ends_on="2024-06-30")

    SeatFactory(body=seat.body, person=seat.person, starts_on="2024-07-01")
    with pytest.raises(IntegrityError, match="a_person_sits_once_in_a_body"), transaction.atomic():
        SeatFactory(body=seat.body, person=seat.person, starts_on="2024-06-30", role="chair")


def test_university_has_one_seat_of_its_own_beside_those_of_its_people():
    seat = SeatFactory(of_university=True)

    SeatFactory.create_batch(2, body=seat.body, university=seat.university)
    with pytest.raises(IntegrityError, match="a_university_has_one_seat_of_its_own"), transaction.atomic():
        SeatFactory(of_university=True, body=seat.body, university=seat.university)


BROKEN = {
    "a_seat_is_somebodys": {"person": None},
    "policy_bodymembership_role_known": {"role": "king"},
    "policy_bodymembership_starts_on_before_ends_on": {"ends_on": "2019-01-01"},
}


@pytest.mark.parametrize("name", BROKEN)
def test_database_holds_seat_constraint(name):
    seat = SeatFactory()

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        BodyMembership.objects.filter(pk=seat.pk).update(**BROKEN[name])


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("policy_body_kind_known", {"kind": "club"}),
        ("policy_body_starts_on_before_ends_on", {"starts_on": "2024-01-02", "ends_on": "2024-01-01"}),
    ],
)
def test_database_holds_body_constraint(name, changes):
    body = BodyFactory()

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Body.objects.filter(pk=body.pk).update(**changes)
