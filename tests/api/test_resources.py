"""The resources of the API: the rows and filters of the pages, bounded pages, a constant number of queries."""

from datetime import timedelta

import pytest
from django.utils import timezone

from applications.models import Round
from funding.models import Call
from members.models import Unit, University
from members.rest.registry import resources
from policy.models import Event
from practices.models import Practice
from programmes.models import Course, Programme
from tests.api.rows import make
from tests.factories.applications import RoundFactory
from tests.factories.exchange import PlacementFactory
from tests.factories.funding import FundingProgrammeFactory
from tests.factories.members import (
    ContactFactory,
    CountryFactory,
    FieldFactory,
    IdentifierFactory,
    UnitFactory,
    UniversityFactory,
    student_of,
)
from tests.factories.policy import EventFactory
from tests.factories.programmes import CourseFactory, ProgrammeCourseFactory, open_intake, programme_between

pytestmark = pytest.mark.django_db


def keys(response, key="slug"):
    return [row[key] for row in response.json()["results"]]


def test_index_names_every_resource(client) -> None:
    told = client.get("/api/v1/").json()

    assert list(told["resources"]) == [resource.resource for resource in resources()]
    assert [client.get(address).status_code for address in told["resources"].values()] == [200] * len(resources())


# the rows


def test_university_tells_its_codes_and_public_contacts(client) -> None:
    kth = UniversityFactory(member=True, placed=True, country=CountryFactory(code="SE"))
    IdentifierFactory(university=kth, scheme="wikidata", value="Q42")
    ContactFactory(university=kth, name="Exchange office")
    ContactFactory(university=kth, name="Inside", audience="members")

    told = client.get(f"/api/v1/universities/{kth.slug}/").json()

    assert told["url"] == f"http://testserver/api/v1/universities/{kth.slug}/"
    assert told["page"] == f"http://testserver/universities/{kth.slug}/"
    assert (told["kind"], told["country"], told["is_archived"]) == ("member", "SE", False)
    assert told["identifiers"] == [{"scheme": "wikidata", "value": "Q42", "of_parent": False}]
    assert [(contact["name"], contact["email"]) for contact in told["contacts"]] == [("Exchange office", "")]
    assert told == client.get("/api/v1/universities/").json()["results"][0]


def test_unit_names_its_university_and_the_unit_above(client) -> None:
    school = UnitFactory(name="School of Engineering")
    UnitFactory(name="Robotics", parent=school, university=school.university)

    told = client.get("/api/v1/units/", {"q": "robotics"}).json()["results"]

    assert [(unit["university"], unit["part_of"]) for unit in told] == [(school.university.slug, str(school.reference))]
    assert client.get(told[0]["url"]).json() == told[0]


def test_programme_tells_partners_pathways_and_the_next_intake(client) -> None:
    kth, polito = UniversityFactory(), UniversityFactory()
    programme = programme_between(kth, polito)
    intake = open_intake(programme, places=4)

    told = client.get(f"/api/v1/programmes/{programme.slug}/").json()

    assert [partner["university"] for partner in told["partners"]] == [kth.slug, polito.slug]
    assert [(path["home"], path["host"], len(path["semesters"])) for path in told["pathways"]] == [
        (kth.slug, polito.slug, 4),
        (polito.slug, kth.slug, 4),
    ]
    assert [(row["key"], row["places"], row["closes_at"]) for row in told["intakes"]] == [
        (intake.key, 8, intake.closes_at.isoformat().replace("+00:00", "Z"))
    ]
    assert told == client.get("/api/v1/programmes/").json()["results"][0]


