import pytest
from django.test import RequestFactory
from django.urls import reverse

from cluster_portal.home.styleguide import styleguide
from cluster_portal.home.theme import theme


def choose(**values):
    return theme(RequestFactory().post(reverse("theme"), values))


def test_theme_is_kept_and_leads_back():
    answer = choose(theme="dark", next="/universities/?q=aalto")

    assert (answer.status_code, answer["Location"]) == (302, "/universities/?q=aalto")
    assert answer.cookies["theme"].value == "dark"


def test_theme_never_leads_to_another_site():
    assert choose(theme="light", next="https://elsewhere.example/")["Location"] == "/"


def test_theme_leads_home_from_what_is_no_page():
    assert choose(theme="light", next="None")["Location"] == "/"


def test_theme_unknown_is_not_kept():
    assert "theme" not in choose(theme="plaid").cookies


@pytest.mark.django_db
def test_theme_of_the_cookie_is_on_the_page(client):
    client.cookies["theme"] = "dark"

    assert b'data-theme="dark"' in client.get("/nowhere/").content


def test_style_page_draws_every_part_in_both_schemes(rf, admin_user):
    request = rf.get("/styleguide/")
    request.user = admin_user

    page = styleguide(request).content.decode()

    assert page.count('class="turn mine"') == 2
    assert page.count('data-theme="dark"') == 7
