"""What an act on people and their rights asks the database does not grow with who else is at the university."""

from datetime import timedelta

import pytest
from django.utils import timezone

from members.actions import invitations, mandates, students
from members.models import Role
from tests.factories.members import (
    EmailAddressFactory,
    MandateFactory,
    StudentProfileFactory,
    UniversityFactory,
    UserFactory,
    person_as,
    student_of,
)
from tests.factories.people import InvitationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("many", [1, 4])]


@pytest.fixture
def office(many):
    """A university with its official and colleagues."""
    university = UniversityFactory(member=True)
    MandateFactory.create_batch(many, university=university, role=Role.EXCHANGE)
    return university


def test_giving_a_mandate_costs_the_same_however_many_have_one(django_assert_num_queries, office):
    official, person, today = person_as("official", office), UserFactory(), timezone.localdate()

    with django_assert_num_queries(39):
        mandates.give(role=Role.DIRECTOR, university=office, person=person, starts_on=today, ends_on=None, by=official)


def test_ending_a_mandate_costs_the_same_however_many_have_one(django_assert_max_num_queries, office):
    official, today = person_as("official", office), timezone.localdate()
    mandate = office.mandates.filter(role=Role.EXCHANGE).first()

    with django_assert_max_num_queries(42):
        mandates.end(mandate=mandate, last_day=today + timedelta(days=3), reason="Moves.", by=official, today=today)


def test_accepting_an_invitation_costs_the_same_however_many_are_open(django_assert_num_queries, office, many):
    person = EmailAddressFactory(verified=True).user
    InvitationFactory.create_batch(many, university=office)
    invitation = InvitationFactory(university=office, email=person.email)

    with django_assert_num_queries(43):
        invitations.accept_invitation(invitation=invitation, person=person, now=timezone.now())


def test_confirming_students_costs_the_same_for_each(django_assert_num_queries, office, many):
    waiting = StudentProfileFactory.create_batch(many, university=office)
    officer = office.mandates.first().person

    with django_assert_num_queries(14):
        students.confirm(profile=waiting[0], by=officer, now=timezone.now())


def test_choosing_a_home_costs_the_same_however_many_students_it_has(django_assert_num_queries, office, many):
    for _one in range(many):
        student_of(office)
    newcomer = UserFactory()

    with django_assert_num_queries(17):
        students.choose_home(user=newcomer, university=office, now=timezone.now())
