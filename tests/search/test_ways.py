"""Pages of the portal are found by their names, by those who may open them."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone

from cluster_portal.home.ways import ways
from members.searching.typed import Typed
from members.searching.ways import ways_to
from tests.factories.members import UniversityFactory, person_as, student_of

pytestmark = pytest.mark.django_db
URL, SUGGEST = reverse("search"), reverse("search_suggest")


def found(typed, user=None):
    return [way.url for way in ways_to(Typed.read(typed), user or AnonymousUser(), timezone.now())]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("second fac", "mfa_index"),
        ("2FA", "mfa_index"),
        ("gdpr", "people:my_data"),
        ("my mandátes", "people:my_mandates"),
        ("digest", "notifications:preferences"),
        ("about data", "about_data"),
        ("api", "api:docs"),
    ],
)
def test_a_page_is_found_by_what_people_call_it(typed, name):
    assert found(typed, student_of(UniversityFactory()))[0] == reverse(name)


def test_a_page_called_so_comes_before_one_described_so():
    assert found("courses")[0] == reverse("courses:course_list")
    assert found("calendar")[0] == reverse("calendar:page")


@pytest.mark.parametrize("typed", ["", "  ", "xyzzy", "universities xyzzy"])
def test_what_no_page_is_called_finds_none(typed):
    assert found(typed) == []


def test_visitors_find_no_page_of_ones_own():
    assert reverse("people:my_mandates") not in found("my")
    assert found("sign in")[0] == reverse("account_login")


def test_an_office_finds_its_desks_and_no_others(client):
    kth, aalto = UniversityFactory(short_name="KTH"), UniversityFactory(short_name="Aalto")
    office = person_as("exchange", kth)

    assert reverse("people:university_people", args=[kth.slug]) in found("people KTH", office)
    assert reverse("people:university_people", args=[aalto.slug]) not in found("people Aalto", office)


@pytest.mark.ignore_template_errors  # the administration's own pages
@pytest.mark.parametrize(
    "role", ["visitor", "student", "exchange", "director", "coordinator", "reviewer", "secretariat"]
)
def test_whoever_finds_a_page_may_open_it(client, role):
    at = UniversityFactory()
    user = AnonymousUser()
    if role != "visitor":
        user = student_of(at) if role == "student" else person_as(role, None if role == "secretariat" else at)
        client.force_login(user)

    answers = {way.url: client.get(way.url).status_code for way in ways(user, timezone.now())}

    assert {url: status for url, status in answers.items() if status >= 400} == {}


def test_the_page_of_search_leads_there_first(client):
    page = client.get(URL, {"q": "calendar"})

    assert [way["url"] for way in page.context["ways"]] == [reverse("calendar:page")]
    assert "Pages of the portal" in page.content.decode()


@pytest.mark.parametrize("narrowed", [{"kind": "university"}, {"page": "2"}])
def test_a_narrowed_search_is_about_things(client, narrowed):
    universities = UniversityFactory.create_batch(30, name="Calendar University")

    page = client.get(URL, {"q": "calendar", **narrowed})

    assert len(universities) == page.context["all_total"]
    assert "ways" not in page.context


def test_suggestions_begin_with_the_page(client):
    page = client.get(SUGGEST, {"q": "calen"}).content.decode()

    assert page.index(f'href="{reverse("calendar:page")}"') < page.index('id="suggestion-all"')
