"""Many rows, each with values of its own, in one statement."""

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.utils import timezone

from applications.models import Choice, Decision
from members.bulk import checked_at_once, update_each
from tests.factories.applications import ChoiceFactory, DecisionFactory
from tests.factories.members import UserFactory

pytestmark = pytest.mark.django_db


def test_each_row_gets_its_own_values(django_assert_num_queries):
    decisions, officer, now = DecisionFactory.create_batch(3), UserFactory(), timezone.now()
    for number, decision in enumerate(decisions[:2]):
        decision.letter, decision.reason = f"Dear {number}: 100 % “yours” {{x}}", "not written"
        decision.released_by, decision.released_at = (officer, now) if number else (None, None)

    with django_assert_num_queries(1):
        written = update_each(decisions[:2], ["letter", "released_by", "released_at"])

    stored = list(Decision.objects.order_by("pk").values_list("letter", "released_by", "released_at", "reason"))
    assert written == 2
    assert stored == [
        ("Dear 0: 100 % “yours” {x}", None, None, "All places went to higher scores."),
        ("Dear 1: 100 % “yours” {x}", officer.pk, now, "All places went to higher scores."),
        ("Dear student", None, None, "All places went to higher scores."),
    ]


def test_what_is_too_long_is_refused_and_not_cut_off():
    choice = ChoiceFactory()
    choice.why = "x" * 401

    with pytest.raises(DataError):
        update_each([choice], ["why"])


def test_rows_that_are_gone_are_not_counted(django_assert_num_queries):
    choice = ChoiceFactory()
    Choice.objects.all().delete()

    assert update_each([choice], ["why"]) == 0
    with django_assert_num_queries(0):
        assert update_each([], ["why"]) == 0


def test_foreign_keys_are_checked_by_the_statement_and_afterwards_at_the_commit_again():
    choice = ChoiceFactory()

    with pytest.raises(IntegrityError), transaction.atomic(), checked_at_once():
        Choice.objects.update(option=0)
    with checked_at_once():
        Choice.objects.update(why="Fine.")
    Choice.objects.update(option=0)

    assert Choice.objects.get(pk=choice.pk).option_id == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        connection.check_constraints()
    Choice.objects.update(option=choice.option)
