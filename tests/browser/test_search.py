"""The search box by keyboard: typing with accents and a slip, arrows, Enter, Escape, facets; and without script."""

import pytest
from playwright.sync_api import expect

DARK_PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}


@pytest.mark.parametrize("typed", ["politecnic", "Politècnica", "polytecnica cataluna"])
def test_suggestions_are_walked_by_arrows_and_opened_by_enter(page, typed):
    page.goto("/programmes/")
    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox", name="Search everything")
    expect(box).to_be_focused()

    box.press_sequentially(typed)
    option = page.get_by_role("option").filter(has_text="Universitat Politècnica de Catalunya").first
    option.wait_for()
    for _ in range(10):
        page.keyboard.press("ArrowDown")
        if option.get_attribute("aria-selected") == "true":
            break
    expect(box).to_have_attribute("aria-activedescendant", option.get_attribute("id"))
    page.keyboard.press("Enter")

    expect(page).to_have_url("/universities/upc/")


def test_escape_closes_the_list_and_keeps_the_words(page):
    page.goto("/")
    page.keyboard.press("/")
    box = page.get_by_role("combobox", name="Search everything")
    box.press_sequentially("stock")
    page.get_by_role("listbox").wait_for()

    page.keyboard.press("Escape")

    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("stock")


def test_slip_is_mended_and_facets_narrow_in_place(page):
    page.goto("/search/")
    box = page.get_by_role("combobox", name="Search everything")
    box.press_sequentially("stokholm")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing has “stokholm”")).to_be_visible()
    expect(page.get_by_role("link", name="KTH Royal Institute of Technology")).to_be_visible()

    page.get_by_label("Programmes").check()

    expect(page.get_by_role("link", name="Remove What it is Programmes")).to_be_visible()
    expect(page).to_have_url("/search/?q=stokholm&kind=programme")
    kinds = set(page.locator(".search-result .caps").all_inner_texts())
    assert {kind.casefold() for kind in kinds} == {"programme"}


def test_open_list_is_accessible_and_fits_a_phone(new_page, violations):
    page = new_page(**DARK_PHONE)
    page.goto("/search/")
    page.get_by_role("combobox", name="Search everything").press_sequentially("poly")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_search_works_without_script(new_page):
    page = new_page(java_script_enabled=False)
    page.goto("/universities/")
    page.locator("#search-everything").fill("ecole polytechnique")
    page.locator("#search-everything").press("Enter")
    page.get_by_label("Schools and departments").check()
    page.get_by_role("button", name="Apply").click()

    expect(page.get_by_role("link", name="École polytechnique de Louvain")).to_be_visible()
