"""An expired session in the middle of a form: the way leads to the sign-in and back to the page, never into a part."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.members import UserFactory

pytestmark = pytest.mark.django_db

PAGE = "/applications/EX-7K3M-92/edit/motivation/"
PART = "/applications/EX-7K3M-92/edit/autosave/"
LOGIN = "/accounts/login/"


def referer(path):
    return {"Referer": f"http://testserver{path}"}


def test_reading_leads_back_to_what_was_read(client):
    assert client.get(f"{PAGE}?a=1", headers=referer("/")).url == f"{LOGIN}?next={PAGE}%3Fa%3D1"


def test_a_form_leads_back_to_the_page_it_was_sent_from_and_says_that_nothing_was(client):
    answer = client.post(PART, {"motivation": "long"}, headers=referer(PAGE))

    assert answer.url == f"{LOGIN}?next={PAGE}"
    assert "You were signed out meanwhile, and nothing was sent." in client.get(answer.url).content.decode()


@pytest.mark.parametrize("page", ["https://elsewhere.example/page/", "javascript:alert(1)", ""])
def test_a_form_from_elsewhere_leads_back_to_its_own_address(client, page):
    assert client.post(PART, headers={"Referer": page}).url == f"{LOGIN}?next={PART}"


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_part_that_htmx_asks_for_leaves_the_whole_page(client, method):
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{PAGE}?a=1"}

    answer = getattr(client, method)(PART, headers=headers)

    assert (answer.status_code, answer["HX-Redirect"]) == (204, f"{LOGIN}?next={PAGE}%3Fa%3D1")
    assert answer.content == b""


def test_without_the_token_of_the_form_the_way_leads_back_to_the_page_too():
    client = Client(enforce_csrf_checks=True)
    by_hand = client.post(PART, headers=referer(PAGE))
    by_htmx = client.post(PART, headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{PAGE}"})

    assert f'<a class="button" href="{PAGE}">' in by_hand.content.decode()
    assert (by_hand.status_code, by_htmx.status_code, by_htmx["HX-Redirect"]) == (403, 204, PAGE)


def test_an_address_that_only_takes_a_form_says_so_to_whoever_looks(client):
    client.force_login(UserFactory())

    page = client.get(reverse("notifications:notice_read_all"))

    assert (page.status_code, page["Allow"]) == (405, "POST")
    assert "This address only takes a form" in page.content.decode()


def test_pages_may_ask_for_passkeys_and_for_nothing_else_of_the_machine(client):
    policy = client.get("/accounts/login/")["Permissions-Policy"]

    assert "publickey-credentials-get=(self)" in policy
    assert {"camera=()", "geolocation=()", "microphone=()", "payment=()"} <= set(policy.split(", "))


def test_statement_on_accessibility_names_an_address(client, settings):
    settings.CONTACT_EMAIL = "help@cluster.example"

    page = client.get("/about/accessibility/").content.decode()

    assert 'href="mailto:help@cluster.example"' in page
    assert '<a href="/about/accessibility/">Accessibility</a>' in client.get("/").content.decode()


def test_what_nobody_can_read_gets_a_page(client):
    page = client.get("/universities/", headers={"Host": "else where"})

    assert page.status_code == 400
    assert "The portal cannot read this" in page.content.decode()
