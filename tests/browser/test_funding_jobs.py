"""A grant officer finds a call, follows it, keeps the search, says what the university brings; another one sees it."""

import pytest
from playwright.sync_api import expect

from funding.models import CallFollow, Interest
from members.models import University, User
from notifications.models import SavedSearch
from tests.factories.funding import CallFactory, FundingProgrammeFactory

TITLE = "Bridges that report their own cracks"


@pytest.fixture
def call(portal):
    """Open, of a line of its own, so that the facets lead to it alone; somebody from Delft is interested already."""
    line = FundingProgrammeFactory(code="TEST-BRIDGES", framework="Programme for bridges", name="Bridges of Europe")
    made = CallFactory(open=True, programme=line, title=TITLE, is_sample=True)
    first = User.objects.get(email="grants.tue@demo.example")
    Interest.objects.create(
        call=made, person=first, university=University.objects.get(slug="tue"), part="coordinator",
        expertise=["concrete"], state_since=made.state_since, is_sample=True,
    )  # fmt: skip
    return made


def test_find_follow_save_and_express_interest(call, signed_in) -> None:
    page = signed_in("grants.uclouvain@demo.example")

    page.goto("/funding/calls/")
    page.get_by_label("Programme for bridges").check()
    expect(page.locator(".entry")).to_have_count(1)
    page.get_by_role("link", name="Save this search").click()
    page.get_by_label("Name").fill("Bridges")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_text("You see who else is interested once")).to_be_visible()
    page.get_by_role("button", name="Follow").click()
    expect(page.get_by_role("button", name="Stop following")).to_be_visible()

    page.get_by_role("link", name="Express interest").click()
    page.get_by_label("Work package lead").check()
    page.get_by_label("What you bring").fill("acoustic sensors, field tests")
    page.get_by_label("Effort, person-months").fill("18")
    page.get_by_role("button", name="Express interest").click()
    expect(page.locator("#interested")).to_contain_text("concrete")
    expect(page.locator("#interested")).to_contain_text("Organisations that count: 2 of 3")

    other = signed_in("grants.tue@demo.example")
    other.goto(call.get_absolute_url())
    expect(other.locator("#interested")).to_contain_text("acoustic sensors, field tests")
    other.goto("/notifications/")
    expect(other.get_by_role("link", name=f"UCLouvain is interested too: {TITLE}")).to_be_visible()

    outsider = signed_in("grants.tcd@demo.example")
    outsider.goto(call.get_absolute_url())
    expect(outsider.locator("body")).not_to_contain_text("acoustic sensors")
    assert CallFollow.objects.filter(call=call, user__email="grants.uclouvain@demo.example").exists()
    assert SavedSearch.objects.get(name="Bridges").query == "framework=Programme+for+bridges&sort=deadline"
