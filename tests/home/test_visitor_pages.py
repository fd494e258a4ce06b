"""Pages of visitors are kept until anybody writes, and only where nothing about the visitor changes them."""

import time

import pytest
from django.core.cache import caches
from django.http import HttpResponse
from django.urls import reverse

from cluster_portal import visitor_pages
from cluster_portal.visitor_pages import KEPT_FOR
from tests.factories.members import UniversityFactory, person_as
from tests.quiet import queries_of, while_nobody_writes

pytestmark = pytest.mark.django_db(transaction=True)  # inside one that has written nothing is kept
URL = reverse("members:university_list")


@pytest.fixture(autouse=True)
def remembering(settings):
    settings.REMEMBER_LISTS = True


@pytest.fixture
def kth():
    return UniversityFactory(short_name="KTH", slug="kth")


def test_a_page_is_made_once(client, kth):
    def twice():
        first, answers = client.get(URL), []
        return first, answers, queries_of(lambda: answers.append(client.get(URL)))

    first, (again,), queries = while_nobody_writes(twice)

    assert queries == 1  # the snapshot
    assert again.content == first.content
    assert {**again.headers} == {**first.headers}
    assert "Content-Security-Policy" in again.headers
    assert KEPT_FOR <= 30


def test_a_change_shows_at_once(client, kth):
    assert "Kungliga" not in client.get(URL).content.decode()

    kth.name = "Kungliga Tekniska högskolan"
    kth.save()

    assert "Kungliga" in client.get(URL).content.decode()


@pytest.mark.parametrize(
    "differs",
    [
        {"HTTP_HX_REQUEST": "true"},
        {"HTTP_ACCEPT_LANGUAGE": "sv"},
        {"HTTP_COOKIE": "theme=dark"},
        {"HTTP_COOKIE": "tz=UTC"},
    ],
)
def test_what_changes_a_page_keeps_it_apart(client, kth, differs):
    def apart():
        client.get(URL)
        return queries_of(lambda: client.get(URL, **differs)), queries_of(lambda: client.get(URL))

    other, same = while_nobody_writes(lambda: caches["pages"].clear() or apart())

    assert (other > 1, same) == (True, 1)


def test_a_person_never_gets_a_visitors_page_nor_leaves_one(client, kth):
    client.get(URL)
    client.force_login(person_as("coordinator", kth))
    assert "Sign in" not in client.get(URL).content.decode()
    client.logout()
    client.cookies.clear()

    assert "Sign in" in client.get(URL).content.decode()


@pytest.mark.parametrize("cookie", ["sessionid=unknown", "messages=waiting", "other=1"])
def test_who_brings_something_gets_a_page_of_their_own(client, kth, cookie):
    client.get(URL)

    assert queries_of(lambda: client.get(URL, HTTP_COOKIE=cookie)) > 1


@pytest.mark.parametrize("path", ["/universities/?export=csv", "/accounts/login/", "/accounts/signup/"])
def test_forms_exports_and_other_places_are_not_kept(client, kth, path):
    _read(client.get(path))

    assert not [key for key in caches["pages"]._cache if "page:" in key]


def _read(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.fixture
def near(settings):
    """Pages near the process in a store of their own, as outside tests."""
    settings.CACHES = settings.CACHES | {"near": settings.CACHES["pages"] | {"LOCATION": "near"}}
    yield caches["near"]
    caches["near"].clear()


@pytest.mark.parametrize(("age", "is_near"), [(1, True), (KEPT_FOR, False)])
def test_a_page_that_another_process_made_is_near_for_the_rest_of_its_time(near, age, is_near):
    caches["pages"].set("page:made", (b"made", {}, 200, time.time() - age), 5)

    assert visitor_pages.kept_answer("page:made").content == b"made"
    caches["pages"].delete("page:made")

    assert (visitor_pages.kept_answer("page:made") is not None) == is_near


def test_a_kept_page_needs_no_redis_the_second_time(near):
    visitor_pages.keep("page:own", HttpResponse(b"own"))
    caches["pages"].clear()

    assert visitor_pages.kept_answer("page:own").content == b"own"
