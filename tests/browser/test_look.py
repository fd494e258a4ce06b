"""The parts every page is made of: no violation of WCAG 2.2 AA, nothing scrolls sideways, nothing typed is lost."""

import mimetypes
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.test import RequestFactory

from cluster_portal.home.styleguide import styleguide

WIDTHS = [390, 1440]


@pytest.fixture
def style_page(portal, new_page):
    """Opens the style page, which a running portal without DEBUG does not have, as if it had it."""

    def give(route):
        name = route.request.url.split("/static/")[-1]
        found = finders.find(name)
        route.fulfill(body=Path(found).read_bytes(), content_type=mimetypes.guess_type(name)[0])

    def open_page(**options):
        page = new_page(**options)
        request = RequestFactory().get("/styleguide/")
        request.user = AnonymousUser()
        html = styleguide(request).content.decode()
        page.route("**/static/**", give)
        page.route("**/styleguide/", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
        page.goto("/styleguide/")
        return page

    return open_page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_style_page_is_accessible(style_page, violations, width, scheme):
    page = style_page(color_scheme=scheme, viewport={"width": width, "height": 900})

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("address", ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/nothing/"])
def test_pages_at_the_door_are_accessible(new_page, violations, address, width):
    page = new_page(viewport={"width": width, "height": 900})
    page.goto(address)

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_was_typed_is_offered_again_and_forgotten_when_taken(page):
    page.goto("/accounts/signup/")
    page.get_by_label("Given name").fill("Elina")
    page.get_by_label("Family name").fill("Mäkinen")
    page.wait_for_function("() => localStorage.getItem('draft:sign-up')?.includes('Mäkinen')")

    page.goto("/accounts/login/")  # as after an expired session
    page.goto("/accounts/signup/")
    page.get_by_role("button", name="Put it back").click()

    assert page.get_by_label("Given name").input_value() == "Elina"
    page.get_by_label("E-mail address", exact=True).fill("draft.test@student.example")
    page.get_by_label("Password", exact=True).fill("a-long-enough-secret")
    page.get_by_label("Password again").fill("a-long-enough-secret")
    page.get_by_role("button", name="Create the account").click()
    page.get_by_role("heading", name="Look into your mail").wait_for()
    kept = page.evaluate("localStorage.getItem('draft:sign-up')")
    assert "secret" not in (kept or "")


def test_slash_goes_to_the_search_field_and_choice_of_colours_stays(page):
    page.goto("/universities/")

    page.keyboard.press("/")

    assert page.evaluate("document.activeElement.id") == "q"
    page.get_by_role("button", name="Dark").click()
    page.locator("html[data-theme=dark]").wait_for()
    page.goto("/universities/")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).colorScheme") == "dark"


def test_filters_answer_in_place_and_keep_the_focus(page):
    page.goto("/universities/")
    everything = page.locator(".total").inner_text()

    page.locator(".facet input").first.focus()
    chosen = page.evaluate("document.activeElement.id")
    page.keyboard.press("Space")
    page.wait_for_function("before => document.querySelector('.total').innerText !== before", arg=everything)

    assert page.evaluate("document.activeElement.id") == chosen
    assert page.locator(".chip").count() == 1
    assert "?" in page.url


def test_filters_work_without_script(new_page):
    page = new_page(java_script_enabled=False)
    page.goto("/universities/")

    page.locator(".facet input").first.check()
    page.get_by_role("button", name="Apply").click()

    assert page.locator(".chip").count() == 1
