"""What the office does with a submitted application: documents, questions, the first finding."""

from datetime import datetime, timedelta

from applications import actions
from applications.models import DocumentSlot, Kind, Round
from cluster_portal.demo.cases import Case, SlotState
from cluster_portal.demo.mandates import DEPUTIES, EVERYBODYS_DEPUTY
from cluster_portal.demo.world import World
from members.acts import record
from members.models import User

QUESTIONS = (
    "Your transcript ends in spring. Please tell us the results of the summer examinations, or when they come.",
    "You rank two places in different terms of study. Please tell us with which courses you would begin.",
    "Please name the coordinator with whom you discussed your list of courses.",
)
BLURRED = (
    "The scan cannot be read below the middle of the page.",
    "The stamp of the examination office is missing.",
    "This is last year's transcript; send the one of this term.",
)
NOT_ELIGIBLE = (
    "You finish your studies before the term begins, so you could not be enrolled at home during the stay.",
    "You are on leave in the term before; only enrolled students can be nominated.",
    "You have already been abroad for twelve months in this cycle of studies.",
)
REJECTED_BY_HAND = (
    "Your study plan repeats courses that you have passed already; too little would be left to recognise."
)


class Desk:
    """The people at the desk of one round and their pace."""

    def __init__(self, world: World, round: Round) -> None:
        self.world, self.round = world, round
        roles = ("director", "exchange") if round.kind == Kind.DUAL_DEGREE else ("exchange",)
        slug = round.university.slug
        self.people = [
            person
            for role in roles
            for person in (world.people[f"{role}.{slug}"], *world.colleagues.get((role, slug), []))
        ]

    def plan(self, case: Case) -> None:
        """First look one to two days after submission."""
        if case.path != "submit" or case.finding == "none":
            return
        first_look = case.sends + timedelta(hours=self.world.dice.randint(20, 44))
        deed = {"more": self._asks, "more open": self._asks, "document": self._refuses, "document open": self._refuses}
        self.world.diary.plan(first_look, lambda at: deed.get(case.finding, self._finds)(case, at))

    def somebody(self, at: datetime) -> User:
        """One of the desk; the deputy in the days for which one is named."""
        first, last = DEPUTIES.get(self.round.university.slug, EVERYBODYS_DEPUTY)
        day, calendar = at.date(), self.world.calendar
        stands_in_now = first <= 0 and (last is None or last >= 0) and day >= calendar.day(first)
        if stands_in_now and self.round.kind == Kind.EXCHANGE:
            return self.world.dice.choice([*self.people, self.world.people[f"deputy.{self.round.university.slug}"]])
        return self.world.dice.choice(self.people)

    def _check_documents(self, case: Case, by: User) -> None:
        """Call everything that is there checked, as the action does for one."""
        received = case.application.document_slots.filter(state=SlotState.RECEIVED)
        for slot in received:
            record("document.validated", case.application, by=by, details={"document": slot.name})
        DocumentSlot.objects.filter(pk__in=[slot.pk for slot in received]).update(state=SlotState.VALIDATED)

    def _finds(self, case: Case, at: datetime) -> None:
        by = self.somebody(at)
        self._check_documents(case, by)
        if case.finding == "ineligible":
            reason = self.world.dice.choice(NOT_ELIGIBLE)
            actions.find_ineligible(application=case.application, reason=reason, by=by, now=at)
        else:
            note = self.world.dice.choice(["", "", "", "Spoke with the coordinator; courses fit."])
            actions.find_eligible(application=case.application, note=note, by=by, now=at)

    def _asks(self, case: Case, at: datetime) -> None:
        what = self.world.dice.choice(QUESTIONS)
        actions.ask_more(application=case.application, what=what, by=self.somebody(at), now=at)
        if case.finding == "more":
            case.finding = "eligible"
            self.world.diary.plan(at + timedelta(hours=26), case.answer_request)
            self.world.diary.plan(at + timedelta(hours=50), lambda later: self._finds(case, later))

    def _refuses(self, case: Case, at: datetime) -> None:
        slot = case.application.document_slots.filter(state=SlotState.RECEIVED).first()
        by = self.somebody(at)
        reason = self.world.dice.choice(BLURRED)
        actions.refuse_document(slot=slot, reason=reason, by=by)
        self._check_documents(case, by)
        if case.finding == "document":
            case.finding = "eligible"
            self.world.diary.plan(at + timedelta(hours=30), lambda later: case.send_again(slot))
            self.world.diary.plan(at + timedelta(hours=52), lambda later: self._finds(case, later))
