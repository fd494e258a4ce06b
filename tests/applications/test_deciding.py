"""Checked, reviewed, decided, released: everybody ends with an outcome and a reason."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from applications import actions
from applications.models import Application, Decision, Review, Round
from members.models import Act, Mandate
from notifications.models import Notice
from tests.applications.stories import Story, results, states
from tests.factories.applications import ApplicationFactory, CriterionFactory, LetterTemplateFactory
from tests.factories.members import MandateFactory, UserFactory, person_as, student_of

pytestmark = pytest.mark.django_db


def finish(story, review, points, by=None):
    return actions.finish_review(
        review=review, points={story.criterion.pk: Decimal(points)}, comment="", feedback="",
        by=by or story.reviewer, now=story.now,
    )  # fmt: skip


def assign(story, application, reviewer=None):
    return actions.assign_review(application=application, reviewer=reviewer or story.reviewer, by=story.desk)


class TestChecking:
    def test_ineligible_prepares_the_no_with_its_reason(self):
        story = Story()
        application = story.submitted(0)

        actions.find_ineligible(application=application, reason="Too few credits.", by=story.desk, now=story.now)

        decision = Decision.objects.get(application=application)
        assert (decision.outcome, decision.reason, decision.released_at) == ("reject", "Too few credits.", None)
        assert not Notice.objects.filter(recipient=application.applicant, topic="applications").exclude(
            subject__startswith="We have"
        )

    def test_a_second_look_throws_the_prepared_no_away(self):
        story = Story()
        application = story.submitted(0)
        actions.find_ineligible(application=application, reason="Too few credits.", by=story.desk, now=story.now)

        actions.find_eligible(application=application, note="Counted again.", by=story.desk, now=story.now)

        assert not Decision.objects.filter(application=application).exists()

    @pytest.mark.parametrize(
        ("act", "words", "state"),
        [("find_eligible", {"note": ""}, "eligible"), ("find_ineligible", {"reason": "Too few."}, "ineligible")],
    )
    def test_what_was_asked_for_came_another_way(self, act, words, state):
        story = Story()
        application = story.submitted(0)
        actions.ask_more(application=application, what="Your transcript.", by=story.desk, now=story.now)

        getattr(actions, act)(application=application, by=story.desk, now=story.now, **words)

        assert (application.state, application.asked_for) == (state, "")
        told = Notice.objects.get(recipient=application.applicant, key__startswith="application.settled:")
        assert told.body == (
            f"You need to answer nothing more. Your application goes on; you hear from it when “{story.round.title}” "
            "is decided."
        )

    @pytest.mark.parametrize("act", ["find_ineligible", "ask_more"])
    def test_words_are_needed(self, act):
        story = Story()
        words = {"find_ineligible": "reason", "ask_more": "what"}[act]

        with pytest.raises(actions.Refused):
            getattr(actions, act)(application=story.submitted(0), by=story.desk, now=story.now, **{words: "  "})

    def test_nobody_outside_the_desk_checks(self):
        story = Story()
        application = story.submitted(0)

        for person in (application.applicant, person_as("exchange"), person_as("secretariat"), story.reviewer):
            with pytest.raises(actions.Refused):
                actions.find_eligible(application=application, note="", by=person, now=story.now)

    def test_a_deputy_acts_on_behalf_of_the_holder(self):
        story = Story()
        application = story.submitted(0)
        deputy = UserFactory()
        Mandate.objects.filter(person=story.desk).update(deputy=deputy)

        actions.find_eligible(application=application, note="", by=deputy, now=story.now)

        act = Act.objects.about(application).last()
        assert (act.actor, act.on_behalf_of) == (deputy, story.desk)

    def test_opening_a_file_is_for_the_secretariat_with_a_reason(self):
        application = ApplicationFactory(submitted=True)
        secretary = person_as("secretariat")
        assert not Application.objects.visible_to(secretary).exists()

        with pytest.raises(actions.Refused):
            actions.open_with_reason(application=application, reason="because", by=secretary)
        with pytest.raises(actions.Refused):
            actions.open_with_reason(application=application, reason="I am curious about it.", by=person_as("head"))
        access = actions.open_with_reason(application=application, reason="Asked by the student.", by=secretary)

        assert Application.objects.visible_to(secretary).get() == application
        access.at -= timedelta(hours=1)
        type(access).objects.filter(pk=access.pk).update(at=access.at)
        assert not Application.objects.visible_to(secretary).exists()


class TestReviewing:
    def test_only_reviewers_of_the_university_on_that_day(self):
        story = Story()
        application = story.eligible(0)
        ended = MandateFactory(role="reviewer", university=story.round.university, ended=True).person

        for person in (ended, person_as("reviewer"), story.desk):
            with pytest.raises(actions.Refused, match="is not a reviewer of"):
                assign(story, application, person)

    def test_conflicts_are_refused(self):
        story = Story()
        student = student_of(story.round.university)
        MandateFactory(person=student, role="reviewer", university=story.round.university)
        application = story.eligible(0, by=student)
        Application.objects.filter(pk=application.pk).update(referee=story.reviewer.email.upper())

        with pytest.raises(actions.Refused, match="Nobody reviews their own"):
            assign(story, application, student)
        with pytest.raises(actions.Refused, match="recommends this applicant"):
            assign(story, application)

    def test_twice_is_refused(self):
        story = Story()
        application = story.eligible(0)
        assign(story, application)

        with pytest.raises(actions.Refused, match="already asked"):
            assign(story, application)

    @pytest.mark.parametrize(
        ("points", "sentence"),
        [({}, "Give points for"), ("-1", "takes 0 to 100 points; you gave -1"), ("100.5", "you gave 100.5")],
    )
    def test_points_within_the_rubric(self, points, sentence):
        story = Story()
        review = assign(story, story.eligible(0))
        given = {story.criterion.pk: Decimal(points)} if points else {}

        with pytest.raises(actions.Refused, match=sentence):
            actions.finish_review(
                review=review, points=given, comment="", feedback="", by=story.reviewer, now=story.now
            )
        assert Review.objects.get(pk=review.pk).state == "assigned"

    def test_nobody_gives_points_for_another(self):
        story = Story()
        review = assign(story, story.eligible(0))

        with pytest.raises(actions.Refused):
            finish(story, review, "50", by=person_as("reviewer", story.round.university))

    def test_the_score_is_the_mean_of_the_finished_reviews(self):
        story = Story()
        application = story.eligible(0)
        CriterionFactory(round=story.round, max_points=10)
        others = [person_as("reviewer", story.round.university) for _ in range(2)]
        for person, points in zip([story.reviewer, *others], (("80", "5"), ("70", "8"), None), strict=True):
            review = assign(story, application, person)
            if points:
                given = dict(zip(story.round.criteria.values_list("pk", flat=True), map(Decimal, points), strict=True))
                actions.finish_review(review=review, points=given, comment="", feedback="", by=person, now=story.now)

        assert Application.objects.with_score().get(pk=application.pk).score == Decimal("81.5")

    def test_a_reopened_review_is_scored_anew(self):
        story = Story()
        application = story.scored("80", 0)
        review = application.reviews.get()

        actions.reopen_review(review=review, by=story.desk)
        finish(story, review, "60")

        assert Application.objects.with_score().get(pk=application.pk).score == 60

    def test_stepping_back(self):
        story = Story()
        application = story.eligible(0)
        review = assign(story, application)

        actions.recuse(review=review, reason="I know her family.", by=story.reviewer)

        assert not Application.objects.visible_to(story.reviewer).exists()
        with pytest.raises(actions.Refused):
            finish(story, review, "50")

    @pytest.mark.parametrize("state", ["draft", "ineligible", "offered", "withdrawn"])
    def test_what_is_not_to_be_reviewed_is_given_to_nobody(self, state):
        story = Story()
        application = story.submitted(0)
        fields = {"state": state, "answer_by": story.now}
        Application.objects.filter(pk=application.pk).update(**fields)

        with pytest.raises(actions.Refused, match="is not being reviewed"):
            assign(story, application)

    def test_points_come_too_late_for_what_was_taken_back(self):
        story = Story()
        application = story.eligible(0)
        review = assign(story, application)
        actions.withdraw(application=application, reason="", by=application.applicant, now=story.now)

        with pytest.raises(actions.Refused, match="not being reviewed any more"):
            finish(story, review, "90")
        with pytest.raises(actions.Refused, match="not being reviewed any more"):
            actions.reopen_review(review=review, by=story.desk)

    def test_only_what_was_finished_is_reopened_and_only_what_is_open_left(self):
        story = Story()
        review = assign(story, story.eligible(0))

        with pytest.raises(actions.Refused, match="Only a finished review"):
            actions.reopen_review(review=review, by=story.desk)
        finish(story, review, "90")
        with pytest.raises(actions.Refused, match="not open any more"):
            finish(story, review, "80")
        with pytest.raises(actions.Refused, match="not open any more"):
            actions.recuse(review=review, reason="I know her.", by=story.reviewer)

        assert review.scores.get().points == 90

    def test_other_reviews_are_seen_only_after_the_own_one(self):
        story = Story()
        application = story.eligible(0)
        second = person_as("reviewer", story.round.university)
        mine, theirs = assign(story, application), assign(story, application, second)

        finish(story, theirs, "50", by=second)
        before = story.reviewer.has_perm("applications.see_reviews", application)
        finish(story, mine, "70")

        assert (before, story.reviewer.has_perm("applications.see_reviews", application)) == (False, True)
        assert not application.applicant.has_perm("applications.see_reviews", application)

    def test_assign_evenly(self):
        story = Story()
        people = [person_as("reviewer", story.round.university) for _ in range(3)]
        applications = [story.eligible(0) for _ in range(4)]

        made = actions.assign_evenly(round=story.round, reviewers=people, per_application=2, by=story.desk)
        again = actions.assign_evenly(round=story.round, reviewers=people, per_application=2, by=story.desk)

        assert (made, again) == (8, 0)
        assert [a.reviews.count() for a in applications] == [2] * 4
        assert sorted(person.reviews.count() for person in people) == [2, 3, 3]

    def test_assign_evenly_says_when_reviewers_are_too_few(self):
        story = Story()
        application = story.eligible(0)

        with pytest.raises(actions.Refused, match=f"without a conflict for {application.reference}"):
            actions.assign_evenly(round=story.round, reviewers=[story.reviewer], per_application=2, by=story.desk)
        assert not Review.objects.exists()


class TestProposing:
    def test_by_score_and_rank_with_the_numbers(self):
        story = Story(places=(1, 1))
        low, high = story.scored("84", 0, 1), story.scored("87.5", 0, 1)

        story.propose()

        first, second = (Decision.objects.get(application=a) for a in (high, low))
        assert (first.outcome, first.choice.rank, first.reason) == ("offer", 1, "1st of 2 by score (87.5).")
        assert (second.outcome, second.choice.rank, second.reason) == ("offer", 2, "2nd of 2 by score (84.0).")

    def test_those_without_a_place_wait_with_the_reason_of_their_first_choice(self):
        story = Story(places=(1,))
        story.scored("87.5", 0)
        waiting = story.scored("84", 0)

        story.propose()

        decision = Decision.objects.get(application=waiting)
        assert (decision.outcome, decision.reason) == (
            "wait", "The place went to a score of 87.5; yours is 84.0.",
        )  # fmt: skip

    def test_what_was_prepared_by_hand_stays_and_its_place_counts(self):
        story = Story(places=(1,))
        high, low = story.scored("90", 0), story.scored("60", 0)
        story.close()
        actions.prepare_decision(
            application=low, outcome="offer", choice=low.choices.get(), reason="Needs it for the thesis.", by=story.desk
        )

        actions.propose_decisions(round=story.round, by=story.desk)

        assert Decision.objects.get(application=low).reason == "Needs it for the thesis."
        assert Decision.objects.get(application=high).outcome == "wait"
        assert Decision.objects.get(application=high).reason == "The office gave the places to other applicants."

    def test_an_edited_letter_is_kept_by_the_next_proposal(self):
        story = Story(places=(1,))
        application = story.scored("90", 0)
        story.propose()
        decision = Decision.objects.get(application=application)
        actions.edit_letter(decision=decision, subject="Welcome", letter="Dear Elina", by=story.desk)

        actions.propose_decisions(round=story.round, by=story.desk)

        assert Decision.objects.get(pk=decision.pk).letter == "Dear Elina"

    def test_refused_while_open_or_unchecked_or_without_points(self):
        story = Story()
        unchecked = story.submitted(0)
        with pytest.raises(actions.Refused, match="after the round has closed"):
            actions.propose_decisions(round=story.round, by=story.desk)
        story.close()
        with pytest.raises(actions.Refused, match=f"Check these applications first: {unchecked.reference}"):
            actions.propose_decisions(round=story.round, by=story.desk)
        actions.find_eligible(application=unchecked, note="", by=story.desk, now=story.now)

        with pytest.raises(actions.Refused, match=f"no finished review: {unchecked.reference}"):
            actions.propose_decisions(round=story.round, by=story.desk)

    def test_without_a_rubric_the_earlier_submission_counts(self):
        story = Story(places=(1,))
        story.criterion.delete()
        first, second = story.eligible(0), story.eligible(0)

        story.propose()

        assert Decision.objects.get(application=first).reason == "1st of 2 by the time of submission."
        assert Decision.objects.get(application=second).reason == "The place went to applications ranked before yours."

    @pytest.mark.parametrize(
        ("outcome", "state", "sentence"),
        [
            ("offer", "ineligible", "find it eligible first"),
            ("wait", "ineligible", "find it eligible first"),
            ("offer", "eligible", "Choose the place"),
            ("reject", "submitted", "Only an application that was checked"),
        ],
    )
    def test_wrong_decisions_by_hand(self, outcome, state, sentence):
        story = Story()
        application = story.submitted(0)
        story.close()
        Application.objects.filter(pk=application.pk).update(state=state)

        with pytest.raises(actions.Refused, match=sentence):
            actions.prepare_decision(
                application=application, outcome=outcome, choice=None, reason="Because.", by=story.desk
            )

    def test_a_place_that_was_taken_back_is_not_offered_by_hand(self):
        story = Story(places=(1, 1))
        application = story.scored("90", 0, 1)
        story.close()
        story.round.options.remove(story.options[0])

        with pytest.raises(actions.Refused, match="taken this place back"):
            actions.prepare_decision(
                application=application, outcome="offer", choice=application.choices.get(rank=1), reason="Yes.",
                by=story.desk,
            )  # fmt: skip


class TestReleasing:
    def test_a_place_that_was_taken_back_meanwhile_keeps_the_round_from_leaving(self):
        story = Story(places=(1,))
        application = story.scored("90", 0)
        story.propose()
        story.round.options.remove(story.options[0])

        with pytest.raises(actions.Refused, match=f"taken back the place of: {application.reference}"):
            actions.release_round(round=story.round, by=story.desk, now=story.now)

        application.refresh_from_db()
        assert application.state == "eligible"

    def test_nobody_waits_for_a_place_that_was_taken_back(self):
        story = Story(places=(1, 1))
        story.scored("90", 1)
        application = story.scored("80", 0, 1)
        story.round.options.remove(story.options[0])

        story.release()

        assert results(application) == [
            ("not_offered", "The host has taken this place back."),
            ("waiting", "The place went to a score of 90.0; yours is 80.0."),
        ]

    def test_an_offer_ends_with_the_day_where_midnight_comes_twice(self):
        story = Story(time_zone="Asia/Beirut")
        application = story.scored("90", 0)
        story.propose()
        released = datetime(2027, 10, 30, 12, tzinfo=UTC) - timedelta(days=story.round.answer_days)

        actions.release_round(round=story.round, by=story.desk, now=released)

        application.refresh_from_db()
        assert application.answer_by == datetime(2027, 10, 30, 21, 59, 59, tzinfo=UTC)

    def test_everybody_ends_with_an_outcome_and_a_reason(self):
        story = Story(places=(1, 1))
        best, second, third = story.scored("90", 0, 1), story.scored("80", 0, 1), story.scored("70", 0, 1)
        ineligible, withdrawn, draft = story.submitted(0), story.submitted(1), story.draft(0)
        actions.find_ineligible(application=ineligible, reason="Too few credits.", by=story.desk, now=story.now)
        actions.withdraw(application=withdrawn, reason="", by=withdrawn.applicant, now=story.now)

        story.release()

        assert states(best, second, third, ineligible, withdrawn, draft) == [
            "offered", "offered", "waitlisted", "rejected", "withdrawn", "lapsed",
        ]  # fmt: skip
        assert results(best) == [
            ("offered", "1st of 3 by score (90.0)."),
            ("not_needed", "You were placed at a higher choice."),
        ]
        assert results(second) == [
            ("not_offered", "The place went to a score of 90.0; yours is 80.0."),
            ("offered", "2nd of 3 by score (80.0)."),
        ]
        assert results(third) == [
            ("waiting", "The place went to a score of 90.0; yours is 70.0."),
            ("waiting", "The place went to a score of 80.0; yours is 70.0."),
        ]
        assert results(ineligible) == [("not_offered", "Too few credits.")]

    def test_undecided_applications_are_named(self):
        story = Story()
        story.scored("90", 0)
        late = story.submitted(0)
        story.close()

        with pytest.raises(actions.Refused, match=late.reference):
            actions.release_round(round=story.round, by=story.desk, now=story.now)
        assert Round.objects.get(pk=story.round.pk).state == "closed"

    def test_release_twice_is_refused(self):
        story = Story()
        story.scored("90", 0)
        story.release()

        with pytest.raises(actions.Refused):
            actions.release_round(round=story.round, by=story.desk, now=story.now)

    def test_letters_are_frozen_and_sent_once(self):
        story = Story(places=(1,))
        LetterTemplateFactory(round=story.round)
        application = story.scored("90", 0)
        story.release()
        decision = Decision.objects.get(application=application)

        with pytest.raises(actions.Refused, match="has left already"):
            actions.edit_letter(decision=decision, subject="Other", letter="Other", by=story.desk)

        assert "{" not in decision.letter
        assert Notice.objects.get(recipient=application.applicant, subject=decision.subject).body == decision.letter

    def test_the_answer_is_due_at_the_end_of_the_day_in_the_rounds_zone(self):
        story = Story(places=(1,), time_zone="America/Toronto", answer_days=7)
        application = story.scored("90", 0)
        story.propose()

        actions.release_round(round=story.round, by=story.desk, now=datetime(2027, 5, 2, 2, tzinfo=UTC))

        application.refresh_from_db()  # in Toronto it was still the first of May
        assert application.answer_by == datetime(2027, 5, 9, 3, 59, 59, tzinfo=UTC)

    def test_more_offers_than_places_are_refused(self):
        story = Story(places=(1,))
        one, two = story.scored("90", 0), story.scored("80", 0)
        story.close()
        for application in (one, two):
            actions.prepare_decision(
                application=application, outcome="offer", choice=application.choices.get(), reason="Yes.", by=story.desk
            )

        with pytest.raises(actions.Refused, match="More offers than places"):
            actions.release_round(round=story.round, by=story.desk, now=story.now)
        assert states(one, two) == ["eligible", "eligible"]

    def test_nobody_waits_before_a_free_place(self):
        story = Story(places=(1,))
        one, two = story.scored("90", 0), story.scored("80", 0)
        story.propose()
        actions.prepare_decision(application=one, outcome="reject", choice=None, reason="Failed.", by=story.desk)

        with pytest.raises(actions.Refused, match=f"A place is free for those on the waiting list: {two.reference}"):
            actions.release_round(round=story.round, by=story.desk, now=story.now)
        actions.propose_decisions(round=story.round, by=story.desk)
        actions.release_round(round=story.round, by=story.desk, now=story.now)

        assert states(one, two) == ["rejected", "offered"]

    def test_a_place_shared_by_two_rounds_is_given_once(self):
        story = Story(places=(1,))
        other = Story(places=())
        other.options = story.options
        other.round.options.add(story.options[0])
        one, two = story.scored("90", 0), other.scored("95", 0)
        story.propose()
        other.propose()

        actions.release_round(round=story.round, by=story.desk, now=story.now)
        with pytest.raises(actions.Refused, match="More offers than places"):
            actions.release_round(round=other.round, by=other.desk, now=other.now)

        assert states(one, two) == ["offered", "eligible"]


class TestAnswering:
    def test_accepting(self):
        story = Story(places=(1,))
        application = story.scored("90", 0)
        story.release()
        application.refresh_from_db()

        actions.accept_offer(application=application, by=application.applicant, now=application.answer_by)

        assert (states(application), results(application)[0][0]) == (["accepted"], "accepted")

    def test_declining_moves_the_next_up_with_letter_and_own_last_day(self):
        story = Story(places=(1, 1), answer_days=7)
        first, second, third = (story.scored(score, 0) for score in ("90", "80", "70"))
        story.release()
        later = story.now + timedelta(days=3)

        actions.decline_offer(application=first, reason="Another plan.", by=first.applicant, now=later)

        assert states(first, second, third) == ["declined", "offered", "waitlisted"]
        second.refresh_from_db()
        first.refresh_from_db()
        assert second.answer_by == first.answer_by + timedelta(days=3)
        assert Notice.objects.filter(recipient=second.applicant, subject__startswith="A place for you").count() == 1

    def test_a_place_from_the_list_ends_the_wait_for_the_others(self):
        story = Story(places=(1, 1))
        first, second, waiting = story.scored("90", 0), story.scored("80", 1), story.scored("70", 0, 1)
        story.release()

        actions.decline_offer(application=second, reason="", by=second.applicant, now=story.now)
        actions.decline_offer(application=first, reason="", by=first.applicant, now=story.now)

        assert [state for state, _why in results(waiting)] == ["not_needed", "offered"]

    def test_too_late_and_twice(self):
        story = Story(places=(1,))
        application = story.scored("90", 0)
        story.release()
        application.refresh_from_db()
        late = application.answer_by + timedelta(microseconds=1)

        with pytest.raises(actions.Refused, match="The offer was open until"):
            actions.accept_offer(application=application, by=application.applicant, now=late)
        actions.accept_offer(application=application, by=application.applicant, now=story.now)
        with pytest.raises(actions.Refused):
            actions.decline_offer(application=application, reason="", by=application.applicant, now=story.now)

    def test_nobody_answers_for_another(self):
        story = Story(places=(1,))
        application = story.scored("90", 0)
        story.release()

        for person in (story.desk, student_of(story.round.university), person_as("secretariat")):
            with pytest.raises(actions.Refused):
                actions.accept_offer(application=application, by=person, now=story.now)

    def test_expiring_needs_the_last_moment_to_have_passed(self):
        story = Story(places=(1,))
        first, second = story.scored("90", 0), story.scored("80", 0)
        story.release()
        first.refresh_from_db()

        with pytest.raises(actions.Refused, match="can still be answered"):
            actions.expire_offer(application=first, now=first.answer_by)
        actions.expire_offer(application=first, now=first.answer_by + timedelta(seconds=1))

        assert states(first, second) == ["expired", "offered"]


class TestRounds:
    def test_closing_early_moves_the_end_and_lapses_drafts(self):
        story = Story()
        draft = story.draft(0)

        story.close()

        story.round.refresh_from_db()
        assert (story.round.closes_at, states(draft)) == (story.now, ["lapsed"])
        assert Notice.objects.filter(recipient=draft.applicant, subject__contains="closed without your").exists()

    def test_reopening_revives_the_drafts(self):
        story = Story()
        draft = story.draft(0)
        story.close()
        until = story.now + timedelta(days=2)

        actions.reopen_round(
            round=story.round, closes_at=until, reason="The portal was away.", by=story.desk, now=story.now
        )
        actions.submit(application=draft, by=draft.applicant, now=until - timedelta(seconds=1))

        assert states(draft) == ["submitted"]
        assert Act.objects.about(story.round).last().kind == "round.reopened"

    @pytest.mark.parametrize(
        ("hours", "reason", "sentence"), [(-1, "Asked.", "must lie in the future"), (1, " ", "Say why")]
    )
    def test_reopening_needs_a_time_and_a_reason(self, hours, reason, sentence):
        story = Story()
        story.close()

        with pytest.raises(actions.Refused, match=sentence):
            actions.reopen_round(
                round=story.round, closes_at=story.now + timedelta(hours=hours), reason=reason,
                by=story.desk, now=story.now,
            )  # fmt: skip

    def test_archiving_ends_the_waiting_list_but_not_an_open_offer(self):
        story = Story(places=(1,))
        first, second = story.scored("90", 0), story.scored("80", 0)
        story.release()
        with pytest.raises(actions.Refused, match="still wait for an answer"):
            actions.archive_round(round=story.round, by=story.desk, now=story.now)
        actions.accept_offer(application=first, by=first.applicant, now=story.now)
        with pytest.raises(actions.Refused, match="Applicants may appeal until"):
            actions.archive_round(round=story.round, by=story.desk, now=story.now)

        actions.archive_round(round=story.round, by=story.desk, now=story.now + timedelta(days=10))

        assert states(first, second) == ["accepted", "rejected"]
        assert results(second) == [("not_offered", "The round has ended and no place came free.")]

    def test_a_round_that_would_close_in_the_past_is_not_published(self):
        story = Story()
        Round.objects.filter(pk=story.round.pk).update(state="draft", closes_at=story.now - timedelta(seconds=1))

        with pytest.raises(actions.Refused, match="would close in the past"):
            actions.publish_round(round=story.round, by=story.desk)

    def test_the_clock_closes_at_the_announced_second_and_not_before(self):
        story = Story()
        end = story.round.closes_at

        with pytest.raises(actions.Refused, match="The round is still open"):
            actions.close_round(round=story.round, by=None, now=end - timedelta(seconds=1))
        actions.close_round(round=story.round, by=None, now=end)

        assert (story.round.state, story.round.closes_at) == ("closed", end)

    def test_nobody_closes_a_round_that_has_not_opened(self):
        story = Story()

        with pytest.raises(actions.Refused, match="has not opened yet"):
            actions.close_round(round=story.round, by=story.desk, now=story.round.opens_at)

    def test_an_open_round_is_not_opened_again(self):
        story = Story()
        later = {"closes_at": story.now + timedelta(days=90), "reason": "More time.", "now": story.now}

        with pytest.raises(actions.Refused, match="moved on meanwhile"):
            actions.reopen_round(round=story.round, by=story.desk, **later)

    def test_a_deputy_closes_the_round_on_behalf_of_the_holder(self):
        story = Story()
        mandate = MandateFactory(university=story.round.university, with_deputy=True)

        actions.close_round(round=story.round, by=mandate.deputy, now=story.now)

        act = Act.objects.about(story.round).get()
        assert (act.kind, act.actor, act.on_behalf_of) == ("round.closed", mandate.deputy, mandate.person)

    def test_a_round_without_options_is_not_published(self):
        story = Story(places=())
        Round.objects.filter(pk=story.round.pk).update(state="draft")

        with pytest.raises(actions.Refused, match="Add at least one place"):
            actions.publish_round(round=story.round, by=story.desk)
