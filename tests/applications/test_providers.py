"""What the dashboard is told: the tasks that wait for a person, the deadlines that come near; constant in queries."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone

from applications import providers
from members.models import User
from tests.factories.applications import (
    ApplicationFactory,
    ChoiceFactory,
    DocumentSlotFactory,
    OptionFactory,
    ReviewFactory,
    RoundFactory,
)
from tests.factories.members import FactsheetTermFactory, MandateFactory, person_as, student_of

pytestmark = pytest.mark.django_db


def titles(person):
    return sorted(task.title for task in providers.tasks(person, timezone.now()))


@pytest.mark.parametrize(
    ("state", "title"),
    [
        ("", ["Finish the application and submit it"]),
        ("more_info", ["Answer what the office asked"]),
        ("offered", ["Accept or decline the offer"]),
        ("submitted", []),
        ("waitlisted", []),
        ("rejected", []),
    ],
)
def test_tasks_of_an_applicant(state, title):
    application = ApplicationFactory(**({state: True} if state else {}))

    assert titles(application.applicant) == title


def test_a_draft_of_a_closed_round_waits_for_nobody():
    assert titles(ApplicationFactory(round=RoundFactory(closed=True)).applicant) == []


def test_documents_to_send():
    application = ApplicationFactory(accepted=True)
    DocumentSlotFactory(application=application, name="Passport", needed="later")
    DocumentSlotFactory(application=application, name="Portfolio", needed="optional")
    refused = DocumentSlotFactory(application=ApplicationFactory(
        applicant=application.applicant, submitted=True), name="Transcript", state="refused", reason="Blurred",
    )  # fmt: skip

    assert titles(application.applicant) == ["Send “Passport”", "Send “Transcript”"]
    assert refused.application.reference in [
        task.url.split("/")[2] for task in providers.tasks(application.applicant, timezone.now())
    ]


def test_tasks_of_a_reviewer_and_a_desk():
    application = ApplicationFactory(submitted=True)
    review = ReviewFactory(application=application)
    desk = person_as("exchange", application.round.university)
    decided = RoundFactory(closed=True, university=application.round.university)
    ApplicationFactory(round=decided, eligible=True)

    assert titles(review.reviewer) == [f"Give points to {application.reference}"]
    assert titles(desk) == ["Check 1 application", "Prepare and release the decisions"]
    assert titles(person_as("exchange")) == []


def test_deadlines():
    now = timezone.now()
    application = ApplicationFactory(offered=True, answer_by=now + timedelta(days=2))
    ChoiceFactory(application=application, state="offered")
    RoundFactory(coming=True)

    public = [deadline.kind for deadline in providers.deadlines(AnonymousUser(), now)]
    own = [deadline.kind for deadline in providers.deadlines(application.applicant, now)]

    assert (public, own) == (["round"], ["round", "offer"])


def test_only_rounds_that_concern_ones_university_are_ones_deadlines():
    own, open_to_all = RoundFactory(open=True), RoundFactory(open=True, for_own_students=False)
    elsewhere, with_places_here = RoundFactory(open=True), RoundFactory(open=True)
    with_places_here.options.add(OptionFactory(host=own.university))
    staff, student = person_as("grants", own.university), student_of(own.university)

    seen = {
        who: {deadline.url for deadline in providers.deadlines(user, timezone.now())}
        for who, user in {"visitor": AnonymousUser(), "staff": staff, "student": student}.items()
    }

    of_students = {own.get_absolute_url(), open_to_all.get_absolute_url()}
    of_staff = {*of_students, with_places_here.get_absolute_url()}
    assert seen == {"visitor": {*of_staff, elsewhere.get_absolute_url()}, "staff": of_staff, "student": of_students}


def test_a_rounds_deadline_can_be_put_into_a_calendar():
    round = RoundFactory(open=True)

    deadline = next(iter(providers.deadlines(AnonymousUser(), timezone.now())))

    assert deadline.calendar_url == reverse("applications:round_calendar", args=[round.slug])


def test_what_a_nomination_waits_for_is_due_by_the_hosts_factsheet():
    now = timezone.now()
    application = ApplicationFactory(accepted=True)
    option = OptionFactory(host__time_zone="Asia/Shanghai")
    choice = ChoiceFactory(application=application, option=option, state="accepted")
    term = FactsheetTermFactory(factsheet__university=choice.option.host)
    DocumentSlotFactory(application=application, name="Passport", needed="later")
    DocumentSlotFactory(application=application, name="Transcript")

    tasks = {task.title: (task.due_at, task.time_zone) for task in providers.tasks(application.applicant, now)}
    deadlines = [d for d in providers.deadlines(application.applicant, now) if d.kind == "documents"]

    assert tasks["Send “Passport”"] == (term.nominations_close_at, "Asia/Shanghai")
    assert tasks["Send “Transcript”"][0] is None
    assert [(d.key, d.at, d.where) for d in deadlines] == [
        (f"nomination:{application.pk}", term.nominations_close_at, choice.option.host.short_name)
    ]
    assert [
        d for d in providers.deadlines(application.applicant, now + timedelta(days=31)) if d.kind == "documents"
    ] == []


def test_who_applied_in_a_round_is_not_asked_to_decide_it():
    application = ApplicationFactory(submitted=True)
    MandateFactory(person=application.applicant, university=application.round.university)

    assert titles(application.applicant) == []


@pytest.mark.parametrize("count", [1, 3])
def test_query_count(django_assert_num_queries, count):
    student = student_of()
    university = student.student_profile.university
    person_as("exchange", university)
    for _ in range(count):
        application = ApplicationFactory(applicant=student, round__university=university, offered=True)
        ChoiceFactory(application=application, state="offered")
        DocumentSlotFactory(application=application, state="refused", reason="Blurred")
        ReviewFactory(application=ApplicationFactory(submitted=True), reviewer=student)
    student = User.objects.get(pk=student.pk)

    with django_assert_num_queries(
        10
    ):  # own, documents, their dates, reviews, mandates; home, rounds, offers, nominations, decisions to appeal
        assert len(list(providers.tasks(student, timezone.now()))) == 3 * count
        list(providers.deadlines(student, timezone.now()))


def test_a_document_to_send_again_does_not_tell_when_the_office_looked_at_the_application():
    application = ApplicationFactory(eligible=True)
    DocumentSlotFactory(application=application, state="refused", reason="It is blurred.")

    [task] = providers.tasks(application.applicant, timezone.now())

    assert task.since == application.submitted_at != application.state_since
