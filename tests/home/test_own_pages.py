"""Lists are kept for the person they were drawn for, until anybody writes; nobody else is ever given them."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.core.cache import caches
from django.urls import reverse
from django.utils import timezone

from cluster_portal.own_pages import PLACES
from members.models import Mandate, Role, User
from tests.factories.exchange import PlacementFactory
from tests.factories.members import DEMO_PASSWORD, MandateFactory, UniversityFactory, person_as, student_of
from tests.quiet import queries_of, while_nobody_writes

pytestmark = pytest.mark.django_db(transaction=True)  # inside one that has written nothing is kept
URL = reverse("exchange:placement_list")
AT_MOST = 2  # session, snapshot


@pytest.fixture(autouse=True)
def remembering(settings):
    settings.REMEMBER_LISTS = True


@pytest.fixture
def kth():
    return UniversityFactory(short_name="KTH", slug="kth", member=True)


@pytest.fixture
def desk(client, kth):
    """An exchange officer of KTH, signed in, with the cookie that any page with a form sets."""
    person = person_as("exchange", kth)
    sign_in(client, person)
    return person


def sign_in(client, person):
    client.force_login(person)
    client.get(reverse("dashboard"))


def test_a_list_is_drawn_once_for_its_person(client, desk):
    def twice():
        client.get(URL)
        answers = []
        return queries_of(lambda: answers.append(client.get(URL))), answers

    queries, (again,) = while_nobody_writes(twice)

    assert queries <= AT_MOST
    assert "Content-Security-Policy" in again.headers
    assert "csrfmiddlewaretoken" in again.content.decode()


def test_a_change_shows_at_once(client, desk, kth):
    client.get(URL)

    PlacementFactory(published=True, host=kth, title="Tidal turbines")

    assert "Tidal turbines" in client.get(URL).content.decode()


def test_what_one_person_sees_is_never_given_to_another(client, desk, kth):
    own = client.get(URL).content.decode()
    sign_in(client, person_as("grants", kth))
    colleague = client.get(URL).content.decode()
    sign_in(client, student_of(kth))
    student = client.get(URL).content.decode()
    client.logout()
    visitor = client.get(URL).content.decode()

    keeps = [reverse("exchange:own_placements") in page for page in (own, colleague, student, visitor)]
    assert keeps == [True, False, False, False]
    assert ["Sign in" in page for page in (own, colleague, student, visitor)] == [False, False, False, True]


def test_a_role_that_ends_ends_on_the_page(client, desk, kth):
    assert reverse("exchange:own_placements") in client.get(URL).content.decode()

    Mandate.objects.filter(person=desk).update(ends_on=timezone.localdate() - timedelta(days=1))

    assert reverse("exchange:own_placements") not in client.get(URL).content.decode()


@pytest.mark.parametrize("change", [{"is_active": False}, {"password": "another one"}])
def test_a_session_that_no_longer_counts_is_shown_the_page_of_a_visitor(client, desk, change):
    client.get(URL)
    assert "Sign in" not in client.get(URL).content.decode()

    User.objects.filter(pk=desk.pk).update(**change)

    assert "Sign in" in client.get(URL).content.decode()


def test_a_form_on_a_kept_page_works(client, desk):
    client.handler.enforce_csrf_checks = True
    client.get(URL)
    page = client.get(URL).content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]

    response = client.post(reverse("account_logout"), {"csrfmiddlewaretoken": token})

    assert (response.status_code, client.get(reverse("dashboard")).status_code) == (302, 302)


def test_after_signing_in_anew_the_forms_carry_the_new_secret(client, desk):
    client.get(URL)
    client.logout()
    client.cookies.clear()
    sign_in(client, desk)
    client.handler.enforce_csrf_checks = True

    token = client.get(URL).content.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]

    assert client.post(reverse("account_logout"), {"csrfmiddlewaretoken": token}).status_code == 302


def test_a_message_is_shown_once_and_not_kept(client, desk):
    client.get(URL)
    client.post(reverse("notifications:notice_read_all"))
    client.post(reverse("notifications:preferences"), {})

    first = client.get(URL)
    second = client.get(URL)

    assert list(get_messages(second.wsgi_request)) == []
    assert len(second.content) <= len(first.content)


@pytest.mark.parametrize(
    "differs",
    [{"HTTP_HX_REQUEST": "true"}, {"HTTP_ACCEPT_LANGUAGE": "sv"}, {"QUERY_STRING": "page=1"}],
)
def test_what_changes_a_page_keeps_it_apart(client, desk, differs):
    def apart():
        caches["pages"].clear()
        client.get(URL)
        return queries_of(lambda: client.get(URL, **differs)), queries_of(lambda: client.get(URL))

    other, same = while_nobody_writes(apart)

    assert (other > AT_MOST, same <= AT_MOST) == (True, True)


def test_colours_keep_a_page_apart(client, desk):
    light = client.get(URL).content.decode()

    client.cookies["theme"] = "dark"

    assert client.get(URL).content.decode() != light


def test_in_a_visit_of_support_nothing_is_kept(client, kth):
    person = student_of(kth)
    sign_in(client, MandateFactory(secretariat=True, role=Role.SECRETARIAT).person)
    client.post(reverse("account_reauthenticate"), {"password": DEMO_PASSWORD})
    client.post(reverse("people:support"), {"email": person.email, "reason": "They cannot find the list."})
    client.get(reverse("dashboard"))  # where the message that the visit begins is shown
    caches["pages"].clear()

    page = client.get(URL).content.decode()

    assert "You see the portal as" in page
    assert not [key for key in caches["pages"]._cache if "page:" in key]


@pytest.mark.parametrize("path", [f"{URL}?export=csv", "/people/profile/", "/notifications/", "/dashboard/"])
def test_files_and_other_places_are_not_kept(client, desk, path):
    caches["pages"].clear()

    response = client.get(path)
    b"".join(response.streaming_content) if response.streaming else response.content

    assert not [key for key in caches["pages"]._cache if "page:" in key]


@pytest.mark.parametrize("place", sorted(PLACES))
def test_every_place_named_is_there(client, desk, place):
    assert client.get(place).status_code == 200
