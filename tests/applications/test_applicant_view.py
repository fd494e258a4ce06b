"""Internal state and shown state: one table, and nothing of the decision before the release."""

import pytest
from django.utils import timezone

from applications import actions, applicant_view, application_page
from applications.models import Application
from tests.applications.stories import Story
from tests.factories.applications import ApplicationFactory
from tests.factories.members import person_as

pytestmark = pytest.mark.django_db
State = Application.State

TABLE = {
    State.DRAFT: "Draft",
    State.SUBMITTED: "Being considered",
    State.MORE_INFO: "Your answer is needed",
    State.ELIGIBLE: "Being considered",
    State.INELIGIBLE: "Being considered",
    State.OFFERED: "Place offered",
    State.WAITLISTED: "On the waiting list",
    State.REJECTED: "No place",
    State.ACCEPTED: "Place accepted",
    State.DECLINED: "You declined",
    State.EXPIRED: "Offer expired",
    State.WITHDRAWN: "Withdrawn",
    State.LAPSED: "Not submitted",
}


@pytest.mark.parametrize("state", State)
def test_shown_state(state):
    assert str(applicant_view.SHOWN[state].label) == TABLE[state]


def page_of(application):
    fresh = Application.objects.select_related("round__university", "applicant", "decision").get(pk=application.pk)
    page = application_page.read(fresh, timezone.now())
    words = [row.result + row.why for row in page["choices"]]
    words += [f"{step['label']} {step.get('detail', '')} {step.get('at', '')}" for step in page["steps"]]
    return [str(page["shown"].label), str(page["turn"]["caps"]), str(page["turn"]["title"]), *words]


def test_before_the_release_eligible_and_ineligible_look_like_submitted():
    story = Story()
    application = story.submitted(0, 1)
    as_submitted = page_of(application)

    actions.find_eligible(application=application, note="Fine", by=story.desk, now=story.now)
    as_eligible = page_of(application)
    actions.find_ineligible(application=application, reason="Too few credits.", by=story.desk, now=story.now)
    as_ineligible = page_of(application)

    assert as_submitted == as_eligible == as_ineligible


def test_before_the_release_a_prepared_offer_and_a_score_do_not_show():
    story = Story()
    application = story.scored("84", 0, 1)
    before = page_of(application)

    story.propose()

    assert page_of(application) == before
    assert not [line for line in before if "84.0" in line or "score" in line.lower()]


def test_after_the_release_score_and_eligibility_are_told():
    story = Story()
    application = story.scored("84", 0, 1)

    story.release()

    told = " / ".join(page_of(application))
    assert "Ranked, score 84.0" in told
    assert "Eligible" in told


def test_the_note_of_the_office_stays_its_own():
    story = Story()
    application = story.submitted(0)
    actions.find_eligible(application=application, note="Her uncle called.", by=story.desk, now=story.now)

    story.close()
    decide = {"choice": None, "reason": "Enough others.", "by": story.desk}
    actions.prepare_decision(application=application, outcome="reject", **decide)
    actions.release_round(round=story.round, by=story.desk, now=story.now)

    told = " / ".join(page_of(application))
    assert "uncle" not in told
    assert "Enough others." in told


def test_the_office_moves_the_clock_of_nobody():
    application = ApplicationFactory(eligible=True)

    assert applicant_view.shown_since(application) == application.submitted_at


def test_the_applicant_sees_who_opened_the_file_and_why():
    application = ApplicationFactory(submitted=True)
    secretary = person_as("secretariat")

    actions.open_with_reason(application=application, reason="The student asked us for help.", by=secretary)

    assert any("The student asked us for help." in line for line in page_of(application))
