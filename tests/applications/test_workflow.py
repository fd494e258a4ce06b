"""No sequence of acts by anybody oversells a place, loses a document, or leaves an application without a next step.

Hypothesis tells random stories with the real acts: students, desk, reviewer, outsiders and the clock, at wrong moments.
"""

from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from applications import actions
from applications.models import (
    Appeal,
    Application,
    Choice,
    Decision,
    DocumentFile,
    DocumentSlot,
    Option,
    Review,
    Round,
    RoundOption,
)
from applications.tasks import places_that_stand_free
from applications.turns import turn_of
from members.models import Act, StudentProfile
from tests.applications.files import pdf, upload
from tests.applications.stories import Story
from tests.factories.applications import DocumentRequirementFactory
from tests.factories.members import MandateFactory, person_as, student_of

State = Application.State
STUDENTS = 4
JUDGE = 3  # among those who try to answer an appeal, the first who may
INSIDER = 3  # works in the exchange office and wants a place
FILES = [pdf(title=str(number)) for number in range(3)]
students = st.integers(0, STUDENTS - 1)
remedies = st.sampled_from(["place", "wait", "dismiss"])
rankings = st.lists(st.integers(0, 1), min_size=1, max_size=2, unique=True)


class Workflow(RuleBasedStateMachine):
    """One round with two options of one and two places, four students who want them; thrown away after each story."""

    def __init__(self):
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()

    @initialize(
        chapter=st.integers(0, 5),
        ranked=st.lists(rankings, min_size=STUDENTS, max_size=STUDENTS),
        answers=st.lists(remedies, min_size=STUDENTS, max_size=STUDENTS),
    )
    def tell(self, chapter, ranked, answers):
        """Begin at a chapter: nothing yet, all handed in, all reviewed, released, appealed, answered."""
        self.story = Story(places=(1, 2))
        DocumentRequirementFactory(round=self.story.round, name="Transcript")
        self.students = [student_of(self.story.round.university) for _ in range(STUDENTS)]
        MandateFactory(person=self.students[INSIDER], university=self.story.round.university)
        self.outsiders = [person_as("exchange"), person_as("secretariat"), self.students[0]]
        self.judge = person_as("exchange", self.story.round.university)
        self.sent: set[tuple[int, str]] = set()
        if chapter >= 1:
            self.everybody_hands_in(ranked)
        if chapter >= 4:
            self.check(0, "find_ineligible")
        if chapter >= 2:
            self.everybody_is_reviewed(*range(chapter >= 4, STUDENTS))
        if chapter >= 3:
            self.all_is_decided()
        if chapter >= 4:
            for student in range(STUDENTS):
                self.appeal(student)
        if chapter >= 5:
            self.the_host_changes_the_places(more=True)
            for student, remedy in enumerate(answers):
                self.answer_the_appeal(student, remedy, by=JUDGE)

    @property
    def now(self):
        return self.story.now

    def round(self):
        return Round.objects.get(pk=self.story.round.pk)

    def of(self, student):
        """The student's newest application, if any."""
        own = Application.objects.filter(applicant=self.students[student]).order_by("-pk")
        return own.select_related("round__university", "applicant").first()

    def attempt(self, act, **words):
        """Try an act; a refusal is an answer, anything else is a bug."""
        with suppress(actions.Refused):
            return act(**words)
        return None

    @rule(minutes=st.sampled_from([1, 60 * 24, 60 * 24 * 8, 60 * 24 * 21]))
    def time_passes(self, minutes):
        self.story.now += timedelta(minutes=minutes)

    @rule(student=students, ranked=rankings)
    def begin(self, student, ranked):
        person = self.students[student]
        application = self.attempt(actions.start, round=self.round(), by=person, now=self.now)
        if application:
            self.save(student, ranked)

    def everybody_hands_in(self, ranked):
        for student in range(STUDENTS):
            self.begin(student, ranked[student])
            self.send_a_document(student, FILES[0])
            self.submit(student)

    @rule(student=students, ranked=rankings)
    def save(self, student, ranked):
        application = self.of(student)
        if application:
            self.attempt(
                actions.save_draft, application=application, version=application.version,
                fields={"motivation": "I want to learn."}, options=[self.story.options[i].pk for i in ranked],
                by=application.applicant, now=self.now,
            )  # fmt: skip

    @rule(student=students, file=st.sampled_from(FILES))
    def send_a_document(self, student, file):
        application = self.of(student)
        slot = application and application.document_slots.first()
        if slot:
            document = self.attempt(actions.put_document, slot=slot, upload=upload(file), by=application.applicant)
            if document:
                self.sent.add((slot.pk, document.sha256))

    @rule(student=students)
    def submit(self, student):
        """Only who is confirmed now, and only with choices that the round offers now."""
        application = self.on(student, actions.submit)
        if application:
            offered = set(self.round().options.values_list("pk", flat=True))
            assert set(application.choices.values_list("option", flat=True)) <= offered
            assert StudentProfile.objects.get(user=application.applicant).is_confirmed

    @rule(student=students, stands_by=st.booleans())
    def the_home_university_speaks_again(self, student, stands_by):
        state = StudentProfile.State.CONFIRMED if stands_by else StudentProfile.State.REFUSED
        StudentProfile.objects.filter(user=self.students[student]).update(state=state)

    @rule(option=st.integers(0, 1), offered=st.booleans())
    def the_host_takes_an_option_out_or_brings_it_back(self, option, offered):
        row = {"round": self.round(), "option": self.story.options[option]}
        if offered:
            RoundOption.objects.get_or_create(**row)
        else:
            RoundOption.objects.filter(**row).delete()

    @rule(student=students)
    def answer(self, student):
        self.on(student, actions.answer_request)

    @rule(student=students)
    def withdraw(self, student):
        self.on(student, actions.withdraw, reason="")

    @rule(student=students)
    def accept(self, student):
        self.on(student, actions.accept_offer)

    @rule(student=students)
    def decline(self, student):
        self.on(student, actions.decline_offer, reason="")

    def on(self, student, act, **words):
        application = self.of(student)
        if application:
            return self.attempt(act, application=application, by=application.applicant, now=self.now, **words)
        return None

    @rule(student=students, finding=st.sampled_from(["find_eligible", "find_eligible", "find_ineligible", "ask_more"]))
    def check(self, student, finding):
        words = {"find_eligible": {"note": ""}, "find_ineligible": {"reason": "No."}, "ask_more": {"what": "More."}}
        self.by_the_desk(student, getattr(actions, finding), **words[finding])

    def by_the_desk(self, student, act, by=None, **words):
        application = self.of(student)
        if application:
            self.attempt(act, application=application, by=by or self.story.desk, now=self.now, **words)

    @rule(student=students, refuse=st.booleans())
    def check_a_document(self, student, refuse):
        application = self.of(student)
        slot = application and application.document_slots.first()
        if slot and refuse:
            self.attempt(actions.refuse_document, slot=slot, reason="Blurred.", by=self.story.desk)
        elif slot:
            self.attempt(actions.validate_document, slot=slot, by=self.story.desk)

    @rule(student=students, points=st.integers(0, 3))
    def review(self, student, points):
        application = self.of(student)
        if application is None:
            return
        self.attempt(actions.assign_review, application=application, reviewer=self.story.reviewer, by=self.story.desk)
        review = Review.objects.filter(application=application, reviewer=self.story.reviewer).first()
        if review:
            given = {self.story.criterion.pk: Decimal(points)}
            self.attempt(
                actions.finish_review, review=review, points=given, comment="", feedback="",
                by=self.story.reviewer, now=self.now,
            )  # fmt: skip

    def everybody_is_reviewed(self, *those):
        for student in those:
            self.check(student, "find_eligible")
            self.review(student, student)

    @precondition(lambda self: Application.objects.filter(state=State.ELIGIBLE).exists())
    @rule()
    def all_is_decided(self):
        self.close(by_hand=True)
        self.propose()
        self.release()

    @rule(by_hand=st.booleans())
    def close(self, by_hand):
        self.attempt(actions.close_round, round=self.round(), by=self.story.desk if by_hand else None, now=self.now)

    @rule()
    def reopen(self):
        until = self.now + timedelta(days=2)
        self.attempt(
            actions.reopen_round, round=self.round(), closes_at=until, reason="Asked.", by=self.story.desk, now=self.now
        )

    @rule()
    def propose(self):
        self.attempt(actions.propose_decisions, round=self.round(), by=self.story.desk)

    @rule(student=students, outcome=st.sampled_from(["offer", "wait", "reject"]))
    def decide_by_hand(self, student, outcome):
        application = self.of(student)
        if application:
            self.attempt(
                actions.prepare_decision, application=application, outcome=outcome,
                choice=application.choices.first(), reason="By hand.", by=self.story.desk,
            )  # fmt: skip

    @rule()
    def release(self):
        released = self.attempt(actions.release_round, round=self.round(), by=self.story.desk, now=self.now)
        if released is not None:
            self.everybody_has_an_outcome_and_a_reason()

    @rule()
    def archive(self):
        self.attempt(actions.archive_round, round=self.round(), by=self.story.desk, now=self.now)

    @rule()
    def offers_expire(self):
        due = Application.objects.filter(state=State.OFFERED, answer_by__lt=self.now)
        for application in due.select_related("round__university", "applicant"):
            self.attempt(actions.expire_offer, application=application, now=self.now)

    @rule()
    def the_list_moves(self):
        for option in places_that_stand_free():
            self.attempt(actions.move_up_waiting, option=option, now=self.now)

    @precondition(lambda self: Application.objects.filter(state__in=State.appealable).exists())
    @rule(student=students)
    def appeal(self, student):
        """Only who got no place, in time, and once."""
        grounds = "My transcript shows 62 credits, you counted 26."
        appeal = self.on(student, actions.file_appeal, grounds=grounds, files=())
        if appeal:
            application = Application.objects.select_related("decision").get(pk=appeal.application_id)
            assert application.state in State.appealable
            assert self.now <= application.decision.appeal_by

    def appeal_of(self, student):
        found = Appeal.objects.filter(application=self.of(student)) if self.of(student) else Appeal.objects.none()
        return found.select_related("application__round__university", "application__applicant").order_by("-pk").first()

    @precondition(lambda self: Appeal.objects.filed().exists())
    @rule(student=students)
    def take_the_appeal_back(self, student):
        appeal = self.appeal_of(student)
        if appeal:
            self.attempt(actions.withdraw_appeal, appeal=appeal, by=appeal.application.applicant, now=self.now)

    @precondition(lambda self: Appeal.objects.filed().exists())
    @rule(student=students, remedy=remedies, by=st.integers(0, 5))
    def answer_the_appeal(self, student, remedy, by):
        """By the judge, or by who made the decision, reviewed, or competes, whom it is refused."""
        appeal = self.appeal_of(student)
        if appeal is None:
            return
        others = (self.story.desk, self.story.reviewer, self.students[INSIDER])
        person = others[by] if by < len(others) else self.judge
        words = {"appeal": appeal, "reasons": "We counted again.", "by": person, "now": self.now}
        before = Application.objects.get(pk=appeal.application_id).state
        if remedy == "dismiss":
            answered = self.attempt(actions.dismiss_appeal, **words)
            assert answered is None or Application.objects.get(pk=appeal.application_id).state == before
        else:
            choice = appeal.application.choices.select_related("option__host").first()
            answered = self.attempt(actions.uphold_appeal, remedy=remedy, choice=choice, **words)
        assert answered is None or person == self.judge

    @rule(more=st.booleans())
    def the_host_changes_the_places(self, more):
        option = Option.objects.get(pk=self.story.options[0].pk)
        with suppress(IntegrityError), transaction.atomic():
            Option.objects.filter(pk=option.pk).update(places=option.places + (1 if more else -1))

    @rule(student=students, outsider=st.integers(0, 2))
    def somebody_else_tries(self, student, outsider):
        application, person = self.of(student), self.outsiders[outsider]
        if application is None or application.applicant == person:
            return
        before = Application.objects.filter(pk=application.pk).values().get()
        for act, words in (
            (actions.submit, {}), (actions.withdraw, {"reason": ""}), (actions.accept_offer, {}),
            (actions.decline_offer, {"reason": ""}), (actions.find_eligible, {"note": ""}),
            (actions.ask_more, {"what": "More."}),
        ):  # fmt: skip
            assert self.attempt(act, application=application, by=person, now=self.now, **words) is None
        assert Application.objects.filter(pk=application.pk).values().get() == before

    @precondition(lambda self: Application.objects.filter(
        applicant=self.students[INSIDER], submitted_at__isnull=False).exists())  # fmt: skip
    @rule(student=students)
    def who_applied_tries_to_decide(self, student):
        by, application = self.students[INSIDER], self.of(student)
        assert self.attempt(actions.release_round, round=self.round(), by=by, now=self.now) is None
        assert self.attempt(actions.propose_decisions, round=self.round(), by=by) is None
        for act, words in (
            (actions.find_eligible, {"note": "", "now": self.now}),
            (actions.find_ineligible, {"reason": "No.", "now": self.now}),
            (actions.prepare_decision, {"outcome": "reject", "choice": None, "reason": "No."}),
        ):
            assert application is None or self.attempt(act, application=application, by=by, **words) is None

    def everybody_has_an_outcome_and_a_reason(self):
        for application in self.story.round.applications.exclude(state__in=[State.WITHDRAWN, State.LAPSED]):
            decision = Decision.objects.get(application=application)
            assert decision.released_at
            assert decision.reason
            assert application.state in (State.OFFERED, State.WAITLISTED, State.REJECTED)
            assert all(choice.why for choice in application.choices.all())

    @invariant()
    def no_place_is_oversold(self):
        for option in Option.objects.all():
            assert Choice.objects.holding_a_place().filter(option=option).count() <= option.places

    @invariant()
    def nobody_has_two_places_and_the_choices_agree_with_the_state(self):
        for application in Application.objects.prefetch_related("choices"):
            held = [c.state for c in application.choices.all() if c.state in Choice.State.holding_a_place]
            wanted = {State.OFFERED: ["offered"], State.ACCEPTED: ["accepted"]}.get(application.state, [])
            assert held == wanted
            waits = any(choice.state == Choice.State.WAITING for choice in application.choices.all())
            assert waits == (application.state == State.WAITLISTED)

    @invariant()
    def no_document_is_lost(self):
        assert set(DocumentFile.objects.values_list("slot", "sha256")) == self.sent
        for document in DocumentFile.objects.all():
            assert document.file.storage.exists(document.file.name)
        empty = DocumentSlot.objects.filter(state__in=["received", "validated", "refused"], files=None)
        assert not empty.exists()

    @invariant()
    def every_application_has_a_next_step(self):
        for application in Application.objects.select_related("round"):
            assert turn_of(application).step
            leads_on = [name for name in Application.TRANSITIONS if application.can(name)]
            again = application.state in (State.LAPSED, State.REJECTED)  # a round reopens, an appeal is upheld
            assert bool(leads_on) == (application.state not in State.ended or again)

    @invariant()
    def a_round_that_is_not_open_has_no_drafts_and_a_released_one_nobody_undecided(self):
        shut = Application.objects.exclude(round__state=Round.State.PUBLISHED)
        assert not shut.filter(state=State.DRAFT).exists()
        done = Application.objects.filter(round__state__in=[Round.State.RELEASED, Round.State.ARCHIVED])
        assert not done.filter(state__in=State.in_review).exists()

    @invariant()
    def an_appeal_waits_only_in_a_released_round_and_nobody_has_two(self):
        filed = Appeal.objects.filed().values_list("application__round__state", flat=True)
        assert set(filed) <= {Round.State.RELEASED}
        standing = list(Appeal.objects.standing().values_list("application", flat=True))
        assert len(standing) == len(set(standing))

    @invariant()
    def every_change_of_state_stands_in_the_log(self):
        for application in Application.objects.exclude(state=State.DRAFT):
            assert Act.objects.about(application).exclude(after="").last().after == application.state

    def teardown(self):
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)


@pytest.mark.django_db
def test_no_sequence_of_acts_breaks_the_workflow():
    run_state_machine_as_test(
        Workflow,
        settings=settings(
            max_examples=10, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


@pytest.mark.django_db
@pytest.mark.parametrize("remedy", ["place", "wait", "dismiss"])
@pytest.mark.parametrize("ranked", [[0], [1], [0, 1]])
def test_every_answer_to_an_appeal_keeps_what_always_holds(ranked, remedy):
    """Chance alone comes to few answers: told on purpose, and followed to the archive."""
    story = Workflow()
    story.tell(5, [ranked] * STUDENTS, [remedy] * STUDENTS)
    followed_by = (
        story.the_list_moves, lambda: [story.decline(student) for student in range(STUDENTS)],
        lambda: story.time_passes(60 * 24 * 21), story.offers_expire, story.archive,
    )  # fmt: skip

    for act in (lambda: None, *followed_by):
        act()
        for always in story.invariants:
            always.function(story)
    story.teardown()
