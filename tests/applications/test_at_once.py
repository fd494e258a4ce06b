"""Several people at the same moment, each on a connection of their own: the last place, the last second."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from applications import actions
from applications.actions import applying, preparing, proposing, releasing, reviewing, waiting
from applications.models import (
    Appeal,
    Application,
    Choice,
    Criterion,
    Decision,
    DocumentSlot,
    Option,
    Review,
    Round,
    Score,
)
from tests.applications.files import pdf, upload
from tests.applications.stories import Story, refused_in, states
from tests.factories.applications import DocumentSlotFactory
from tests.factories.members import student_of

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """Run every act in a thread of its own, all let go together; "done" or the sentence of the refusal, in order."""
    gate, outcomes = threading.Barrier(len(acts)), [None] * len(acts)

    def run(index, act):
        try:
            gate.wait(20)
            act()
            outcomes[index] = "done"
        except actions.Refused as refused:
            outcomes[index] = str(refused)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


class InBetween:
    """Lets `act` begin on a connection of its own when `name` of `module` is called for the first time, and goes on as
    soon as the act is done, or waits for ours; `outcome()` says how it ended.
    """

    def __init__(self, monkeypatch, module, name, act):
        self.act, self.thread, self.found = act, None, []
        original = getattr(module, name)

        def first_let_begin(*args, **kwargs):
            answer = original(*args, **kwargs)
            if self.thread is None:
                self.thread = threading.Thread(target=lambda: self.found.extend(at_once(self.act)))
                self.thread.start()
                self.thread.join(1)
            return answer

        monkeypatch.setattr(module, name, first_let_begin)

    def outcome(self):
        self.thread.join(60)
        return self.found[0]


def fresh(application):
    """The same application as another process reads it."""
    return Application.objects.select_related("round__university", "applicant").get(pk=application.pk)


def released(story):
    """The release as another process asks for it."""
    return actions.release_round(round=Round.objects.get(pk=story.round.pk), by=story.desk, now=story.now)


def held(option):
    return Choice.objects.holding_a_place().filter(option=option).count()


def test_two_rounds_release_the_last_place_at_once():
    story, other = Story(places=(1,)), Story(places=())
    other.options = story.options
    other.round.options.add(story.options[0])
    one, two = story.scored("90", 0), other.scored("95", 0)
    for told in (story, other):
        told.propose()

    outcomes = at_once(
        lambda: actions.release_round(round=story.round, by=story.desk, now=story.now),
        lambda: actions.release_round(round=other.round, by=other.desk, now=other.now),
    )

    refused, done = sorted(outcomes)
    assert done == "done"
    assert refused.startswith("More offers than places")
    assert sorted(states(one, two)) == ["eligible", "offered"]


def test_a_round_is_released_twice_at_once():
    story = Story(places=(1,))
    one, two = story.scored("90", 0), story.scored("80", 0)
    story.propose()

    outcomes = at_once(*[lambda: released(story)] * 3)

    again = "Only a round that has closed and is not released yet can be released."
    assert sorted(outcomes) == sorted(["done", again, again])
    assert states(one, two) == ["offered", "waitlisted"]
    assert [
        each.notices.filter(key__startswith="application.decided").count() for each in (one.applicant, two.applicant)
    ] == [1, 1]


@pytest.mark.parametrize("attempt", range(3))
def test_students_withdraw_while_their_round_is_released(attempt, monkeypatch):
    """Either the release comes first, and the place that comes free moves up; or the desk has to propose anew."""
    monkeypatch.setattr(releasing, "CHUNK", 2)
    story = Story(places=(2,))
    first, second, third, fourth = (story.scored(str(90 - n), 0) for n in range(4))
    story.propose()

    outcomes = at_once(
        lambda: released(story),
        lambda: actions.withdraw(application=fresh(first), reason="", by=first.applicant, now=story.now),
        lambda: actions.withdraw(application=fresh(fourth), reason="", by=fourth.applicant, now=story.now),
    )

    assert outcomes[1:] == ["done", "done"]
    if outcomes[0] == "done":
        assert states(first, second, third, fourth) == ["withdrawn", "offered", "offered", "withdrawn"]
    else:
        assert outcomes[0].startswith(f"A place is free for those on the waiting list: {third.reference}")
        assert states(first, second, third, fourth) == ["withdrawn", "eligible", "eligible", "withdrawn"]
    assert held(story.options[0]) == (2 if outcomes[0] == "done" else 0)


@pytest.mark.parametrize("attempt", range(3))
def test_a_letter_is_changed_while_it_leaves(attempt):
    """Changed before it leaves, or refused because it has left; never kept in the portal and not in the mail."""
    story = Story(places=(1,))
    application = story.scored("90", 0)
    story.propose()
    prepared = Decision.objects.select_related("application__round__university").get()

    outcomes = at_once(
        lambda: released(story),
        lambda: actions.edit_letter(decision=prepared, subject="Welcome", letter="In our words.", by=story.desk),
    )

    assert outcomes[0] == "done"
    left = Decision.objects.get()
    assert (left.letter == "In our words.") == (outcomes[1] == "done")
    assert application.applicant.notices.get(key__startswith="application.decided").body == left.letter


def test_six_decline_at_once_and_their_places_go_to_six_who_wait():
    story = Story(places=(6,))
    lucky = [story.scored(str(90 - n), 0) for n in range(6)]
    waiting = [story.scored(str(50 - n), 0) for n in range(8)]
    story.release()

    outcomes = at_once(
        *[
            lambda a=a: actions.decline_offer(application=fresh(a), reason="", by=a.applicant, now=story.now)
            for a in lucky
        ]
    )

    assert outcomes == ["done"] * 6
    assert held(story.options[0]) == 6
    assert states(*waiting) == ["offered"] * 6 + ["waitlisted"] * 2


def test_moving_up_many_times_at_once_gives_each_place_once():
    story = Story(places=(1,))
    lucky, *waiting = [story.scored(str(90 - n), 0) for n in range(4)]
    story.release()
    Choice.objects.filter(application=lucky).update(state="declined")
    Application.objects.filter(pk=lucky.pk).update(state="declined")

    at_once(*[lambda: actions.move_up_waiting(option=story.options[0], now=story.now)] * 5)

    assert states(*waiting) == ["offered", "waitlisted", "waitlisted"]


def test_accepting_in_the_second_in_which_the_offer_expires():
    story = Story(places=(1,))
    first, second = story.scored("90", 0), story.scored("80", 0)
    story.release()
    last_moment = fresh(first).answer_by

    outcomes = at_once(
        lambda: actions.accept_offer(application=fresh(first), by=first.applicant, now=last_moment),
        lambda: actions.expire_offer(application=fresh(first), now=last_moment + timedelta(microseconds=1)),
    )

    assert outcomes.count("done") == 1
    assert states(first, second) in (["accepted", "waitlisted"], ["expired", "offered"])
    assert held(story.options[0]) == 1


def test_the_line_moves_up_while_its_round_is_put_away(monkeypatch):
    """The line goes by score, the archive by key: neither waits for the other with something in its hands."""
    story = Story(places=(1,), appeal_days=0)
    first, behind, ahead = (story.scored(score, 0) for score in ("90", "70", "80"))
    story.release()
    actions.accept_offer(application=fresh(first), by=first.applicant, now=story.now)
    Option.objects.filter(pk=story.options[0].pk).update(places=3)
    archive = InBetween(
        monkeypatch, waiting, "_offer",
        lambda: actions.archive_round(round=Round.objects.get(), by=story.desk, now=story.now),
    )  # fmt: skip

    actions.move_up_waiting(option=story.options[0], now=story.now)

    assert archive.outcome() == "This application has moved on meanwhile. Look at it again before you go on."
    assert states(behind, ahead) == ["offered", "offered"]


def test_an_application_is_found_not_eligible_while_decisions_are_proposed(monkeypatch):
    """The office's "no" is not written over by an offer that was made without it."""
    story = Story(places=(1,))
    application = story.scored("90", 0)
    story.close()
    refusal = InBetween(
        monkeypatch, proposing, "allocate",
        lambda: actions.find_ineligible(
            application=fresh(application), reason="26 credits, 60 are asked.", by=story.desk, now=story.now
        ),
    )  # fmt: skip

    actions.propose_decisions(round=story.round, by=story.desk)

    assert refusal.outcome() == "done"
    decision = Decision.objects.get()
    assert (states(application), decision.outcome, decision.by_hand) == (["ineligible"], "reject", True)


