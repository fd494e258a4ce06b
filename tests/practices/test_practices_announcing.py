"""What the room announces: tasks for those who write and judge, a part of a university's page, data of a person."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from practices import announcing, held_of_people
from practices.models import CurationNote
from tests.factories.members import person_as, student_of
from tests.factories.practices import AdoptionFactory, PracticeFollowFactory, TopicFollowFactory, practice_of

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def tasks(person):
    return [(task.title, task.detail, task.url) for task in announcing.tasks_for(person, NOW)]


def test_changes_asked_for_wait_for_who_keeps_the_practice() -> None:
    practice = practice_of(state="changes_asked", title="Heat")
    expected = [("Change what the curators ask for", "Heat", f"/practices/{practice.reference}/edit/")]

    assert tasks(practice.owner) == expected
    assert tasks(person_as("official", practice.university)) == expected
    assert tasks(person_as("director", practice.university)) == []


def test_what_is_submitted_waits_for_curators_but_not_at_home() -> None:
    practice = practice_of(state="submitted", title="Heat")
    practice_of(state="draft")
    expected = [("Judge a practice", "Heat", f"/practices/{practice.reference}/curate/")]

    assert tasks(person_as("secretariat")) == expected
    assert tasks(person_as("reviewer")) == expected
    assert tasks(person_as("reviewer", practice.university)) == []


@pytest.mark.parametrize("practices", [1, 3])
def test_tasks_query_count(django_assert_num_queries, practices) -> None:
    for _number in range(practices):
        practice_of(state="submitted")
    reviewer = person_as("reviewer")
    tasks(reviewer)

    with django_assert_num_queries(2):  # to change, to judge
        tasks(reviewer)


def test_nothing_waits_for_others() -> None:
    practice_of(state="submitted")

    for person in (AnonymousUser(), student_of(), person_as("auditor"), person_as("grants")):
        assert tasks(person) == []


def test_a_university_shows_what_it_shares_the_most_adopted_first() -> None:
    practice = practice_of(title="Adopted")
    practice_of(practice.university, title="New")
    practice_of(practice.university, "draft", title="Hidden")
    AdoptionFactory(practice=practice)

    section = announcing.section_of(practice.university, AnonymousUser(), NOW)

    assert [(row.title, row.detail) for row in section.rows] == [
        ("Adopted", "Pilot · adopted by 1 university"),
        ("New", "Pilot · not adopted yet"),
    ]
    assert section.total == 2


def test_a_person_is_told_what_is_held_and_follows_nothing_after_erasure() -> None:
    follow = PracticeFollowFactory()
    TopicFollowFactory(user=follow.user)

    assert [sorted(row) for row in held_of_people.follow_rows(follow.user)] == [
        ["since", "topic"],
        ["practice", "since"],
    ]
    assert held_of_people.stop_following(follow.user, NOW) == 2
    assert held_of_people.count_follows(follow.user) == 0


def test_a_writer_is_told_what_they_wrote() -> None:
    practice = practice_of(title="Heat")

    assert [row["title"] for row in held_of_people.written_rows(practice.owner)] == ["Heat"]


def test_who_wrote_no_practice_is_told_of_adoptions_and_comments() -> None:
    adoption = AdoptionFactory()
    CurationNote.objects.create(version=adoption.practice.live, text="Well measured.", by=adoption.told_by)

    adopted, commented = held_of_people.written_rows(adoption.told_by)

    assert (adopted["university"], commented["comment"]) == (adoption.university.slug, "Well measured.")
    assert held_of_people.count_written(adoption.told_by) == 2