def test_course_tells_when_where_and_whether_guests_may(client) -> None:
    course = CourseFactory(code="EL2520", terms=["autumn", "spring"], open=True, last_year=2090)
    ended = CourseFactory(ended=True)

    told = client.get(f"/api/v1/courses/{course.slug}/").json()

    assert (told["university"], told["code"], told["ects"]) == (course.university.slug, "EL2520", 7.5)
    assert (told["terms"], told["languages"], told["open_to_exchange"]) == (["autumn", "spring"], ["en"], True)
    assert (told["unit"], told["field"], told["last_year"]) == ("", None, 2090)
    assert told["page"] == f"http://testserver/courses/{course.slug}/"
    assert [told] == client.get("/api/v1/courses/", {"open": "yes", "term": "spring"}).json()["results"]
    assert client.get(f"/api/v1/courses/{ended.slug}/").json()["last_year"] == 2020
    assert keys(client.get("/api/v1/courses/")) == [course.slug]


def test_programme_tells_its_courses(client) -> None:
    programme = programme_between()
    pathway = programme.pathways.first()
    row = ProgrammeCourseFactory(programme=programme, pathway=pathway, part="elective", group="Choose two")

    told = client.get(f"/api/v1/programmes/{programme.slug}/").json()["courses"]

    assert told == [
        {
            "course": row.course.slug, "code": row.course.code, "title": row.course.title,
            "university": row.course.university.slug, "ects": 7.5, "semester": 1, "part": "elective",
            "group": "Choose two", "pathway": pathway.key,
        }
    ]  # fmt: skip


def test_placement_tells_places_left_and_the_closing_but_no_person(client) -> None:
    round = RoundFactory(open=True)
    placement = PlacementFactory(published=True, round=round, contact_audience="public")

    response = client.get(f"/api/v1/placements/{placement.slug}/")

    told = response.json()
    assert (told["host"], told["places"], told["places_left"]) == (placement.host.slug, 2, 2)
    assert told["closing_zone"] == round.time_zone
    assert b"Ada Lind" not in response.content
    assert told == client.get("/api/v1/placements/").json()["results"][0]


def test_round_tells_where_it_stands(client) -> None:
    open_now = RoundFactory(open=True)
    RoundFactory(closed=True)

    told = client.get("/api/v1/rounds/", {"standing": "open"}).json()["results"]

    assert [(row["slug"], row["standing"]) for row in told] == [(open_now.slug, "open")]
    assert client.get(told[0]["url"]).json() == told[0]


def test_moments_are_in_utc_whatever_the_readers_zone(client) -> None:
    RoundFactory(open=True)
    client.cookies["tz"] = "Asia/Tokyo"

    assert client.get("/api/v1/rounds/").json()["results"][0]["closes_at"].endswith("Z")


# the filters of the page


def test_filters_are_those_of_the_page(client) -> None:
    sweden, italy = CountryFactory(code="SE"), CountryFactory(code="IT")
    kth = UniversityFactory(country=sweden, member=True, teaching_languages=["sv"])
    polito = UniversityFactory(country=italy, member=True)
    UniversityFactory(associate=True)

    both = client.get("/api/v1/universities/", {"country": ["SE", "IT"], "kind": "member", "sort": "country"})

    assert keys(both) == [polito.slug, kth.slug]
    assert keys(client.get("/api/v1/universities/", {"language": "sv"})) == [kth.slug]


def test_filter_for_me_works_for_a_student_as_on_the_page(client) -> None:
    student = student_of()
    home = student.student_profile.university
    mine = PlacementFactory(published=True, round=RoundFactory(open=True, university=home))
    PlacementFactory(published=True, round=RoundFactory(open=True))
    client.force_login(student)

    assert keys(client.get("/api/v1/placements/", {"me": "yes"})) == [mine.slug]


def test_filter_for_me_needs_a_person_who_has_it_on_the_page(client) -> None:
    visitor = client.get("/api/v1/placements/", {"me": "yes"})
    client.force_login(student_of())
    stranger = client.get("/api/v1/rounds/", {"desk": "yes"})

    assert (visitor.status_code, stranger.status_code) == (401, 403)
    assert "me" in visitor.json()["detail"]


# pages


