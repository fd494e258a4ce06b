"""What an act on a practice asks the database does not grow with its versions, evidence, readers and adopters."""

import pytest
from django.utils import timezone

from practices import actions
from tests.factories.members import UniversityFactory, person_as
from tests.factories.practices import (
    AdoptionFactory,
    EvidenceLinkFactory,
    PracticeFollowFactory,
    TopicFollowFactory,
    practice_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("many", [1, 4])]


def test_submitting_costs_the_same_for_any_number_of_links(django_assert_num_queries, many):
    practice = practice_of(state="draft")
    EvidenceLinkFactory.create_batch(many, version=practice.latest)

    with django_assert_num_queries(16):
        actions.submit(practice=practice, by=practice.owner, now=timezone.now())


def test_publishing_is_told_at_the_same_cost_however_many_follow(django_assert_num_queries, many):
    practice, secretariat = practice_of(state="submitted"), person_as("secretariat")
    for topic in practice.latest.topics.all():
        TopicFollowFactory.create_batch(many, topic=topic)
    PracticeFollowFactory.create_batch(many, practice=practice)

    with django_assert_num_queries(27):
        actions.publish(practice=practice, seen=practice.latest.sha256, by=secretariat, now=timezone.now())


def test_adopting_costs_the_same_however_many_did(django_assert_num_queries, many):
    practice, university = practice_of(), UniversityFactory(member=True)
    AdoptionFactory.create_batch(many, practice=practice)
    person = person_as("director", university)

    with django_assert_num_queries(31):
        actions.adopt(
            practice=practice, university=university, since=timezone.localdate(), changed="", result="", by=person,
            now=timezone.now(),
        )  # fmt: skip


def test_archiving_costs_the_same_however_many_adopted_it(django_assert_num_queries, many):
    practice, secretariat = practice_of(), person_as("secretariat")
    AdoptionFactory.create_batch(many, practice=practice)
    PracticeFollowFactory.create_batch(many, practice=practice)

    with django_assert_num_queries(7):
        actions.archive(practice=practice, reason="Out of date.", by=secretariat, now=timezone.now())
