"""The administration as the secretariat sees it: no violation of WCAG 2.2 AA on a phone in the dark nor on a desk.

Its pages are few templates with many records behind them: each room shows one record of each kind of page, chosen for
what differs (dates to step through, references to search, rows on tabs, long words, pictures).
"""

import pytest
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.urls import reverse

from applications.models import Application, LetterTemplate, Round, RoundRequirement
from exchange.models import Placement
from funding.models import Call, FundingProgramme
from members.models import Contact, Mandate, University, User
from notifications.models import Delivery
from policy.models import BodyMembership, Event, Material
from practices.models import CurationNote, Practice, PracticeVersion, Topic
from programmes.models import Course, Programme
from tests.browser.walking import turn_to, wrong_here, wrong_with

SECRETARIAT = "secretariat@demo.example"
SHEET = (
    "slug,short_name,name,country,city,time_zone\n"
    "kth,KTH,KTH Royal Institute of Technology,SE,Stockholm,Europe/Stockholm\n"
)
WRONG_SHEET = SHEET + "bad,Bad,Bad university,XX,Stockholm,Europe/Nowhere\n"
LIST, ADD, CHANGE, HISTORY, DELETE, IMPORT, EXPORT = (
    "changelist", "add", "change", "history", "delete", "import", "export"
)  # fmt: skip

# What is opened of each room, another page between a form and its tab: `LIST + "?…"` is a list that is searched or
# narrowed, `CHANGE + "#…"` a tab of a form.
PAGES = {
    "members": {
        University: (LIST, CHANGE, HISTORY, f"{CHANGE}#memberships", IMPORT, EXPORT),
        User: (f"{LIST}?q=kth&is_active__exact=1", f"{CHANGE}#mandates"),
        Mandate: (f"{LIST}?q=nobody", CHANGE),
        Contact: (ADD, f"{ADD}?_popup=1", DELETE),
    },
    "applications": {Application: (LIST,), Round: (ADD, CHANGE), RoundRequirement: (ADD,), LetterTemplate: (CHANGE,)},
    "programmes": {Programme: (LIST, CHANGE, HISTORY, f"{CHANGE}#partners"), Course: (ADD,)},
    "exchange": {Placement: (LIST, ADD, CHANGE, HISTORY)},
    "funding": {Call: (LIST, CHANGE), FundingProgramme: (ADD, HISTORY)},
    "policy": {Event: (LIST, CHANGE), BodyMembership: (ADD,), Material: (CHANGE, HISTORY)},
    "practices": {Practice: (LIST,), Topic: (ADD,), CurationNote: (CHANGE,), PracticeVersion: (HISTORY,)},
    "notifications": {Delivery: (LIST, CHANGE)},
}


def at(model, page):
    """The address of a page of `model`, about its first record where it is about one."""
    named = f"admin:{model._meta.app_label}_{model._meta.model_name}_"
    name = page.partition("?")[0].partition("#")[0]
    about = [quote(model._base_manager.order_by("pk").first().pk)] if name in (CHANGE, HISTORY, DELETE) else []
    return reverse(named + name, args=about) + page.removeprefix(name)


@pytest.fixture
def page(portal, signed_in):
    return signed_in(SECRETARIAT, reduced_motion="reduce")


def test_every_room_of_the_administration_is_walked():
    rooms = {model._meta.app_label for model in admin.site._registry}

    assert set(PAGES) == rooms - {"auth", "account", "mfa", "socialaccount", "usersessions"}


@pytest.mark.parametrize("room", PAGES)
def test_pages_of_the_administration_are_accessible(page, violations, room):
    addresses = [at(model, each) for model, pages in PAGES[room].items() for each in pages]

    assert wrong_with(page, addresses, violations) == []


def test_what_opens_on_a_page_of_the_administration_is_accessible(page, violations):
    """The way in, a list's filters, what may be done with chosen rows, and the page that asks before it is done."""
    wrong = wrong_with(page, [reverse("admin:index"), reverse("admin:app_list", args=["members"])], violations)
    page.goto(at(University, LIST))
    page.get_by_role("button", name="Filters").press("Enter")
    page.locator("#changelist-filter").wait_for()
    wrong += wrong_here(page, "a list's filters", violations)
    page.goto(at(University, LIST))
    page.locator("input.action-select").first.check()
    wrong += wrong_here(page, "chosen rows", violations)
    page.locator("select[name=action]").select_option("archive_chosen")
    page.get_by_title("Run the selected action").click()
    page.get_by_role("button", name="Archive them").wait_for()

    assert wrong + wrong_here(page, "what archiving would do", violations) == []


@pytest.mark.parametrize(("sheet", "shown"), [(SHEET, "Confirm import"), (WRONG_SHEET, "There is no country “XX”.")])
def test_what_a_sheet_would_do_is_accessible(page, violations, sheet, shown):
    page.goto(at(University, IMPORT))
    upload = {"name": "universities.csv", "mimeType": "text/csv", "buffer": sheet.encode()}
    page.locator("input[type=file]").set_input_files(upload)
    page.locator("select[name=format]").select_option(index=1)
    page.locator("[type=submit]").last.click()
    page.wait_for_load_state()

    assert wrong_here(page, "what a sheet would do", violations) == []
    assert shown in page.content()


def test_a_box_to_search_in_and_the_menu_beside_it_have_a_name_and_work_by_keyboard(page):
    turn_to(page, "desk")
    page.goto(at(Placement, ADD))

    page.get_by_role("combobox", name="Host", exact=True).press("Enter")
    assert page.get_by_role("searchbox", name="Host").is_visible()

    page.goto(at(Call, CHANGE))
    opener = page.get_by_role("button", name="Add another funding programme")
    opener.press("Enter")
    page.locator("a[title='Change selected funding programme']:focus").wait_for()
    page.keyboard.press("Escape")
    assert opener.evaluate("opener => opener === document.activeElement")
