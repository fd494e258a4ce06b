"""From the closing of a round to its archive: reviews, proposals, letters, answers, the waiting list."""

from datetime import datetime, timedelta
from decimal import Decimal

from applications import actions
from applications.models import Application, LetterTemplate, Review, Round
from cluster_portal.demo import appeals
from cluster_portal.demo.calls import Call
from cluster_portal.demo.cases import Case
from cluster_portal.demo.desk import REJECTED_BY_HAND
from cluster_portal.demo.rounds import head_of_desk
from cluster_portal.demo.world import World
from members.models import User

COMMENTS = (
    "Clear about what and why; the list of courses is realistic.",
    "Good results, the letter could say more about the place.",
    "Strong in the subject. Language sufficient.",
    "Solid. Would do well at any of the three.",
    "The plan is thin, the grades are not.",
)
FEEDBACK = ("Your letter convinced us; say more about the courses next time.", "", "")
REVIEWS_BEGIN = timedelta(days=3)
REVIEWING_TAKES = (8, 130)  # hours


class Answers:
    """Every offer gets its answer, or expires; a place that comes free makes a new offer."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.cases: list[Case] = []
        self._seen: set[int] = set()

    def watch(self, at: datetime) -> None:
        """Plan what becomes of the offers made since the last look."""
        offered = set(Application.objects.filter(state=Application.State.OFFERED).values_list("pk", flat=True))
        new = offered - self._seen
        self._seen |= new
        for case in self.cases:
            if getattr(case, "application", None) and case.application.pk in new:
                self._plan(case, at)

    def _plan(self, case: Case, at: datetime) -> None:
        case.application.refresh_from_db()
        diary, dice = self.world.diary, self.world.dice
        if case.answer == "none":
            diary.plan(case.application.answer_by + timedelta(minutes=1), lambda late: self._expire(case, late))
            return
        answered = at + timedelta(hours=dice.randint(7, 100), minutes=dice.randint(0, 59))
        diary.plan(answered, lambda then: (case.answer_offer(then), self.watch(then)))
        if case.answer == "accept and withdraw":
            diary.plan(answered + timedelta(days=4), lambda then: (case.withdraw(then), self.watch(then)))

    def _expire(self, case: Case, at: datetime) -> None:
        actions.expire_offer(application=case.application, now=at)
        self.watch(at)


class Jury:
    """The reviewers and the head of the desk of one round."""

    def __init__(self, world: World, call: Call, round: Round, cases: list[Case], answers: Answers) -> None:
        self.world, self.call, self.round, self.cases, self.answers = world, call, round, cases, answers
        slug = round.university.slug
        self.reviewers = [world.people[f"reviewer.{slug}"], *world.colleagues.get(("reviewer", slug), [])]
        self.head: User = head_of_desk(world, round)

    def plan(self) -> None:
        diary, closes = self.world.diary, self.round.closes_at
        diary.plan(closes, lambda at: actions.close_round(round=self.round, by=None, now=at))
        if self.call.decided is None or self.call.released is None:
            diary.plan(self.world.calendar.at(-2, 9), self._look_at_the_first)
            return
        decided = closes + timedelta(days=self.call.decided, hours=-14)
        released = closes + timedelta(days=self.call.released, hours=-13)
        diary.plan(closes + REVIEWS_BEGIN, self._assign)
        diary.plan(decided, self._decide)
        if decided < diary.until < released:
            diary.plan(diary.until - timedelta(minutes=30), self._propose_anew)
        diary.plan(released, self._release)
        if self.call.archived is not None:
            archived = self.world.calendar.at(self.call.archived, 15)
            diary.plan(archived, lambda at: actions.archive_round(round=self.round, by=self.head, now=at))

    def _look_at_the_first(self, at: datetime) -> None:
        """While the round is still open: those found eligible so far."""
        found = self.round.applications.filter(state=Application.State.ELIGIBLE).order_by("pk")
        for number, application in enumerate(found):
            reviewer = self.reviewers[number % len(self.reviewers)]
            review = actions.assign_review(application=application, reviewer=reviewer, by=self.head)
            if number % 2:
                self._plan_points(review, at, number)

    def _assign(self, at: datetime) -> None:
        wanted = min(2, len(self.reviewers))
        actions.assign_evenly(round=self.round, reviewers=self.reviewers, per_application=wanted, by=self.head)
        reviews = Review.objects.filter(application__round=self.round).order_by("pk")
        for number, review in enumerate(reviews.select_related("application")):
            if number == 0 and wanted > 1:
                self.world.diary.plan(at + timedelta(hours=5), lambda then, own=review: self._step_back(own))
            else:
                self._plan_points(review, at, number)

    def _step_back(self, review: Review) -> None:
        reason = "I taught this student last year and know the work too well."
        actions.recuse(review=review, reason=reason, by=self._person(review))

    def _person(self, review: Review) -> User:
        return next(person for person in self.reviewers if person.pk == review.reviewer_id)

    def _plan_points(self, review: Review, at: datetime, number: int) -> None:
        """The first reviewer is quick, the others take their time."""
        least, most = REVIEWING_TAKES
        hours = self.world.dice.randint(least, most if number % 2 else most // 2)
        self.world.diary.plan(at + timedelta(hours=hours), lambda then: self._give_points(review, then))

    def _give_points(self, review: Review, at: datetime) -> None:
        review.application.refresh_from_db()
        if review.application.state not in actions.reviewing.REVIEWABLE:
            return
        case = next(case for case in self.cases if case.application.pk == review.application_id)
        points = {c.pk: self._points(case.quality, c.max_points) for c in self.round.criteria.all()}
        actions.finish_review(
            review=review, points=points, comment=self.world.dice.choice(COMMENTS),
            feedback=self.world.dice.choice(FEEDBACK), by=self._person(review), now=at,
        )  # fmt: skip

    def _points(self, quality: float, most: int) -> Decimal:
        """Half points; two reviewers differ a little."""
        share = min(1.0, max(0.1, quality + self.world.dice.uniform(-0.06, 0.06)))
        return Decimal(round(share * most * 2)) / 2

    def _decide(self, at: datetime) -> None:
        for case in self.cases:
            if case.rejected_by_hand:
                outcome = LetterTemplate.Outcome.REJECT
                decision = actions.prepare_decision(
                    application=case.application, outcome=outcome, choice=None, reason=REJECTED_BY_HAND, by=self.head
                )
                letter = f"{decision.letter}\n\nCome and see us: we can look at the course list together."
                actions.edit_letter(decision=decision, subject=decision.subject, letter=letter, by=self.head)
        self._propose_anew(at)

    def _propose_anew(self, at: datetime) -> None:
        """What other universities have decided meanwhile may have taken or freed places."""
        actions.propose_decisions(round=self.round, by=self.head)

    def _release(self, at: datetime) -> None:
        self._propose_anew(at)
        actions.release_round(round=self.round, by=self.head, now=at)
        self.answers.watch(at)
        if self.call.archived is None:
            appeals.plan(self.world, self.round, at)
