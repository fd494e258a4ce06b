"""The student's main job without script, and with the keyboard alone: nobody is kept out by how they use the portal."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from applications.models import Application
from exchange.models import Placement
from members.models import University, User
from tests.applications.files import pdf
from tests.factories.applications import DocumentRequirementFactory, RoundFactory
from tests.factories.exchange import PlacementFactory

FARTHEST = 120  # keys; a person would have given up long before


@pytest.fixture
def place(portal) -> Callable[[str, str], Placement]:
    """Makes a published place at Aalto, and a round of the home university in which it is chosen."""

    def make(home: str, title: str) -> Placement:
        aalto = University.objects.get(slug="aalto")
        placement = PlacementFactory(published=True, host=aalto, title=title, field_id="0714", places=1)
        at_home = University.objects.get(slug=home)
        round = RoundFactory(
            open=True, university=at_home, title=f"{title} abroad", academic_year=placement.academic_year
        )
        round.options.add(placement.option_ptr)
        DocumentRequirementFactory(round=round, name="Transcript of records")
        return placement

    return make


def transcript() -> dict[str, object]:
    return {"name": "transcript.pdf", "mimeType": "application/pdf", "buffer": pdf()}


def application_of(email: str, placement: Placement) -> Application:
    return Application.objects.get(applicant=User.objects.get(email=email), choices__option=placement.option_ptr)


def test_student_applies_without_script(place, signed_in):
    placement, email = place("polito", "Quiet motors"), "student.polito@demo.example"
    page = signed_in(email, java_script_enabled=False)
    page.goto("/exchange/placements/")
    page.get_by_label("Search in this list").fill("Quiet motors")
    page.get_by_role("button", name="Apply").click()

    page.get_by_role("link", name="Quiet motors", exact=True).click()
    page.get_by_role("link", name="Quiet motors abroad").first.click()
    page.get_by_role("link", name="Apply").first.click()
    page.get_by_role("button", name="Begin the application").click()
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("button", name=re.compile("^Add")).first.click()
    page.get_by_role("link", name="Go on").click()
    page.locator("[name=motivation]").fill("I want to build motors that nobody hears.")
    page.get_by_role("button", name="Save and go on").click()
    page.locator("input[type=file]").first.set_input_files(transcript())
    page.get_by_role("button", name=re.compile("^Send")).first.click()
    page.get_by_role("link", name="Go on").click()
    page.get_by_role("button", name="Submit").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("We have your application")
    assert application_of(email, placement).state == "submitted"


def by_keyboard(page: Page, wanted: Locator, key: str = "Enter") -> None:
    """Walk with Tab until `wanted` has the focus and can be seen, then press `key`; fails when Tab never gets there."""
    target = wanted.first.element_handle()
    for _ in range(FARTHEST):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            break
    else:
        pytest.fail(f"Tab never reaches {wanted}")
    assert target.evaluate("element => getComputedStyle(element).outlineStyle") != "none", "nobody sees the focus"
    page.keyboard.press(key)


def test_student_applies_by_keyboard_alone(place, signed_in):
    placement, email = place("tue", "Warm bridges"), "student.tue@demo.example"
    page = signed_in(email)
    page.goto("/exchange/placements/?q=Warm+bridges")

    by_keyboard(page, page.get_by_role("link", name="Warm bridges", exact=True))
    page.wait_for_url("**/placements/*warm-bridges*/")
    by_keyboard(page, page.get_by_role("main").get_by_role("link", name="Warm bridges abroad"))
    page.wait_for_url("**/rounds/**")
    by_keyboard(page, page.get_by_role("main").get_by_role("link", name="Apply"))
    page.wait_for_url("**/start/**")
    by_keyboard(page, page.get_by_role("button", name="Begin the application"))
    page.wait_for_url("**/edit/profile/")
    by_keyboard(page, page.get_by_role("button", name="Save and go on"))
    page.wait_for_url("**/edit/choices/")
    by_keyboard(page, page.get_by_role("button", name=re.compile("^Add")))
    expect(page.get_by_role("button", name=re.compile("^Add"))).to_have_count(0)
    by_keyboard(page, page.get_by_role("link", name="Go on"))
    page.wait_for_url("**/edit/motivation/")
    by_keyboard(page, page.locator("[name=motivation]"), "W")
    page.keyboard.type("arm bridges carry more.")
    by_keyboard(page, page.get_by_role("button", name="Save and go on"))
    page.wait_for_url("**/edit/documents/")
    with page.expect_file_chooser() as chooser:
        by_keyboard(page, page.locator("input[type=file]"))
    chooser.value.set_files(transcript())
    by_keyboard(page, page.get_by_role("button", name=re.compile("^Send")))
    by_keyboard(page, page.get_by_role("link", name="Go on"))
    page.wait_for_url("**/edit/check/")
    by_keyboard(page, page.get_by_role("button", name="Submit"))

    expect(page.get_by_role("heading", level=1)).to_have_text("We have your application")
    application = application_of(email, placement)
    assert (application.state, application.motivation) == ("submitted", "Warm bridges carry more.")


def test_first_key_offers_to_skip_what_every_page_repeats(page):
    page.goto("/programmes/")

    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text(re.compile("^Skip|^To the content|^Go to"))
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.locator(":focus").evaluate("element => document.querySelector('main').contains(element)")
