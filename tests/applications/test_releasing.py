"""The release in chunks writes what one application after another would, in a fixed number of statements."""

from datetime import UTC, datetime
from random import Random

import pytest
from django.db import transaction

from applications import actions
from applications.actions import releasing
from applications.models import Application, Choice, Decision, LetterTemplate, Option, Round
from members.models import Act, Mandate
from notifications.models import Delivery, Notice
from tests.applications import one_by_one
from tests.factories.applications import (
    ApplicationFactory,
    ChoiceFactory,
    CriterionFactory,
    LetterTemplateFactory,
    OptionFactory,
    ReviewFactory,
    RoundFactory,
    ScoreFactory,
)
from tests.factories.members import UserFactory, person_as
from tests.factories.notifications import PreferenceFactory
from tests.factories.programmes import open_intake, programme_between

pytestmark = pytest.mark.django_db
BEFORE_AND_AFTER = (
    27  # locks, what is prepared and still offered, why, the round's own step, its line and its notice to the desk
)
A_CHUNK = 14  # decisions, two kinds of steps, choices, letters, the log, the notices; a third kind is one more
NOW = datetime(2027, 5, 2, 22, 30, tzinfo=UTC)
NEW_EACH_TIME = {"id", "reference", "at", "created_at", "pgh_id", "pgh_created_at"}


class MixedRound:
    """A closed round, thrown by a dice: options of other rooms, scores and none, refusals, letters in own words."""

    def __init__(self, seed: int, people: int = 20) -> None:
        dice = self.dice = Random(seed)
        kind = "dual_degree" if seed % 3 == 0 else "exchange"
        zone, days = dice.choice(["Europe/Brussels", "America/Toronto", "Asia/Tokyo"]), dice.choice([0, 10])
        self.round = RoundFactory(closed=True, kind=kind, time_zone=zone, appeal_days=days, answer_days=9)
        self.desk = person_as("exchange", self.round.university)
        if seed % 2:  # a deputy releases: the log names the holder too
            self.desk, holder = UserFactory(), self.desk
            Mandate.objects.filter(person=holder).update(deputy=self.desk)
        for outcome in dice.sample(LetterTemplate.Outcome.values, 2):
            LetterTemplateFactory(round=self.round, outcome=outcome, body="{name}: {reason} {place} {answer_by} {odd}")
        self.options = self._options(kind)
        criterion = CriterionFactory(round=self.round, max_points=100) if seed % 4 else None
        for _person in range(people):
            self._apply(criterion)

    def _options(self, kind: str) -> list[Option]:
        if kind == "exchange":
            return [OptionFactory(round=self.round, places=self.dice.randint(1, 3)) for _ in range(4)]
        intakes = [open_intake(programme_between(), places=self.dice.randint(1, 2)) for _ in range(2)]
        options = [seats.option_ptr for intake in intakes for seats in intake.seats.order_by("pk")]
        self.round.options.add(*options)
        return options

    def _apply(self, criterion) -> Application:
        application = ApplicationFactory(round=self.round, eligible=True)
        ranked = self.dice.sample(self.options, self.dice.randint(1, 3))
        for rank, option in enumerate(ranked, start=1):
            ChoiceFactory(application=application, option=option, rank=rank)
        if criterion:
            review = ReviewFactory(application=application, finished=True)
            ScoreFactory(review=review, criterion=criterion, points=self.dice.choice([60, 70, 80, 90, 100]))
        if rhythm := self.dice.choice(["", "", "daily", "never"]):
            PreferenceFactory(user=application.applicant, topic="applications", rhythm=rhythm)
        return application

    def decide(self) -> None:
        """A host takes a place back; a no and an offer by hand, the proposal, letters in the office's own words."""
        self.round.options.remove(self.options[-1])
        ineligible, refused, chosen, withdrawn, closed = self.dice.sample(list(self.round.applications.all()), 5)
        actions.find_ineligible(application=ineligible, reason="26 credits, 60 are asked.", by=self.desk, now=NOW)
        self.by_hand(refused, "reject", None, "The course list does not fit." * 12)
        self.by_hand(
            chosen, "offer", chosen.choices.still_offered().order_by("-rank").first(), "Needs it for the thesis."
        )
        actions.propose_decisions(round=self.round, by=self.desk)
        actions.withdraw(application=withdrawn, reason="", by=withdrawn.applicant, now=NOW)
        type(closed.applicant).objects.filter(pk=closed.applicant_id).update(is_active=False)
        actions.propose_decisions(round=self.round, by=self.desk)
        for decision in self.dice.sample(list(Decision.objects.filter(application__state="eligible")), 3):
            words = f"Dear {decision.application.applicant},\nin our own words, by {{answer_by}}."
            actions.edit_letter(decision=decision, subject="In our own words", letter=words, by=self.desk)

    def by_hand(self, application, outcome, choice, reason) -> None:
        reason = reason[:400]
        actions.prepare_decision(application=application, outcome=outcome, choice=choice, reason=reason, by=self.desk)

    def spoil(self, how: str) -> None:
        """Something that forbids the release."""
        option, application = self.options[0], self.round.applications.filter(state="eligible").first()
        if how == "one is undecided":
            Decision.objects.filter(application=application).delete()
        elif how == "one is looked at anew":
            Application.objects.filter(pk=application.pk).update(state="submitted")
        elif how == "places are free":
            Option.objects.update(places=50)
        elif how == "more offers than places":
            for other in Choice.objects.filter(option=option, application__state="eligible"):
                self.by_hand(other.application, "offer", other, "All of them.")

    def released_by(self, release) -> dict:
        """What stands in the database after `release`, or the refusal; all of it is undone again."""
        try:
            with transaction.atomic():
                release(round=Round.objects.get(pk=self.round.pk), by=self.desk, now=NOW)
                found = everything()
                transaction.set_rollback(True)
        except actions.Refused as refused:
            return {"refused": str(refused)}
        return found


