"""The page of search and the list under the box: how they answer, what they cost, what they refuse."""

import pytest
from django.urls import reverse

from members.models import University
from tests.factories.exchange import PlacementFactory
from tests.factories.members import CountryFactory, UniversityFactory, person_as, student_of

pytestmark = pytest.mark.django_db
URL = "/search/"
SUGGEST = "/search/suggest/"
HTMX = {"HX-Request": "true"}


def universities(number, name="Nordic university"):
    country = CountryFactory()
    University.objects.bulk_create(
        University(slug=f"n{n}", short_name=f"N{n}", name=f"{name} {n}", city="Turku", country=country)
        for n in range(number)
    )


def test_page_shows_results_with_their_kind_and_marks(client):
    kth = UniversityFactory(name="KTH Royal Institute", slug="kth")
    PlacementFactory(published=True, title="Robots", host=kth)

    page = client.get(URL, {"q": "royal"}).content.decode()

    assert "2 results" in page
    assert '<a href="/universities/kth/">KTH <mark>Royal</mark> Institute</a>' in page
    assert page.count('class="search-result') == 2


def test_page_before_typing_says_what_can_be_typed(client):
    page = client.get(URL)

    assert page.status_code == 200
    assert "What are you looking for?" in page.content.decode()


@pytest.mark.parametrize("typed", ["?!", "…", '""'])
def test_punctuation_alone_is_answered_kindly(client, typed):
    assert "Type a word or a code" in client.get(URL, {"q": typed}).content.decode()


def test_ten_thousand_letters_are_cut_and_that_is_said(client):
    page = client.get(URL, {"q": "robot " * 1700})

    assert page.status_code == 200
    assert "only the first words were looked for" in page.content.decode()


def test_nothing_found_says_what_to_try(client):
    assert "Nothing was found" in client.get(URL, {"q": "zzzz"}).content.decode()


def test_nothing_of_a_kind_tells_of_the_others(client):
    universities(3)

    page = client.get(URL, {"q": "nordic", "kind": "round"}).content.decode()

    assert "3 things of other kinds have these words." in page
    assert 'href="?q=nordic"' in page


def test_correction_is_told(client):
    universities(1)

    page = client.get(URL, {"q": "nordik"}).content.decode()

    assert "Nothing has “nordik”. These are the results for" in page


def test_what_was_typed_is_escaped(client):
    page = client.get(URL, {"q": '<script>alert("1")</script>'}).content.decode()

    assert "<script>alert" not in page


def test_htmx_gets_the_results_and_the_new_counts(client):
    universities(2)

    answer = client.get(URL, {"q": "nordic"}, headers=HTMX)

    page = answer.content.decode()
    assert "<html" not in page
    assert 'id="facets" hx-swap-oob="true"' in page
    assert "HX-Request" in answer["Vary"]


@pytest.mark.parametrize(("page", "first"), [("1", 1), ("2", 21), ("99999", 41), ("-3", 41), ("x", 1)])
def test_pages_are_bounded(client, page, first):
    universities(45)

    shown = client.get(URL, {"q": "nordic", "page": page}).context["page_obj"]

    assert shown.start_index() == first


def test_address_keeps_words_and_kinds_while_paging(client):
    universities(45)

    page = client.get(URL, {"q": "nordic", "kind": "university"}).content.decode()

    assert "?q=nordic&amp;kind=university&amp;page=2" in page


def test_suggestions_are_options_that_lead_somewhere(client):
    universities(30)

    page = client.get(SUGGEST, {"q": "nor"}).content.decode()

    assert page.count('role="option"') == 9  # eight and the way to everything
    assert 'href="/search/?q=nor"' in page


def test_suggestions_for_nothing_are_nothing(client):
    assert client.get(SUGGEST, {"q": ""}).content.strip() == b""


@pytest.mark.parametrize("address", [URL, SUGGEST])
def test_only_reading_is_possible(client, address):
    assert client.post(address, {"q": "x"}).status_code == 405


@pytest.mark.parametrize("number", [1, 3, 1000])
def test_search_of_a_visitor_costs_three_queries(client, django_assert_num_queries, number):
    universities(number)

    with django_assert_num_queries(3):  # kinds that have the words, counts of what may be seen, one page
        client.get(URL, {"q": "nordic"})


@pytest.mark.parametrize("number", [1, 3, 1000])
def test_search_with_a_slip_costs_two_more(client, django_assert_num_queries, number):
    universities(number)

    with django_assert_num_queries(5):  # kinds, vocabulary, kinds and counts of what was meant, one page
        client.get(URL, {"q": "nordik"})


@pytest.mark.parametrize("number", [1, 3, 1000])
def test_suggestions_cost_three_queries(client, django_assert_num_queries, number):
    universities(number)

    with django_assert_num_queries(3):
        client.get(SUGGEST, {"q": "nord"})


@pytest.mark.parametrize("number", [1, 3, 1000])
@pytest.mark.parametrize("role", ["exchange", "secretariat", "student"])
def test_search_of_somebody_signed_in_costs_the_same_for_any_number(client, django_assert_num_queries, number, role):
    universities(number)
    at = UniversityFactory()
    client.force_login(student_of(at) if role == "student" else person_as(role, None if role == "secretariat" else at))

    with django_assert_num_queries(QUERIES[role]):
        client.get(URL, {"q": "nordic"})


# person, mandates, student's profile, (Django's own permissions twice,) kinds, counts, one page, notices
QUERIES = {"exchange": 9, "secretariat": 7, "student": 9}


def test_box_stands_on_every_page_but_its_own(client):
    assert 'data-suggest="/search/suggest/"' in client.get(reverse("home")).content.decode()
    assert client.get(URL).content.decode().count("data-everything") == 1
