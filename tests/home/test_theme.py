import pytest
from django.http import Http404
from django.test import RequestFactory
from django.test.signals import template_rendered
from django.urls import reverse

from cluster_portal.home.styleguide import PAGES, style_page, styleguide
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

    assert page.count("Accept or decline your place at KTH") == 2
    assert page.count('data-theme="dark"') == page.count('data-theme="light"') > 1


def test_style_page_and_its_sample_pages_draw_every_part_there_is(rf, admin_user, settings):
    request, drawn = rf.get("/styleguide/"), set()
    request.user = admin_user

    def see(template, **_):
        drawn.add(template.name)

    template_rendered.connect(see)
    styleguide(request)
    pages = [style_page(request, name, "dark").content for name in PAGES]
    template_rendered.disconnect(see)

    folder = settings.BASE_DIR / "templates" / "components"
    there = {f"components/{path.relative_to(folder)}" for path in folder.rglob("*.html")}
    assert sorted(there - drawn) == []
    assert [b'data-theme="dark"' in page for page in pages] == [True] * len(PAGES)


def test_style_page_of_no_kind_is_not_there(rf):
    with pytest.raises(Http404):
        style_page(rf.get("/"), "list", "red")
