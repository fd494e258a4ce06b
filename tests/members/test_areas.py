"""A part of the map: what lies in it, on the page, in files, in the API and in words."""

import re

import pytest

from members.areas import Area, box_around
from members.filters import UniversityFilter
from members.lists import words_of
from tests.factories.members import UniversityFactory

pytestmark = pytest.mark.django_db
PLACES = {
    "Stockholm": (59.35, 18.07),
    "Torino": (45.06, 7.66),
    "Auckland": (-36.85, 174.77),
    "Honolulu": (21.3, -157.8),
}


@pytest.fixture
def placed():
    for city, (latitude, longitude) in PLACES.items():
        UniversityFactory(city=city, name=city, latitude=str(latitude), longitude=str(longitude))
    UniversityFactory(city="Nowhere", name="Nowhere")


@pytest.mark.parametrize(
    ("box", "cities"),
    [
        ("0,40,30,70", ["Stockholm", "Torino"]),
        ("0,70,30,40", ["Stockholm", "Torino"]),
        ("170,-60,-150,30", ["Auckland", "Honolulu"]),
        ("7.66,45.06,7.66,45.06", ["Torino"]),
        ("-180,-180,180,180", ["Auckland", "Honolulu", "Stockholm", "Torino"]),
    ],
    ids=["a box", "south for north", "across the date line", "its edge belongs to it", "everywhere"],
)
def test_what_lies_in_the_box(client, placed, box, cities):
    listed = client.get("/universities/", {"bbox": box}).context["page_obj"]
    answered = client.get("/api/v1/universities/", {"bbox": box}).json()["results"]

    assert sorted(university.city for university in listed) == cities
    assert sorted(university["city"] for university in answered) == cities


@pytest.mark.parametrize("typed", ["", "here", "1,2,3", "1,2,3,999"])
def test_what_is_no_box_is_left_out_of_a_page(client, placed, typed):
    assert len(client.get("/universities/", {"bbox": typed}).context["page_obj"]) == 5


def test_the_box_is_a_filter_that_can_be_taken_away_and_stays_with_the_others(client, placed):
    page = client.get("/universities/", {"bbox": "0,40,30,70", "q": "torino"})

    chip = page.context["chips"][1]
    assert (chip["value"], chip["remove_url"]) == ("latitude 40 to 70, longitude 0 to 30", "?q=torino")
    assert re.search(r'form="filters"\s+name="bbox"\s+value="0,40,30,70"', page.content.decode())


def test_a_saved_search_names_the_box():
    catalogue = UniversityFilter({"bbox": "0,40,30,70"}, queryset=UniversityFactory._meta.model.objects.all())

    assert words_of(catalogue) == [Area.in_words((0, 40, 30, 70))]


def test_box_around_is_a_little_wider():
    assert box_around([(59.35, 18.07), (45.06, 7.66)]) == "7,45,19,60"


def test_the_map_leads_to_those_it_shows(client, placed):
    for number in range(4):
        UniversityFactory(latitude=str(50 + number), longitude="5")

    page = client.get("/universities/")

    assert f"?bbox={page.context['map_box']}" in page.content.decode()
    assert len(page.context["map"].outside) == 2


def test_where_nothing_has_a_place_no_empty_map_is_drawn(client):
    UniversityFactory(name="Nowhere")

    page = client.get("/universities/").content.decode()

    assert "Nowhere" in page
    assert "atlas-map" not in page
