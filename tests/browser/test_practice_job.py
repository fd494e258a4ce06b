"""A practice from the first word to "we adopted this", done by its people in Chromium against a running portal."""

import re

from playwright.sync_api import Page, expect

from practices.models import Practice

TITLE = "Rain water for the laboratories"
TEXTS = {
    "summary": "Rain water from two roofs cools the laboratories.",
    "problem": "Drinking water was used to cool machines and ran into the drain.",
    "done": "Two tanks were put below the yard, with a filter and a pump.",
    "result": "Drinking water for cooling fell from 900 to 120 cubic metres a year.",
    "evidence": "The meters are read every month by the technical office.",
    "conditions": "A flat roof, a yard that may be opened, and a meter from the first day.",
}


def write_and_submit(writer: Page) -> Practice:
    writer.goto("/practices/new/")
    writer.get_by_label("Title").fill(TITLE)
    writer.get_by_role("button", name="Begin").click()
    for name, words in TEXTS.items():
        writer.locator(f"[name={name}]").fill(words)
    writer.locator("[name=cost_eur]").fill("48000")
    writer.get_by_label("Living labs", exact=True).check()
    writer.get_by_role("button", name="Save and submit").click()
    expect(writer.locator("main")).to_contain_text("The curators' turn")
    return Practice.objects.get(latest__title=TITLE)


def test_a_practice_from_its_owner_to_another_university(portal, signed_in):
    follower = signed_in("head.tuda@demo.example")
    follower.goto("/practices/topics/living-labs/")
    follower.get_by_role("button", name="Follow", exact=True).click()

    practice = write_and_submit(signed_in("coordinator.kit@demo.example"))
    curator = signed_in("secretariat@demo.example")
    curator.goto("/practices/queue/")
    curator.get_by_role("link", name=re.compile(f"Judge {TITLE}")).click()
    curator.get_by_label("Comment for readers").fill("We have seen the meters.")
    curator.get_by_role("button", name="Publish this version").click()
    expect(curator.locator("main")).to_contain_text("We have seen the meters.")

    other = signed_in("grants.upc@demo.example")
    other.goto(practice.get_absolute_url())
    other.get_by_role("link", name="We adopted this").first.click()
    other.locator("[name=since]").fill("2026-03-01")
    other.locator("[name=changed]").fill("One tank, under the parking place.")
    other.get_by_role("button", name="Say so").click()
    expect(other.locator("#adoptions")).to_contain_text("One tank, under the parking place.")

    follower.goto("/notifications/")
    expect(follower.locator("main")).to_contain_text(TITLE)
    practice.refresh_from_db()
    assert (practice.state, practice.adoptions.get().university.slug) == ("published", "upc")
