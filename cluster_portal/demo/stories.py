"""Who applies in which round, with which choices, and what becomes of it."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from applications import actions, eligibility
from applications.models import Application, Option, Round
from cluster_portal.demo import calls, rounds
from cluster_portal.demo.calls import Call
from cluster_portal.demo.cases import Case
from cluster_portal.demo.desk import Desk
from cluster_portal.demo.jury import Answers, Jury
from cluster_portal.demo.students import suited
from cluster_portal.demo.world import World
from exchange.models import Placement
from members.models import StudentProfile

WHILE_OPEN = (
    "eligible", "none", "more open", "eligible", "document open", "ineligible", "none", "document", "eligible", "more",
)  # fmt: skip
AFTERWARDS = ("eligible", "more", "eligible", "ineligible", "eligible", "document", "eligible")
ANSWERS = ("accept", "none", "decline", "accept", "accept", "accept", "none", "accept and withdraw", "accept")
RIVALS = 3
QUALITY_OF_A_RIVAL = 0.8

HEROES: dict[str, dict[str, object]] = {
    calls.DRAFT_LACKS_DOCUMENT: {"path": "draft without a document"},
    calls.SUBMITTED: {"path": "submit", "finding": "none"},
    calls.MORE_ASKED: {"path": "submit", "finding": "more open"},
    calls.DOCUMENT_REFUSED: {"path": "submit", "finding": "document open"},
    calls.WITHDRAWN: {"path": "withdraw"},
    calls.ELIGIBLE: {"quality": 0.93},
    calls.OFFERED: {"quality": 0.99, "answer": "none"},
    calls.IN_THE_QUEUE: {"quality": 0.2},
    calls.ACCEPTED: {"quality": 0.99, "answer": "accept"},
    calls.EXPIRED: {"quality": 0.99, "answer": "none"},
    calls.REJECTED: {"rejected_by_hand": True},
}


def make(world: World) -> None:
    """All rounds and applications, played through up to now."""
    answers = Answers(world)
    for call, round in rounds.make(world):
        if call.is_draft:
            continue
        cases = list(Casting(world, call, round).cases())
        desk = Desk(world, round)
        for case in cases:
            case.plan()
            desk.plan(case)
        answers.cases += cases
        Jury(world, call, round, cases, answers).plan()
    world.diary.plan(world.calendar.at(-1, 16), _secretariat_reads(world))
    world.diary.play()


def _secretariat_reads(world: World) -> Callable[[datetime], object]:
    """The secretariat opens one student's file, and the student sees why."""

    def read(at: datetime) -> None:
        application = Application.objects.get(applicant=world.people["student.kth"])
        reason = "The student telephoned: the offer could not be found. It is there; the letter had been overlooked."
        actions.open_with_reason(application=application, reason=reason, by=world.secretariat)

    return read


class Casting:
    """Chooses the applicants of one round and gives each a part."""

    def __init__(self, world: World, call: Call, round: Round) -> None:
        self.world, self.call, self.round = world, call, round
        self.hero = world.people.get(f"student.{call.hero_at or call.by}") if call.hero else None
        self.options = list(round.options.select_related("host").order_by("pk"))
        kept = Placement.objects.filter(rounds=round, only_partners__isnull=False)
        self.kept = set(kept.values_list("pk", flat=True))

    def cases(self) -> Iterator[Case]:
        """At most as many as the call says: the fixed account first, then whoever can choose something."""
        made = 0
        for profile in self._applicants():
            possible = self._possible(profile) if made < self.call.applicants else []
            if possible:
                yield self._case(profile, possible, made)
                made += 1

    def _applicants(self) -> list[StudentProfile]:
        homes = {option.host.slug for option in self.options} if self.call.programme else {self.call.by}
        everybody = [profile for slug in sorted(homes) for profile in self.world.students.get(slug, [])]
        heroes = [profile for profile in everybody if profile.user == self.hero]
        others = [profile for profile in suited(everybody) if not profile.user.email.startswith("student.")]
        self.world.dice.shuffle(others)
        return heroes + others

    def _possible(self, profile: StudentProfile) -> list[Option]:
        """The options that the student meets every blocking requirement of."""
        if not self.call.programme:
            met = set(Placement.objects.filter(rounds=self.round).suited_to(profile).values_list("pk", flat=True))
            return [option for option in self.options if option.pk in met]
        verdicts = eligibility.of_round(self.round, self.options, profile, self.world.calendar.today)
        return [option for option in self.options if not verdicts.blocking(option.pk)]

    def _choices(self, possible: list[Option], number: int) -> list[Option]:
        """Up to three, those that come first more often; the kept place is for the one in the queue and the rivals."""
        kept = [option for option in possible if option.pk in self.kept]
        others = [option for option in possible if option.pk not in self.kept]
        drawn = sorted(others, key=lambda option: self.world.dice.random() * (2 + others.index(option)))
        if self.call.hero == calls.IN_THE_QUEUE and kept:
            if number == 0:
                return kept
            if number <= RIVALS:
                return [*kept, *drawn][: self.round.max_choices]
        return drawn[: min(self.round.max_choices, self.world.dice.choice([1, 2, 3, 3]))] or kept

    def _case(self, profile: StudentProfile, possible: list[Option], number: int) -> Case:
        starts, sends = self._when()
        case = Case(
            world=self.world, round=self.round, profile=profile, options=self._choices(possible, number),
            starts=starts, sends=sends, quality=self.world.dice.uniform(0.4, 0.94), path=self._path(number),
            finding=self._finding(number), answer=ANSWERS[number % len(ANSWERS)],
        )  # fmt: skip
        for name, value in self._part(profile, number).items():
            setattr(case, name, value)
        return case

    def _part(self, profile: StudentProfile, number: int) -> dict[str, object]:
        """What is laid down for the fixed account and for its rivals."""
        if profile.user == self.hero:
            usual = {"path": "submit", "finding": "eligible"} if self.call.released else {}
            return {**usual, **HEROES[self.call.hero]}
        if self.call.hero == calls.IN_THE_QUEUE and number <= RIVALS:
            return {"quality": QUALITY_OF_A_RIVAL, "answer": "accept", "path": "submit", "finding": "eligible"}
        return {}

    def _when(self) -> tuple[datetime, datetime]:
        """Most begin late; everything is sent a day before the closing, or before now."""
        dice, end = self.world.dice, min(self.round.closes_at, self.world.diary.until) - timedelta(hours=20)
        length = (end - self.round.opens_at).total_seconds()
        starts = self.round.opens_at + timedelta(seconds=length * dice.uniform(0.05, 0.8))
        return starts, starts + (end - starts) * dice.uniform(0.05, 0.9)

    def _path(self, number: int) -> str:
        if number % 13 == 9:
            return "withdraw"
        if number % 11 == 7 and not self.call.released:
            return "draft without a document"
        return "draft" if number % 9 == 5 else "submit"

    def _finding(self, number: int) -> str:
        pattern = AFTERWARDS if self.call.released else WHILE_OPEN
        return pattern[number % len(pattern)]
