"""Places that the members offer: last year's, this year's, those of the coming terms."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from applications.models import Kind, OptionRequirement
from cluster_portal.demo.calendar import StudyTerm
from cluster_portal.demo.topics import TOPICS, Topic
from cluster_portal.demo.world import World
from exchange.models import Placement
from members.acts import record
from members.models import Cefr, Contact, StudyLevel, Term, Unit, University

State, Asks = Placement.State, OptionRequirement.Asks

MONTHS = {Term.AUTUMN: 5, Term.SPRING: 5, Term.YEAR: 10}
CREDITS = {Term.AUTUMN: (20, 30), Term.SPRING: (20, 30), Term.YEAR: (45, 60)}
ONLY_FOR = "polito"  # one host keeps a place for the students of this university alone
KEPT_BY = "aalto"
KEPT_TITLE = "Photonics and quantum technology"


def make(world: World) -> None:
    """How many topics each host offers in which term, seen from the next term for which one can apply."""
    coming, autumn = world.calendar.next_term, world.calendar.next_autumn
    offers = (
        (coming.later(-3), 2, State.ARCHIVED),
        (coming.later(-2), 1, State.ARCHIVED),
        (coming.later(-1), 2, State.PUBLISHED),
        (coming, 4, State.PUBLISHED),
        (coming.later(1), 4, State.PUBLISHED),
        (coming.later(2), 2, State.PUBLISHED),
        (autumn.whole_year, 1, State.PUBLISHED),
    )
    contacts = {c.university_id: c for c in Contact.objects.filter(purpose=Contact.Purpose.INCOMING, ends_on=None)}
    for number, host in enumerate(world.members):
        units = list(Unit.objects.filter(university=host).order_by("pk"))
        for term, count, state in offers:
            for topic in _topics(number, term, count):
                _offer(world, host, topic, term, state, contact=contacts[host.pk], units=units)
    _unfinished(world, contacts)
    _keep_one_for_partners(world, coming)
    world.diary.play()


def _topics(number: int, term: StudyTerm, count: int) -> Iterator[Topic]:
    """Every host has six topics of its own choice and offers some of them each term."""
    own = [TOPICS[(number * 5 + step * 3) % len(TOPICS)] for step in range(6)]
    first = 0 if term.term == Term.AUTUMN else 1
    return (own[(first + step) % len(own)] for step in range(count))


def _offer(
    world: World, host: University, topic: Topic, term: StudyTerm, state: str, *, contact: Contact, units: list[Unit]
) -> Placement:
    dice = world.dice
    least, most = CREDITS[term.term]
    placement = Placement(
        kind=Kind.EXCHANGE, title=topic.title, host=host, academic_year=term.year, term=term.term,
        level=dice.choice(topic.levels), field_id=topic.field, places=dice.choice([1, 1, 2, 2, 2, 3, 4]),
        is_sample=True, unit=dice.choice([*units, None]), description=topic.text, languages=_languages(world, host),
        months=MONTHS[term.term], starts_on=term.first_day, ends_on=term.last_day, ects_min=least, ects_max=most,
        contact=contact, state=state, state_since=world.calendar.now,
    )  # fmt: skip
    published = min(term.first_day - timedelta(days=dice.randint(230, 280)), world.calendar.day(-dice.randint(20, 45)))
    _store(world, placement, (world.calendar.today - published).days)
    OptionRequirement.objects.bulk_create(_requirements(world, placement))
    return placement


def _languages(world: World, host: University) -> list[str]:
    """English nearly everywhere; at one host of three a local language beside or instead of it."""
    local = [language for language in host.teaching_languages if language != "en"]
    if "en" not in host.teaching_languages or (local and world.dice.random() < 0.12):
        return local[:1]
    return ["en", *local[:1]] if local and world.dice.random() < 0.25 else ["en"]


def _requirements(world: World, placement: Placement) -> Iterator[OptionRequirement]:
    dice = world.dice
    if placement.level == StudyLevel.MASTER:
        yield OptionRequirement(option=placement, asks=Asks.LEVEL, level=StudyLevel.MASTER)
    else:
        yield OptionRequirement(option=placement, asks=Asks.ECTS, number=Decimal(dice.choice([60, 90])))
    cefr = Cefr.B2 if placement.languages[0] == "en" or dice.random() < 0.5 else Cefr.B1
    yield OptionRequirement(option=placement, asks=Asks.LANGUAGE, language=placement.languages[0], cefr=cefr)
    if dice.random() < 0.3:
        number = Decimal(dice.choice([30, 40, 50]))
        yield OptionRequirement(option=placement, asks=Asks.GRADE, number=number, is_blocking=dice.random() < 0.5)
    if placement.field_id == "0731":
        yield OptionRequirement(option=placement, asks=Asks.FIELD, field_id="073")
        yield OptionRequirement(
            option=placement, asks=Asks.TEXT, text="A portfolio of at most ten pages", is_blocking=False
        )


def _store(world: World, placement: Placement, days_ago: int) -> None:
    """Save it and put into the diary how it came about."""
    placement.slug = placement.free_slug()
    placement.state_since = world.calendar.at(-days_ago, 14)
    placement.save()
    steps = [("placement.added", "", State.DRAFT, days_ago + 5)]
    if placement.state != State.DRAFT:
        steps.append(("placement.publish", State.DRAFT, State.PUBLISHED, days_ago))
    if placement.state == State.WITHDRAWN:
        steps.append(("placement.withdraw", State.PUBLISHED, State.WITHDRAWN, days_ago - 7))
    for kind, before, after, ago in steps:
        world.diary.plan(world.calendar.at(-ago, 14), _note(world, placement, kind, before, after))


def _note(world: World, placement: Placement, kind: str, before: str, after: str) -> Callable[[datetime], object]:
    by = world.officer("exchange", placement.host)
    reason = "The course is not taught next term." if after == State.WITHDRAWN else ""
    return lambda at: record(kind, placement, by=by, before=before, after=after, reason=reason)


def _unfinished(world: World, contacts: dict[int, Contact]) -> None:
    """Drafts that lack something, and places that were taken back."""
    term = world.calendar.next_term.later(2)
    for slug, state in (("kth", State.DRAFT), ("upc", State.DRAFT), ("kit", State.WITHDRAWN), ("tue", State.WITHDRAWN)):
        host = world.universities[slug]
        placement = Placement(
            kind=Kind.EXCHANGE, title="Systems engineering", host=host, academic_year=term.year, term=term.term,
            level=StudyLevel.MASTER, field_id="0719", places=2, is_sample=True, languages=["en"], state=state,
            description="" if state == State.DRAFT else "Requirements, architecture and tests of large systems.",
            contact=None if state == State.DRAFT else contacts[host.pk], state_since=world.calendar.now,
        )  # fmt: skip
        _store(world, placement, 12)


def _keep_one_for_partners(world: World, term: StudyTerm) -> None:
    """One place that only the students of one university may take, so that there is a queue for it."""
    host = world.universities[KEPT_BY]
    contact = Contact.objects.get(university=host, purpose=Contact.Purpose.INCOMING, ends_on=None)
    kept = Placement(
        kind=Kind.EXCHANGE, title=KEPT_TITLE, host=host, academic_year=term.year, term=term.term,
        level=StudyLevel.MASTER, field_id="0533", places=1, is_sample=True, languages=["en"], contact=contact,
        description=next(topic.text for topic in TOPICS if topic.title == KEPT_TITLE), ects_min=20, ects_max=30,
        starts_on=term.first_day, ends_on=term.last_day, state=State.PUBLISHED, state_since=world.calendar.now,
    )  # fmt: skip
    _store(world, kept, 60)
    kept.only_partners.set([world.universities[ONLY_FOR]])