def test_the_rubric_changes_while_points_are_given(monkeypatch):
    """The points come first, and the rubric stays; not a criterion that is gone when they are written."""
    story = Story()
    application = story.eligible(0)
    review = actions.assign_review(application=application, reviewer=story.reviewer, by=story.desk)
    change = InBetween(
        monkeypatch, reviewing, "_refuse_wrong_points",
        lambda: preparing.set_criteria(
            round=Round.objects.get(), rows=[Criterion(name="Motivation", max_points=40)], by=story.desk
        ),
    )  # fmt: skip

    actions.finish_review(
        review=Review.objects.select_related("application__round").get(), points={story.criterion.pk: 80}, comment="",
        feedback="", by=story.reviewer, now=story.now,
    )  # fmt: skip

    assert change.outcome() == "Reviewers have given points by this rubric; it stays."
    assert Score.objects.get(review=review).criterion == story.criterion


def test_submitting_twice_at_once():
    story = Story()
    application = story.draft(0)

    outcomes = at_once(
        *[lambda: actions.submit(application=fresh(application), by=application.applicant, now=story.now)] * 3
    )

    assert outcomes.count("done") == 1
    assert application.applicant.notices.count() == 1


def test_submitting_while_the_round_closes():
    story = Story()
    application = story.draft(0)
    end = story.round.closes_at
    last_moment = end - timedelta(microseconds=1)

    outcomes = at_once(
        lambda: actions.submit(application=fresh(application), by=application.applicant, now=last_moment),
        lambda: actions.close_round(round=Round.objects.get(), by=None, now=end),
    )

    assert outcomes[1] == "done"
    assert states(application) == (["submitted"] if outcomes[0] == "done" else ["lapsed"])


