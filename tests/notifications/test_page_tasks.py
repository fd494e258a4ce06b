"""Who is told that a page waits to be confirmed, and since when."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from notifications.page_tasks import tasks
from tests.factories.members import FactsheetFactory, UniversityFactory, UserFactory, person_as

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)


def told(user):
    return [(task.title, task.since) for task in tasks(user, NOW)]


@pytest.mark.parametrize("role", ["official", "exchange"])
def test_keepers_confirm_page_and_factsheet_once_a_year(role):
    confirmed = NOW - timedelta(days=400)
    university = UniversityFactory(confirmed_at=confirmed)
    FactsheetFactory(university=university)

    assert told(person_as(role, university)) == [
        ("Confirm your university's page", confirmed + timedelta(days=365)),
        ("Confirm your factsheet", NOW),
    ]


def test_nothing_waits_while_the_page_is_fresh():
    university = UniversityFactory(confirmed_at=NOW - timedelta(days=300))
    FactsheetFactory(university=university, confirmed_at=NOW)

    assert told(person_as("official", university)) == []


def test_others_are_not_bothered():
    university = UniversityFactory(member=True)

    assert [told(user) for user in (AnonymousUser(), UserFactory(), person_as("grants", university))] == [[], [], []]


def test_the_secretariat_is_told_how_many():
    UniversityFactory.create_batch(2, member=True)
    UniversityFactory(member=True, confirmed_at=NOW)
    UniversityFactory()

    assert told(person_as("secretariat")) == [("2 pages are unconfirmed", NOW)]


@pytest.mark.parametrize("universities", [1, 3])
def test_query_count(django_assert_num_queries, universities):
    keeper = UserFactory()
    for university in UniversityFactory.create_batch(universities):
        FactsheetFactory(university=university)
        person_as("exchange", university, person=keeper)

    with django_assert_num_queries(5):  # mandates, pages, factsheets, and two for permissions that Django keeps
        assert len(told(keeper)) == 2 * universities
