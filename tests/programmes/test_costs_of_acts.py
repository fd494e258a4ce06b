"""What an act on a programme asks the database does not grow with its partners, seats, courses and readers."""

import pytest
from django.utils import timezone

from programmes import actions
from tests.factories.members import UniversityFactory, person_as
from tests.factories.programmes import (
    CourseFactory,
    ProgrammeCourseFactory,
    RevisionFactory,
    WishListItemFactory,
    programme_between,
)

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("many", [1, 4])]


@pytest.fixture
def programme():
    return programme_between(UniversityFactory(member=True))


def test_a_wish_costs_the_same_however_many_wish_for_it(django_assert_num_queries, programme, many):
    wishes = WishListItemFactory.create_batch(many, programme=programme)
    person = person_as("grants")
    assert wishes

    with django_assert_num_queries(6):
        actions.add_wish(programme=programme, by=person)


def test_submitting_costs_the_same_for_any_number_of_courses(django_assert_num_queries, programme, many):
    director = person_as("director", programme.partners.get(role="coordinating").university)
    for _one in range(many):
        ProgrammeCourseFactory(
            programme=programme, course=CourseFactory(university=director.universities_as("director")[0])
        )
    RevisionFactory(programme=programme)

    with django_assert_num_queries(15):
        actions.submit(programme=programme, by=director, now=timezone.now())


def test_archiving_costs_the_same_however_many_wish_for_it(django_assert_num_queries, programme, many):
    WishListItemFactory.create_batch(many, programme=programme)
    secretariat = person_as("secretariat")

    with django_assert_num_queries(12):
        actions.archive(programme=programme, reason="It ended.", by=secretariat, now=timezone.now())


def test_a_new_course_costs_the_same_however_many_there_are(django_assert_num_queries, many):
    university = UniversityFactory(member=True)
    CourseFactory.create_batch(many, university=university)
    course = CourseFactory.build(university=university)

    with django_assert_num_queries(34):
        actions.add_course(course=course, by=person_as("coordinator", university))