def test_starting_twice_at_once():
    story = Story()
    student = student_of(story.round.university)

    outcomes = at_once(*[lambda: actions.start(round=Round.objects.get(), by=student, now=story.now)] * 3)

    assert sorted(outcomes) == ["You already have an application in this round."] * 2 + ["done"]
    assert Application.objects.filter(applicant=student).count() == 1


def test_withdrawing_while_being_moved_up():
    story = Story(places=(1,))
    first, second, third = (story.scored(score, 0) for score in ("90", "80", "70"))
    story.release()

    outcomes = at_once(
        lambda: actions.decline_offer(application=fresh(first), reason="", by=first.applicant, now=story.now),
        lambda: actions.withdraw(application=fresh(second), reason="", by=second.applicant, now=story.now),
    )

    assert outcomes == ["done", "done"]
    assert states(first, second, third) == ["declined", "withdrawn", "offered"]


def test_withdrawing_a_place_that_is_offered_in_between(monkeypatch):
    """The place arrives after the withdrawal has looked which options it has to hold, and before it holds them."""
    story = Story(places=(1,))
    first, second, third = (story.scored(score, 0) for score in ("90", "80", "70"))
    story.release()
    hold_options = applying.hold_options

    def move_up_in_between(pks):
        found = list(pks)
        at_once(lambda: actions.decline_offer(application=fresh(first), reason="", by=first.applicant, now=story.now))
        return hold_options(found)

    monkeypatch.setattr(applying, "hold_options", move_up_in_between)

    actions.withdraw(application=fresh(second), reason="", by=second.applicant, now=story.now)

    assert states(first, second, third) == ["declined", "withdrawn", "offered"]


def test_the_same_file_twice_at_once_is_kept_once():
    slot = DocumentSlotFactory()
    content = pdf()

    outcomes = at_once(
        *[
            lambda: actions.put_document(
                slot=DocumentSlot.objects.get(pk=slot.pk), upload=upload(content), by=slot.application.applicant
            )
        ]
        * 3
    )

    assert outcomes == ["done"] * 3
    assert slot.files.count() == 1


def test_nobody_waits_for_each_other_forever():
    """Acts on two options from both ends: the order of locks is the same for all."""
    story = Story(places=(2, 2))
    applications = [story.scored(str(90 - n), *((0, 1) if n % 2 else (1, 0))) for n in range(8)]
    story.release()

    outcomes = at_once(
        *[lambda a=a: actions.withdraw(application=fresh(a), reason="", by=a.applicant, now=story.now)
          for a in applications[:6]],
        *[lambda o=o: actions.move_up_waiting(option=o, now=story.now) for o in story.options],
    )  # fmt: skip

    assert outcomes == ["done"] * 8
    assert states(*applications[6:]) == ["offered", "offered"]


