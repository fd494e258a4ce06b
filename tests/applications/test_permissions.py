"""Who may do what with an application: one table, persons by acts, in two states."""

import pytest

from applications.models import Application
from tests.factories.applications import (
    ApplicationFactory,
    DocumentSlotFactory,
    OptionFactory,
    ReviewFactory,
    RoundFactory,
)
from tests.factories.members import MandateFactory, UserFactory, person_as, student_of

pytestmark = pytest.mark.django_db

PEOPLE = (
    "applicant", "desk", "deputy", "director", "reviewer", "recused", "other desk", "other student",
    "former desk", "secretariat", "reader with a reason", "visitor",
)  # fmt: skip

# permission → those who have it on a submitted application
ON_SUBMITTED = {
    "view_application": {"applicant", "desk", "deputy", "reviewer", "reader with a reason"},
    "download_document": {"applicant", "desk", "deputy", "reviewer", "reader with a reason"},
    "edit_application": set(),
    "submit_application": set(),
    "check_application": {"desk", "deputy"},
    "assign_review": {"desk", "deputy"},
    "review_application": {"reviewer"},
    "see_reviews": {"desk", "deputy"},
    "decide_application": {"desk", "deputy"},
    "release_round": {"desk", "deputy"},
    "run_round": {"desk", "deputy"},
    "answer_offer": set(),
    "withdraw_application": {"applicant"},
    "open_with_reason": {"secretariat", "reader with a reason"},
}
ON_DRAFT = {
    "view_application": {"applicant"},
    "edit_application": {"applicant"},
    "submit_application": {"applicant"},
    "withdraw_application": {"applicant"},
    "check_application": set(),
    "decide_application": set(),
}


def cast(application):
    university = application.round.university
    people = {
        "applicant": application.applicant,
        "desk": person_as("exchange", university),
        "deputy": UserFactory(),
        "director": person_as("director", university),
        "other desk": person_as("exchange"),
        "other student": student_of(university),
        "former desk": MandateFactory(university=university, ended=True).person,
        "secretariat": person_as("secretariat"),
        "reader with a reason": person_as("secretariat"),
        "visitor": UserFactory(),
        "reviewer": UserFactory(),
        "recused": UserFactory(),
    }
    MandateFactory(university=university, deputy=people["deputy"])
    if application.submitted_at:
        ReviewFactory(application=application, reviewer=people["reviewer"])
        ReviewFactory(application=application, reviewer=people["recused"], state="recused")
        application.accesses.create(person=people["reader with a reason"], reason="Asked by the student")
    return people


def allowed(permission, application):
    return {
        name for name, person in cast(application).items() if person.has_perm(f"applications.{permission}", application)
    }


@pytest.mark.parametrize("permission", ON_SUBMITTED)
def test_on_a_submitted_application(permission):
    assert allowed(permission, ApplicationFactory(submitted=True)) == ON_SUBMITTED[permission]


@pytest.mark.parametrize("permission", ON_DRAFT)
def test_on_a_draft(permission):
    assert allowed(permission, ApplicationFactory()) == ON_DRAFT[permission]


def test_an_offer_is_answered_by_the_applicant_only():
    assert allowed("answer_offer", ApplicationFactory(offered=True)) == {"applicant"}


def test_directors_run_the_rounds_of_dual_degrees():
    round = RoundFactory(open=True, dual_degree=True)

    assert allowed("run_round", ApplicationFactory(round=round, submitted=True)) == {"desk", "deputy", "director"}


def test_nobody_decides_on_the_own_application():
    student = student_of()
    university = student.student_profile.university
    MandateFactory(person=student, university=university)
    application = ApplicationFactory(round__university=university, applicant=student, submitted=True)

    for permission in ("check_application", "decide_application", "assign_review", "see_reviews"):
        assert not student.has_perm(f"applications.{permission}", application)


@pytest.mark.parametrize(("state", "may"), [("draft", True), ("submitted", False), ("withdrawn", False)])
def test_nobody_decides_where_their_own_application_competes(state, may):
    student = student_of()
    university = student.student_profile.university
    MandateFactory(person=student, university=university)
    other = ApplicationFactory(round__university=university, submitted=True)
    own = ApplicationFactory(round=other.round, applicant=student, **({} if state == "draft" else {"submitted": True}))
    Application.objects.filter(pk=own.pk).update(state=state)

    for permission in ("check_application", "decide_application", "assign_review", "see_reviews"):
        assert student.has_perm(f"applications.{permission}", other) is may
    for permission in ("release_round", "decide_application"):
        assert student.has_perm(f"applications.{permission}", other.round) is may
    assert student.has_perm("applications.run_round", other.round)


@pytest.mark.parametrize("state", ["draft", "submitted"])
def test_the_list_and_the_page_ask_the_same(state):
    application = ApplicationFactory(**({} if state == "draft" else {state: True}))

    for person in cast(application).values():
        listed = Application.objects.visible_to(person).filter(pk=application.pk).exists()
        assert listed == person.has_perm("applications.view_application", application)


@pytest.mark.parametrize(
    ("application", "slot", "may"),
    [
        ({}, {"state": "asked"}, True),
        ({}, {"state": "received"}, True),
        ({}, {"state": "validated"}, False),
        ({"submitted": True}, {"state": "asked"}, True),
        ({"submitted": True}, {"state": "refused", "reason": "Blurred"}, True),
        ({"submitted": True}, {"state": "received"}, False),
        ({"submitted": True}, {"state": "received", "needed": "later"}, True),
        ({"more_info": True}, {"state": "received"}, True),
        ({"accepted": True}, {"state": "asked", "needed": "later"}, True),
        ({"rejected": True}, {"state": "asked", "needed": "later"}, False),
        ({"withdrawn": True}, {"state": "asked"}, False),
    ],
)
def test_when_a_file_may_be_sent(application, slot, may):
    slot = DocumentSlotFactory(application=ApplicationFactory(**application), **slot)

    assert slot.application.applicant.has_perm("applications.put_document", slot) is may
    assert not person_as("exchange", slot.application.round.university).has_perm("applications.put_document", slot)


def test_a_withdrawn_draft_was_never_the_offices_to_see():
    application = ApplicationFactory(withdrawn=True)
    desk = person_as("exchange", application.round.university)

    assert not Application.objects.visible_to(desk).exists()


def test_options_know_no_owner():
    """A desk of the host sees nothing of the applicants before a nomination."""
    application = ApplicationFactory(submitted=True)
    option = OptionFactory(round=application.round)
    application.choices.create(option=option, rank=1)

    assert not Application.objects.visible_to(person_as("exchange", option.host)).exists()


def test_who_competes_in_a_round_reads_the_files_of_nobody_else_there():
    rival = student_of()
    university = rival.student_profile.university
    MandateFactory(person=rival, university=university)
    other = ApplicationFactory(round__university=university, submitted=True)
    elsewhere = ApplicationFactory(round__university=university, submitted=True)
    own = ApplicationFactory(round=other.round, applicant=rival, submitted=True)

    assert {*Application.objects.visible_to(rival)} == {own, elsewhere}
    for permission in ("view_application", "download_document", "read_dossier"):
        allowed = [rival.has_perm(f"applications.{permission}", each) for each in (own, elsewhere, other)]
        assert allowed == [True, True, False]