def test_pages_are_linked_and_hold_what_was_asked(client) -> None:
    for number in range(3):
        UniversityFactory(short_name=f"U{number}", slug=f"u{number}")

    first = client.get("/api/v1/universities/", {"page_size": 2, "sort": "name"})
    second = client.get(first.json()["next"])

    told = first.json()
    assert (told["count"], told["page"], told["pages"], told["page_size"], told["previous"]) == (3, 1, 2, 2, None)
    assert keys(first) + keys(second) == ["u0", "u1", "u2"]
    assert second.json()["next"] is None
    assert keys(client.get(second.json()["previous"])) == ["u0", "u1"]


def test_empty_list_has_one_empty_page(client) -> None:
    told = client.get("/api/v1/rounds/").json()

    assert (told["count"], told["pages"], told["results"]) == (0, 1, [])


# constant queries


# rows and their count, then one query for each thing that many rows have
QUERIES = {
    "universities": 7,
    "units": 2,
    "programmes": 15,
    "courses": 2,
    "placements": 3,
    "rounds": 2,
    "calls": 4,
    "events": 2,
    "practices": 3,
}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("kind", QUERIES)
def test_list_query_count(client, django_assert_num_queries, kind, rows) -> None:
    make(kind, rows)

    with django_assert_num_queries(QUERIES[kind]):
        assert client.get(f"/api/v1/{kind}/").status_code == 200


def a_thousand(kind):
    """One complete row and a thousand bare ones."""
    make(kind, 1)
    host, field, now = UniversityFactory(), FieldFactory(), timezone.now()
    numbers = range(1000)
    if kind == "universities":
        rows = [{"slug": f"u{n}", "short_name": f"U{n}", "name": f"U {n}", "country": host.country} for n in numbers]
        University.objects.bulk_create(University(**row) for row in rows)
    elif kind == "units":
        Unit.objects.bulk_create(Unit(university=host, name=f"Unit {n}") for n in numbers)
    elif kind == "programmes":
        fields = {"state": "published", "published_at": now, "field": field}
        Programme.objects.bulk_create(Programme(slug=f"p{n}", title=f"P {n}", **fields) for n in numbers)
    elif kind == "courses":
        built = (CourseFactory.build(university=host, code=f"C{n}", slug=f"c{n}", field=field) for n in numbers)
        Course.objects.bulk_create(built)
    elif kind == "placements":
        PlacementFactory.create_batch(1000, published=True, host=host, field=field)
    elif kind == "calls":
        line, fields = FundingProgrammeFactory(), {"state": "published", "published_at": now, "news_at": now}
        named = {"programme": line, "action_type": "ria", "state_since": now}
        Call.objects.bulk_create(Call(slug=f"c{n}", title=f"C {n}", **named, **fields) for n in numbers)
    elif kind == "events":
        Event.objects.bulk_create(EventFactory.build(slug=f"e{n}", published=True) for n in numbers)
    elif kind == "practices":
        live = Practice.objects.get().live
        fields = {"university": host, "owner": live.contact, "state": "published", "live": live, "latest": live}
        dates = {"published_at": now, "first_published_at": now}
        Practice.objects.bulk_create(Practice(reference=f"BP-{n:04d}-AA", **fields, **dates) for n in numbers)
    else:
        fields = {"university": host, "state": "published", "opens_at": now - timedelta(days=1)}
        rows = RoundFactory.build_batch(1000, closes_at=now + timedelta(days=1), **fields)
        Round.objects.bulk_create(rows)


@pytest.mark.parametrize("kind", QUERIES)
def test_list_query_count_with_a_thousand_rows(client, django_assert_num_queries, kind) -> None:
    a_thousand(kind)

    with django_assert_num_queries(QUERIES[kind]):
        told = client.get(f"/api/v1/{kind}/", {"page_size": 100}).json()

    assert len(told["results"]) == 100


def test_every_resource_has_a_budget() -> None:
    assert sorted(QUERIES) == [resource.resource for resource in resources()]
