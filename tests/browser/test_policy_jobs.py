"""The first jobs around events, done by their people in Chromium: answer an invitation and name a delegate; register,
wait in line, move up.
"""

import re

from playwright.sync_api import expect

from members.models import User
from policy.models import EventInvitation, Registration
from tests.factories.policy import EventFactory


def account(name):
    return User.objects.get(email=f"{name}@demo.example")


def test_head_answers_an_invitation_and_names_a_delegate(portal, signed_in):
    invitation = EventInvitation.objects.filter(state="open", role="head", event__state="published").last()
    home, event = invitation.university.slug, invitation.event
    colleague = account(f"grants.{home}")

    page = signed_in(f"head.{home}@demo.example")
    page.goto("/dashboard/")
    page.get_by_role("link", name=re.compile(f"Answer the invitation: {re.escape(event.title)}")).first.click()
    page.get_by_label("Who comes instead").select_option(str(colleague.pk))
    page.get_by_role("button", name="Name this person").click()

    expect(page.get_by_text(f"{colleague} is registered and told.")).to_be_visible()
    theirs = signed_in(colleague.email)
    theirs.goto(event.get_absolute_url())
    expect(theirs.get_by_role("heading", name="You have a place.")).to_be_visible()


def test_member_registers_waits_and_moves_up_when_somebody_cancels(portal, signed_in):
    event = EventFactory(published=True, members=True, quota=1, title="A small seminar")
    first = signed_in("coordinator.kth@demo.example")
    first.goto(event.get_absolute_url())
    first.get_by_role("link", name="Register").click()
    first.get_by_role("button", name="Register").click()
    expect(first.get_by_role("heading", name="You have a place.")).to_be_visible()

    second = signed_in("director.upc@demo.example")
    second.goto("/policy/events/?q=small+seminar")
    second.get_by_role("link", name="A small seminar").click()
    second.get_by_role("link", name="Register").click()
    second.get_by_role("button", name="Register").click()
    expect(second.get_by_role("heading", name="You are number 1 on the waiting list.")).to_be_visible()

    first.goto(f"{event.get_absolute_url()}leave/")
    first.get_by_role("button", name="Cancel my registration").click()
    expect(first.get_by_text("You are no longer registered.")).to_be_visible()
    second.reload()
    expect(second.get_by_role("heading", name="You have a place.")).to_be_visible()
    assert Registration.objects.get(event=event, person=account("director.upc")).state == "approved"
