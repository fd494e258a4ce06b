"""What the ground floor and the outbox put on a dashboard."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from notifications.people_tasks import tasks
from tests.factories.members import MandateFactory, StudentProfileFactory, UniversityFactory, UserFactory, person_as
from tests.factories.notifications import DeliveryFactory
from tests.factories.people import InvitationFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = NOW.date()


def titles(user):
    return [task.title for task in tasks(user, NOW)]


def test_tasks_nobody_and_newcomer_have_none():
    assert titles(AnonymousUser()) == titles(UserFactory()) == []


def test_tasks_students_of_an_office_are_one_task_a_university():
    coordinator = person_as("exchange")
    university = coordinator.universities_as("exchange")[0]
    oldest = StudentProfileFactory(university=university, asked_at=NOW - timedelta(days=3))
    StudentProfileFactory(university=university)
    StudentProfileFactory(university=university, confirmed=True)
    StudentProfileFactory()

    [task] = tasks(coordinator, NOW)

    assert (task.title, task.since) == ("Confirm 2 students", oldest.asked_at)


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        ({"complete": True, "confirmed": True}, []),
        ({"confirmed": True}, ["Complete your student profile"]),
        ({"state": "refused"}, ["Put your student data right"]),
    ],
)
def test_tasks_own_profile(situation, expected):
    assert titles(StudentProfileFactory(**situation).user) == expected


@pytest.mark.parametrize(
    ("role", "days", "expected"),
    [
        ("official", 44, ["Name your successor as official"]),
        ("official", 46, []),
        ("official", None, []),
        ("exchange", 10, []),
    ],
)
def test_tasks_official_whose_time_ends_looks_for_a_successor(role, days, expected):
    ends_on = TODAY + timedelta(days=days) if days else None

    assert titles(person_as(role, ends_on=ends_on)) == expected


def test_tasks_official_with_a_successor_has_nothing_to_do():
    mandate = MandateFactory(official=True, ends_on=TODAY + timedelta(days=9))
    MandateFactory(official=True, university=mandate.university, starts_on=TODAY + timedelta(days=10))

    assert titles(mandate.person) == []


def test_tasks_given_up_mail_is_the_secretariats():
    DeliveryFactory.create_batch(2, given_up=True)

    assert (titles(person_as("secretariat")), titles(person_as("official"))) == (["2 e-mails were given up"], [])


@pytest.mark.parametrize("students", [1, 3])
def test_tasks_query_count(django_assert_num_queries, students):
    official = person_as("official")
    StudentProfileFactory.create_batch(students, university=official.universities_as("official")[0])
    user = type(official).objects.get(pk=official.pk)

    with django_assert_num_queries(6):  # mandates, students, own profile, invitations, groups twice
        list(tasks(user, NOW))


def test_tasks_invitations_nobody_stands_behind_are_the_officials():
    university = UniversityFactory()
    left = InvitationFactory(university=university, invited_by=UserFactory())
    InvitationFactory(university=university, invited_by=UserFactory(), expires_at=NOW - timedelta(minutes=1))
    InvitationFactory(university=university)
    InvitationFactory(invited_by=UserFactory())

    [task] = tasks(person_as("official", university), NOW)

    assert (task.title, task.with_whom) == ("Confirm an invitation or take it back", str(university))
    assert task.since == left.created_at
    assert titles(person_as("secretariat")) == ["Confirm an invitation or take it back"]  # where there is no official


def test_tasks_invitations_to_the_office_itself_are_the_secretariats():
    university = UniversityFactory()
    InvitationFactory(university=university, role="official", invited_by=UserFactory())
    InvitationFactory(university=None, role="president", invited_by=UserFactory())

    assert titles(person_as("official", university)) == []
    assert [task.with_whom for task in tasks(person_as("secretariat"), NOW)] == [str(university), "CLUSTER"]