def everything() -> dict[str, list]:
    """All rows that a release may touch; of rows that it adds all but the key and the clock's moment."""
    there, new = [Round, Application, Choice, Decision, Option], [Act, Notice]
    new += [model.pgh_event_model for model in there if hasattr(model, "pgh_event_model")]
    lines = {option.pk: actions.waiting_line(option).values_list("pk", flat=True) for option in Option.objects.all()}
    return {
        **{model.__name__: list(model.objects.order_by("pk").values()) for model in there},
        **{model.__name__: sorted(map(plain, model.objects.values()), key=repr) for model in new},
        "mails": sorted(Delivery.objects.values_list("notice__recipient", "notice__key", "state")),
        "waiting lines": {pk: list(line) for pk, line in lines.items()},
    }


def plain(row: dict) -> dict:
    return {name: value for name, value in row.items() if name not in NEW_EACH_TIME}


@pytest.fixture
def small_chunks(monkeypatch):
    """So small that a round of a test has several, and one that is not full."""
    monkeypatch.setattr(releasing, "CHUNK", 6)


@pytest.mark.parametrize("seed", range(8))
def test_a_round_in_chunks_is_what_one_after_another_would_be(seed, small_chunks):
    mixed = MixedRound(seed)
    mixed.decide()

    expected = mixed.released_by(one_by_one.release_round)

    assert mixed.released_by(actions.release_round) == expected
    assert {row["state"] for row in expected["Application"]} == {"offered", "waitlisted", "rejected", "withdrawn"}
    letters = [key for _person, key, _state in expected["mails"] if key.startswith("application.decided")]
    assert len(letters) == 18  # of twenty one withdrew, and one closed the account


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize(
    "how", ["one is undecided", "one is looked at anew", "places are free", "more offers than places"]
)
def test_what_forbids_a_release_is_said_in_the_same_words(how, seed, small_chunks):
    mixed = MixedRound(seed)
    mixed.decide()
    mixed.spoil(how)

    expected = mixed.released_by(one_by_one.release_round)

    assert expected.keys() == {"refused"}
    assert mixed.released_by(actions.release_round) == expected


def test_a_decision_that_fits_no_more_is_refused_by_name_and_nothing_has_left(small_chunks):
    mixed = MixedRound(1)
    mixed.decide()
    last = mixed.round.applications.filter(state="eligible", decision__outcome="wait").order_by("pk").last()
    Application.objects.filter(pk=last.pk).update(state="ineligible")

    with pytest.raises(actions.Refused) as refused:
        actions.release_round(round=mixed.round, by=mixed.desk, now=NOW)

    assert str(refused.value) == f"What is prepared does not fit any more: {last.reference}. Decide anew."
    assert not Decision.objects.exclude(released_at=None).exists()
    assert not Notice.objects.filter(key__startswith="application.decided").exists()


def test_the_database_has_the_last_word_on_places(small_chunks, monkeypatch):
    """Places are counted before anything is written; the trigger refuses what the count did not see."""
    mixed = MixedRound(1)
    mixed.decide()
    monkeypatch.setattr(releasing, "_refuse_wrong_places", lambda *_: None)
    offered = Decision.objects.filter(outcome="offer").select_related("choice").last().choice.option
    Option.objects.filter(pk=offered.pk).update(places=1)
    for other in Choice.objects.filter(option=offered, application__state="eligible")[:2]:
        mixed.by_hand(other.application, "offer", other, "Both of them.")

    with pytest.raises(actions.Refused) as refused:
        actions.release_round(round=mixed.round, by=mixed.desk, now=NOW)

    assert str(refused.value) == "No place is left there."


@pytest.mark.parametrize("people", [10, 60])
def test_the_number_of_questions_does_not_grow_with_the_round(people, django_assert_num_queries):
    mixed = MixedRound(1, people)
    actions.propose_decisions(round=mixed.round, by=mixed.desk)

    with django_assert_num_queries(BEFORE_AND_AFTER + A_CHUNK):
        actions.release_round(round=mixed.round, by=mixed.desk, now=NOW)


def test_each_chunk_asks_the_same_number_of_questions(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(releasing, "CHUNK", 20)
    mixed = MixedRound(1, 60)
    actions.propose_decisions(round=mixed.round, by=mixed.desk)

    with django_assert_num_queries(BEFORE_AND_AFTER + 3 * A_CHUNK):
        actions.release_round(round=mixed.round, by=mixed.desk, now=NOW)
