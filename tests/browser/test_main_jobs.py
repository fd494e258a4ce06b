"""The main jobs, done by their people in Chromium against a running portal with its worker: nothing is called behind
the pages but to prepare what the office had prepared before.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from applications.models import Application, Round
from exchange.models import Placement
from members.models import University, User
from programmes.models import Programme
from tests.applications.files import pdf
from tests.factories.applications import ApplicationFactory, CriterionFactory, DocumentRequirementFactory, RoundFactory
from tests.factories.exchange import PlacementFactory

PASSWORD = "a-long-word-for-once"


def press(page: Page, name: str) -> None:
    """Press a button, or follow a link that looks like one, by its words."""
    page.get_by_role("button", name=name).or_(page.get_by_role("link", name=name)).first.click()


def last_mail_to(page: Page, address: str) -> str:
    """The address of the link in the newest mail to `address`, as the secretariat reads it in the browser."""
    newest = page.get_by_role("row").filter(has_text=address).get_by_role("link").first
    for _ in range(200):  # the worker sends it; each look takes a moment
        page.goto("/notifications/mail/")
        if newest.count():
            break
    newest.click()
    return page.get_by_role("link", name=re.compile("confirm-email")).first.get_attribute("href")


def sign_up(page: Page, post: Page, address: str) -> None:
    page.goto("/accounts/signup/")
    page.get_by_label("Given name").fill("Elina")
    page.get_by_label("Family name").fill("Mäkinen")
    page.locator("input[name=email]").fill(address)
    page.locator("input[type=password]").nth(0).fill(PASSWORD)
    page.locator("input[type=password]").nth(1).fill(PASSWORD)
    page.locator("main form button").last.click()
    page.goto(last_mail_to(post, address))
    page.locator("main form button").first.click()


def tell_the_studies(page: Page) -> None:
    page.goto("/people/profile/")
    page.locator("[name=degree_programme]").fill("Electrical engineering")
    page.locator("select[name=level]").select_option("master")
    page.locator("[name=semester]").fill("2")
    page.locator("[name=ects_earned]").fill("190")
    page.locator("select[name=field]").select_option("0714")
    page.locator("[name=grade_average]").fill("4.5")
    page.locator("select[name$='-0-language']").select_option("en")
    page.locator("select[name$='-0-level']").select_option("C1")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".form-errors")).to_have_count(0)


def go_on(page: Page, name: str, *, to: str) -> None:
    """Press the button and wait for the next step: a question about what stands there must not meet the old page."""
    press(page, name)
    page.wait_for_url(f"**/edit/{to}/")


def apply(page: Page, placement: Placement, round: Round) -> Application:
    """Find the place by a facet, apply for it with a document, and submit."""
    page.goto("/exchange/placements/")
    page.get_by_label("Search in this list").fill(placement.title)
    page.get_by_label("Search in this list").press("Enter")
    page.locator("#facets").get_by_label(placement.host.short_name).check()
    page.get_by_role("link", name=placement.title, exact=True).click()
    page.get_by_role("link", name=round.title).first.click()
    press(page, "Apply")
    page.wait_for_url(re.compile("/start/"))
    if page.get_by_role("button", name="Begin the application").count():
        press(page, "Begin the application")
    page.locator("[name=ects_earned]").fill("196")
    expect(page.locator("#judged")).to_contain_text("Saved at")  # by itself, while one types
    go_on(page, "Save and go on", to="choices")
    if page.get_by_role("button", name=re.compile("^Add")).count():
        page.get_by_role("button", name=re.compile("^Add")).first.click()
    go_on(page, "Go on", to="motivation")
    page.locator("[name=motivation]").fill("I want to build robots that are soft, and the laboratory there does.")
    go_on(page, "Save and go on", to="documents")
    page.locator("input[type=file]").first.set_input_files(
        {"name": "transcript.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    )
    page.get_by_role("button", name=re.compile("^Send")).first.click()
    press(page, "Go on")
    press(page, "Submit")
    return Application.objects.get(round=round, applicant__family_name="Mäkinen")


@pytest.fixture
def robots(portal):
    """A round of KTH that is open, with one place at Aalto, a document to bring and a rubric."""
    kth, aalto = University.objects.get(slug="kth"), University.objects.get(slug="aalto")
    placement = PlacementFactory(
        published=True, host=aalto, title="Soft robotics by the sea", field_id="0714", places=1
    )
    round = RoundFactory(
        open=True, university=kth, title="Robots abroad", slug="robots-abroad", academic_year=placement.academic_year
    )
    round.options.add(placement.option_ptr)
    CriterionFactory(round=round, name="Motivation", max_points=100)
    DocumentRequirementFactory(round=round, name="Transcript of records")
    return placement, round


def test_student_from_sign_up_to_an_accepted_place(robots, new_page, signed_in):
    placement, round = robots
    student, post = new_page(), signed_in("secretariat@demo.example")
    sign_up(student, post, "elina.makinen@kth.demo.example")
    tell_the_studies(student)

    application = apply(student, placement, round)
    office = signed_in("exchange.kth@demo.example")
    check_and_close(office, application, round)
    give_points(signed_in("reviewer.kth@demo.example"), application)
    decide(office, round)
    student.goto(application.get_absolute_url())
    press(student, "Accept the place")
    press(student, "Accept the place")

    application.refresh_from_db()
    assert (application.state, application.choices.get().state) == ("accepted", "accepted")
    expect(student.locator("main")).to_contain_text("Aalto")


def test_button_pressed_while_an_autosave_is_on_its_way_is_no_conflict(portal, signed_in):
    kth, student = University.objects.get(slug="kth"), User.objects.get(email="student.kth@demo.example")
    draft = ApplicationFactory(round=RoundFactory(open=True, university=kth), applicant=student)
    page, on_their_way = signed_in(student.email), []
    page.route("**/edit/autosave/", lambda route: on_their_way.append(route))  # noqa: PLW0108 -- Playwright takes no built-in
    page.goto(f"/applications/{draft.reference}/edit/motivation/")
    page.locator("[name=motivation]").press_sequentially("I build robots")
    while not on_their_way:
        page.wait_for_load_state()  # lets the browser speak
    answer = on_their_way[0].fetch()  # the portal has saved, the page does not know it yet

    page.locator("[name=motivation]").press_sequentially(" that are soft")
    press(page, "Save and go on")
    on_their_way[0].fulfill(response=answer)

    page.wait_for_url(lambda url: "/edit/motivation/" not in url)
    draft.refresh_from_db()
    assert draft.motivation == "I build robots that are soft"


def check_and_close(office: Page, application: Application, round: Round) -> None:
    """The office checks document and eligibility, asks a reviewer, closes the round."""
    office.goto(f"/applications/{application.reference}/desk/")
    office.get_by_role("button", name=re.compile("^It is right")).click()
    press(office, "It is eligible")
    press(office, "It is eligible")
    chosen = User.objects.get(email="reviewer.kth@demo.example")
    office.locator("select[name=reviewer]").select_option(str(chosen.pk))
    office.get_by_role("button", name="Ask", exact=True).click()
    office.goto(f"/applications/rounds/{round.slug}/close/")
    office.locator("main form button").first.click()


def give_points(reviewer: Page, application: Application) -> None:
    reviewer.goto(f"/applications/{application.reference}/review/")
    reviewer.locator("[name^=points_]").fill("87.5")
    press(reviewer, "Give these points")


def decide(office: Page, round: Round) -> None:
    office.goto(f"/applications/rounds/{round.slug}/decisions/")
    press(office, "Propose by score")
    press(office, "Release all decisions")
    press(office, "Release all decisions")


def test_coordinator_edits_the_university_and_the_change_is_public(portal, signed_in, page):
    office = signed_in("exchange.tcd@demo.example")
    sentence = "Engineering beside the sea, in the middle of the city."

    office.goto("/universities/tcd/edit/")
    office.locator("[name=summary]").fill(sentence)
    press(office, "Save")
    page.goto("/universities/tcd/")
    office.goto("/universities/tcd/history/")

    expect(page.locator("main")).to_contain_text(sentence)
    expect(office.locator("main")).to_contain_text(sentence)


def test_director_publishes_a_programme_after_curation(portal, signed_in, page):
    director, curator = signed_in("director.kit@demo.example"), signed_in("secretariat@demo.example")
    programme = (
        Programme.objects.in_catalogue().filter(partners__university__slug="kit", revisions__isnull=True).first()
    )
    sentence = "Two laboratories, one thesis, both degrees."

    director.goto(f"/programmes/{programme.slug}/edit/basics/")
    director.locator("[name=basics-summary]").fill(sentence)
    director.get_by_role("button", name="Save", exact=True).click()
    press(director, "Submit to the secretariat")
    page.goto(programme.get_absolute_url())
    expect(page.locator("main")).not_to_contain_text(sentence)
    curator.goto(f"/programmes/{programme.slug}/curate/")
    expect(curator.locator("main")).to_contain_text(sentence)
    press(curator, "Publish this version")
    page.reload()

    expect(page.locator("main")).to_contain_text(sentence)


SHEET = """title,academic_year,term,level,field,places
Wind power,2099,autumn,master,0713,2
No places,2099,autumn,master,0713,none
Wrong field,2099,someday,master,9999,1
"""


def test_office_imports_a_spreadsheet_with_errors(portal, signed_in):
    office = signed_in("exchange.upc@demo.example")
    office.goto("/exchange/placements/import/")

    sheet = {"name": "places.csv", "mimeType": "text/csv", "buffer": SHEET.encode()}
    office.locator("input[type=file]").set_input_files(sheet)
    press(office, "Look through it")

    rows = office.locator("main table tbody tr")
    expect(rows.nth(1)).to_contain_text("3")
    expect(rows.nth(1)).to_contain_text("places")
    expect(rows.nth(2)).to_contain_text("field")
    assert not Placement.objects.filter(title="Wind power").exists()
