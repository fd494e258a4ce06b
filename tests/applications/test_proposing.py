"""A proposal in chunks writes what one application after another would, in a fixed number of statements."""

import pytest
from django.db import transaction

from applications import actions
from applications.actions import proposing
from applications.models import Decision, Round
from members.models import Act
from tests.applications import one_by_one
from tests.applications.test_releasing import NOW, MixedRound, plain

pytestmark = pytest.mark.django_db
BEFORE_AND_AFTER = 17  # locks, who may, the candidates, what is made by hand, places, the round's letters, the log
A_CHUNK = 5  # applications, choices, the decisions that stand there; those written over, and those added
CLOCK = {"prepared_at"}


def half_decided(seed: int) -> MixedRound:
    """Some by hand, some proposed before, some in the office's own words, some with nothing yet, a place taken back."""
    mixed = MixedRound(seed)
    mixed.round.options.remove(mixed.options[-1])
    ineligible, refused, chosen, withdrawn, *others = mixed.dice.sample(list(mixed.round.applications.all()), 12)
    actions.find_ineligible(application=ineligible, reason="26 credits, 60 are asked.", by=mixed.desk, now=NOW)
    mixed.by_hand(refused, "reject", None, "The course list does not fit.")
    mixed.by_hand(chosen, "offer", chosen.choices.still_offered().order_by("-rank").first(), "For the thesis.")
    actions.propose_decisions(round=mixed.round, by=mixed.desk)
    actions.withdraw(application=withdrawn, reason="", by=withdrawn.applicant, now=NOW)
    Decision.objects.filter(application__in=others[:5]).delete()
    for decision in Decision.objects.filter(application__in=others[5:]):
        actions.edit_letter(decision=decision, subject="In our words", letter="Dear you.", by=mixed.desk)
    return mixed


def proposed_by(propose, mixed: MixedRound) -> dict[str, list]:
    """What stands in the database after `propose`, all but keys of new rows and the clock; all of it is undone."""
    with transaction.atomic():
        count = propose(round=Round.objects.get(pk=mixed.round.pk), by=mixed.desk)
        found = {
            model.__name__: sorted(
                ({k: v for k, v in plain(row).items() if k not in CLOCK} for row in model.objects.values()), key=repr
            )
            for model in (Decision, Decision.pgh_event_model, Act)
        }
        transaction.set_rollback(True)
    return {"count": count, **without_keys_of_new(found)}


def without_keys_of_new(found):
    """The history names its row by a key that is new each time."""
    events = found[Decision.pgh_event_model.__name__]
    for event in events:
        event.pop("pgh_obj_id")
    events.sort(key=repr)
    return found


@pytest.mark.parametrize("seed", range(6))
def test_a_proposal_in_chunks_is_what_one_after_another_would_be(seed, monkeypatch):
    monkeypatch.setattr(proposing, "CHUNK", 6)  # several, and one that is not full
    mixed = half_decided(seed)

    expected = proposed_by(one_by_one.propose_decisions, mixed)

    assert proposed_by(actions.propose_decisions, mixed) == expected
    assert {row["outcome"] for row in expected["Decision"]} == {"offer", "wait", "reject"}
    assert expected["count"] > 6


@pytest.mark.parametrize("people", [20, 60])
def test_the_number_of_questions_does_not_grow_with_the_round(people, django_assert_num_queries):
    mixed = MixedRound(1, people)

    with django_assert_num_queries(BEFORE_AND_AFTER + A_CHUNK - 1):  # nothing is written over
        actions.propose_decisions(round=mixed.round, by=mixed.desk)
    with django_assert_num_queries(BEFORE_AND_AFTER - 2 + A_CHUNK - 1):  # nothing is new; who may is remembered
        actions.propose_decisions(round=mixed.round, by=mixed.desk)
