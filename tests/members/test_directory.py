"""The directory: who stands in it, how it is searched and narrowed, its map, its exports, its queries."""

import csv
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from tests.factories.members import (
    ContactFactory,
    CountryFactory,
    IdentifierFactory,
    UniversityFactory,
    UniversityNameFactory,
    UserFactory,
    person_as,
)

pytestmark = pytest.mark.django_db
URL = "/universities/"


def shown(response):
    return [university.slug for university in response.context["page_obj"]]


def test_directory_is_public_and_members_come_first(client):
    former = UniversityFactory(former=True, short_name="A")
    member = UniversityFactory(member=True, short_name="B")
    stranger = UniversityFactory(short_name="C")

    response = client.get(reverse("members:university_list"))

    assert shown(response) == [member.slug, former.slug, stranger.slug]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("compare/?u=kth&u=%00", 200),
        ("kth/contact/?to=%00", 200),
        ("add/?holder=%00", 200),
        ("kth/pictures/%00", 404),
        ("kth/documents/%00aaaaaaaaaaaaaaa/", 404),
    ],
)
def test_a_byte_that_no_text_can_hold_is_nothing_anybody_looks_for(client, address, status):
    ContactFactory(university=UniversityFactory(slug="kth"))
    client.force_login(person_as("secretariat"))

    assert client.get(f"/universities/{address}").status_code == status


def test_directory_hides_archived_universities_from_all_but_the_secretariat(client):
    UniversityFactory(archived=True)

    assert shown(client.get(URL)) == []
    client.force_login(UserFactory())
    assert shown(client.get(URL)) == []
    client.force_login(person_as("secretariat"))
    assert len(shown(client.get(URL))) == 1


@pytest.mark.parametrize(
    "typed",
    ["hogskolan", "HÖGSKOLAN", "kungliga stockholm", "tekniska royal", "stockho04", "KTH", "teknis"],
)
def test_search_folds_accents_and_finds_names_places_and_codes(client, typed):
    kth = UniversityFactory(
        short_name="KTH",
        name="Royal Institute of Technology",
        official_name="Kungliga Tekniska högskolan",
        city="Stockholm",
    )
    UniversityNameFactory(university=kth, name="Teknologiska institutet")
    IdentifierFactory(university=kth, scheme="erasmus", value="S  STOCKHO04")
    UniversityFactory(name="Elsewhere", city="Turin")

    assert shown(client.get(URL, {"q": typed})) == [kth.slug]


def test_search_finds_a_former_name_together_with_the_city(client):
    kth = UniversityFactory(city="Stockholm")
    UniversityNameFactory(university=kth, name="Teknologiska institutet")
    UniversityFactory(city="Stockholm")

    assert shown(client.get(URL, {"q": "teknologiska stockholm"})) == [kth.slug]


@pytest.mark.parametrize("typed", ["%", "_", "\\", "'; drop table", "  "])
def test_search_takes_signs_literally(client, typed):
    UniversityFactory()

    response = client.get(URL, {"q": typed})

    assert response.status_code == 200
    assert len(shown(response)) == (1 if not typed.strip() else 0)


def test_facets_narrow_and_count(client):
    sweden, italy = CountryFactory(code="SE"), CountryFactory(code="IT")
    kth = UniversityFactory(country=sweden, member=True, alliance="Unite!", teaching_languages=["sv", "en"])
    UniversityFactory(country=italy, member=True, alliance="Unite!", teaching_languages=["it", "en"])
    UniversityFactory(country=sweden, associate=True, teaching_languages=["sv"])

    response = client.get(URL, {"country": "SE", "kind": "member"})

    assert shown(response) == [kth.slug]
    counts = {facet["name"]: {o["value"]: o["count"] for o in facet["options"]} for facet in response.context["facets"]}
    assert counts["country"] == {"SE": 1, "IT": 1}
    assert counts["kind"] == {"member": 1, "associate": 1}
    assert counts["language"] == {"sv": 1, "en": 1}
    assert [chip["value"] for chip in response.context["chips"]] == ["Member", "Country SE"]


def test_kind_is_the_one_in_force_today(client):
    university = UniversityFactory()
    university.memberships.create(kind="member", starts_on="2000-01-01", ends_on="2010-12-31")
    university.memberships.create(kind="former", starts_on="2011-01-01")

    assert shown(client.get(URL, {"kind": "member"})) == []
    assert shown(client.get(URL, {"kind": "former"})) == [university.slug]


def test_empty_list_says_what_to_do(client):
    response = client.get(URL, {"q": "nowhere"})

    assert "No university fits" in response.content.decode()


def test_htmx_gets_the_results_only(client):
    UniversityFactory()

    response = client.get(URL, headers={"HX-Request": "true"})

    assert "<html" not in response.content.decode()
    assert "HX-Request" in response["Vary"]


def test_csv_export_honours_filters_and_carries_codes(client):
    kth = UniversityFactory(country=CountryFactory(code="SE"), name="Högskolan", member=True)
    IdentifierFactory(university=kth, scheme="erasmus", value="S  STOCKHO04")
    UniversityFactory()

    response = client.get(URL, {"country": "SE", "export": "csv"})

    content = b"".join(response.streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert [(row["Name"], row["Erasmus code"], row["In the consortium"]) for row in rows] == [
        ("Högskolan", "S  STOCKHO04", "Member")
    ]


def test_xlsx_export_is_a_workbook(client):
    UniversityFactory.create_batch(2)

    response = client.get(URL, {"export": "xlsx"})

    assert load_workbook(io.BytesIO(response.content)).active.max_row == 3


def test_map_draws_what_is_filtered(client):
    UniversityFactory(placed=True, country=CountryFactory(code="SE"), short_name="KTH")
    UniversityFactory(placed=True, country=CountryFactory(code="IT"))
    UniversityFactory()

    everywhere = client.get(URL).context["map"]
    in_sweden = client.get(URL, {"country": "SE"}).context["map"]

    assert len(everywhere.points) == 2
    assert [placed.point.label for placed in in_sweden.points] == ["KTH"]


@pytest.mark.parametrize("universities", [1, 3])
def test_directory_query_count(client, django_assert_num_queries, universities):
    UniversityFactory.create_batch(universities, member=True, placed=True)

    with django_assert_num_queries(
        12
    ):  # count, all, page, map; kind, country and its names, alliance, language, tags, dual degrees, doctorate
        client.get(URL)
