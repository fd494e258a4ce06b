"""Application rounds with what they ask for: options, documents, requirements, rubric, letters."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Q
from django.utils.text import slugify

from applications.models import (
    Criterion,
    DocumentRequirement,
    Kind,
    LetterTemplate,
    Round,
    RoundOption,
    RoundRequirement,
)
from cluster_portal.demo.calendar import StudyTerm
from cluster_portal.demo.calls import CALLS, Call
from cluster_portal.demo.programmes import director_of
from cluster_portal.demo.world import World
from exchange.models import Placement
from members.acts import record
from members.models import Cefr, Term, University, User
from programmes.actions import open_round
from programmes.models import Intake, Programme

Asks, Needed, Outcome = RoundRequirement.Asks, DocumentRequirement.Needed, LetterTemplate.Outcome

CRITERIA = (
    ("Motivation", 30, "Knows the place, says what it is good for; 15 is a solid letter."),
    ("Grades", 50, "Where the average lies on its own scale: 50 is the best grade."),
    ("Language", 20, "20 for C1 or better in the language of teaching, 10 for B2."),
)
DOCUMENTS = {
    Kind.EXCHANGE: (
        ("Transcript of records", "All results so far, from the examination office.", Needed.TO_APPLY),
        ("Proof of language", "A certificate, or the word of a teacher.", Needed.TO_APPLY),
        ("Curriculum vitae", "One page.", Needed.OPTIONAL),
        ("Copy of passport or identity card", "The page with the picture.", Needed.LATER),
    ),
    Kind.DUAL_DEGREE: (
        ("Transcript of records", "All results so far, from the examination office.", Needed.TO_APPLY),
        ("Curriculum vitae", "Two pages at most.", Needed.TO_APPLY),
        ("Study plan", "Courses at both universities, signed by your coordinator.", Needed.LATER),
    ),
}
INTRODUCTION = (
    "Rank up to three places. The best score chooses first, and everybody gets the highest choice that is left; "
    "the score is made of motivation, grades and language. You hear from us about two weeks after the round has closed."
)
OFFER = (
    "Your place: {place}",
    "Dear {name},\n\nyou are offered {place} in {round}.\n\nWhy you: {reason}\n\nAccept or decline on the page of your "
    "application ({reference}) by {answer_by}. An offer that is not answered goes to the next student.\n\n{university}",
)
PLACES_PER_APPLICANT = 0.55  # so that there is a waiting list
PUBLISHED_BEFORE_OPENING = timedelta(days=12)


def make(world: World) -> list[tuple[Call, Round]]:
    """Every round, in draft; the diary publishes those that are public by now."""
    made = []
    for call in CALLS:
        world.diary.turn_to(world.calendar.at(min(call.opens, 0) - 25, 11))
        round = _dual_degree(world, call) if call.programme else _exchange(world, call)
        _ask(round, own_letters=world.dice.random() < 0.5)
        if not call.is_draft:
            world.diary.plan(_publishing(world, round), lambda at, made=round: _publish(world, made))
        made.append((call, round))
    return made


def _exchange(world: World, call: Call) -> Round:
    university = world.universities[call.by]
    term = world.calendar.next_term.later(call.term)
    title = f"Exchange from {university.short_name}, {term.words}" + (f", {call.name}" if call.name else "")
    zone = university.time_zone
    round = Round.objects.create(
        slug=slugify(f"{call.by} exchange {term.words} {call.name}"), kind=Kind.EXCHANGE, university=university,
        title=title, introduction=INTRODUCTION, academic_year=term.year, term=term.term,
        opens_at=world.calendar.at(call.opens, 9, zone=zone), closes_at=world.calendar.end_of(call.closes, zone),
        time_zone=zone, answer_days=call.answer_days, is_sample=True,
    )  # fmt: skip
    options = _placements_for(world, call, university, term)
    RoundOption.objects.bulk_create(RoundOption(round=round, option=option) for option in options)
    RoundRequirement.objects.create(round=round, asks=Asks.ECTS, number=Decimal(60))
    RoundRequirement.objects.create(round=round, asks=Asks.LANGUAGE, language="en", cefr=Cefr.B1, is_blocking=False)
    return round


def _placements_for(world: World, call: Call, university: University, term: StudyTerm) -> list[Placement]:
    """Fewer places than applicants; all that the term has where nobody has applied yet."""
    when = Q(academic_year=term.year, term=term.term)
    if term.term == Term.AUTUMN:
        when |= Q(academic_year=term.year, term=Term.YEAR)
    offered = Placement.objects.filter(when, state__in=[Placement.State.PUBLISHED, Placement.State.ARCHIVED])
    found = list(offered.open_to(university).order_by("pk"))
    if not call.released and not call.decided:
        return found
    world.dice.shuffle(found)
    kept = set(offered.filter(only_partners=university))
    found.sort(key=lambda placement: placement not in kept)
    wanted, chosen = call.applicants * PLACES_PER_APPLICANT, []
    while found and (len(chosen) < 6 or sum(placement.places for placement in chosen) < wanted):
        chosen.append(found.pop(0))
    return chosen


def _dual_degree(world: World, call: Call) -> Round:
    programme = Programme.objects.get(slug=call.programme)
    intake = Intake.objects.get(programme=programme, academic_year=world.calendar.next_autumn.year)
    round = open_round(intake=intake, by=director_of(world, programme))
    round.introduction = "Both universities read your application; the one that coordinates answers your questions."
    round.answer_days = call.answer_days
    round.save()
    return round


def _ask(round: Round, *, own_letters: bool) -> None:
    Criterion.objects.bulk_create(
        Criterion(round=round, name=name, max_points=most, help=help, position=position)
        for position, (name, most, help) in enumerate(CRITERIA)
    )
    DocumentRequirement.objects.bulk_create(
        DocumentRequirement(round=round, name=name, help=help, needed=needed, position=position)
        for position, (name, help, needed) in enumerate(DOCUMENTS[round.kind])
    )
    if own_letters:
        LetterTemplate.objects.create(round=round, outcome=Outcome.OFFER, subject=OFFER[0], body=OFFER[1])


def _publishing(world: World, round: Round) -> datetime:
    """Twelve days before it opens; those that open late have been public since yesterday."""
    return min(round.opens_at - PUBLISHED_BEFORE_OPENING, world.calendar.at(-1, 10))


def head_of_desk(world: World, round: Round) -> User:
    """Who signs what is done at the desk of the round."""
    role = "director" if round.kind == Kind.DUAL_DEGREE else "exchange"
    return world.officer(role, round.university)


def _publish(world: World, round: Round) -> None:
    """As the action does, which refuses windows that lie in the past by the clock."""
    round.move("publish")
    record("round.published", round, by=head_of_desk(world, round), before="draft", after=round.state)