def appealed(application, story):
    return actions.file_appeal(
        application=application, grounds="You counted 26 credits, I have 62.", files=(), by=application.applicant,
        now=story.now,
    )  # fmt: skip


def upheld(appeal, story, remedy="place"):
    """The answer as another process gives it."""
    again = Appeal.objects.select_related("application__round__university").get(pk=appeal.pk)
    choice = again.application.choices.select_related("option__host").first()
    return actions.uphold_appeal(
        appeal=again, remedy=remedy, choice=choice, reasons="62 it is.", by=story.judge, now=story.now
    )


def dismissed(appeal, story):
    again = Appeal.objects.select_related("application__round__university").get(pk=appeal.pk)
    return actions.dismiss_appeal(appeal=again, reasons="26 it is.", by=story.judge, now=story.now)


def test_an_upheld_appeal_and_the_waiting_list_race_for_the_last_place():
    story = Story(places=(1,))
    first, waiting = story.scored("90", 0), story.scored("80", 0)
    [refused] = refused_in(story)
    appeal = appealed(refused, story)
    Option.objects.filter(pk=story.options[0].pk).update(places=2)

    outcomes = at_once(
        lambda: upheld(appeal, story), lambda: actions.move_up_waiting(option=story.options[0], now=story.now)
    )

    assert outcomes[1] == "done"
    assert held(story.options[0]) == 2
    given = ["waitlisted", "offered"] if outcomes[0] == "done" else ["offered", "rejected"]
    assert states(first, waiting, refused) == ["offered", *given]
    assert Appeal.objects.get().state == ("upheld" if outcomes[0] == "done" else "filed")


def test_two_appeals_are_upheld_at_once_for_the_last_place():
    story = Story(places=(1,))
    first = story.scored("90", 0)
    refused = refused_in(story, count=2)
    filed = [appealed(application, story) for application in refused]
    actions.decline_offer(application=fresh(first), reason="", by=first.applicant, now=story.now)

    outcomes = at_once(*[lambda appeal=appeal: upheld(appeal, story) for appeal in filed])

    refusal, done = sorted(outcomes)
    assert (refusal[:22], done) == ("No place is left there", "done")
    assert sorted(states(*refused)) == ["offered", "rejected"]


def test_an_appeal_is_upheld_dismissed_and_taken_back_at_once():
    story = Story(places=(1,))
    story.scored("90", 0)
    [refused] = refused_in(story)
    appeal = appealed(refused, story)

    outcomes = at_once(
        lambda: upheld(appeal, story, "wait"),
        lambda: dismissed(appeal, story),
        lambda: actions.withdraw_appeal(
            appeal=Appeal.objects.select_related("application__round__university").get(), by=refused.applicant,
            now=story.now,
        ),
    )  # fmt: skip

    assert outcomes.count("done") == 1
    state = ("upheld", "dismissed", "withdrawn")[outcomes.index("done")]
    assert (Appeal.objects.get().state, states(refused)) == (
        state, ["waitlisted" if state == "upheld" else "rejected"],
    )  # fmt: skip


def test_an_appeal_is_filed_twice_at_once():
    story = Story(places=(1,))
    story.scored("90", 0)
    [refused] = refused_in(story)

    outcomes = at_once(*[lambda: appealed(fresh(refused), story)] * 3)

    assert sorted(outcomes) == ["You have appealed this decision already."] * 2 + ["done"]


def test_an_appeal_in_the_last_second_and_the_archive():
    story = Story(places=(1,))
    lucky = story.scored("90", 0)
    [refused] = refused_in(story)
    actions.accept_offer(application=fresh(lucky), by=lucky.applicant, now=story.now)
    story.now = Decision.objects.get(application=refused).appeal_by

    outcomes = at_once(
        lambda: appealed(fresh(refused), story),
        lambda: actions.archive_round(
            round=Round.objects.get(), by=story.desk, now=story.now + timedelta(microseconds=1)
        ),
    )

    assert outcomes.count("done") == 1
    assert Appeal.objects.count() == (1 if outcomes[0] == "done" else 0)
