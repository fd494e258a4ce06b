"""Practices that the members share: written, judged, published, read, adopted, archived, by the portal's own acts."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from cluster_portal.demo.papers import PDF, paper
from cluster_portal.demo.practice_texts import TEXTS, Text
from cluster_portal.demo.world import World
from practices import actions
from practices.models import EvidenceLink, Practice, PracticeVersion, Topic

Made = dict[int, Practice]
Deed = Callable[[datetime], object]
Adopted = tuple[int, str, int, str, str]

WRITERS = ("coordinator", "director", "grants", "exchange", "head")
PUBLISHED, FIRST_DAYS_AGO, DAYS_APART = 20, 660, 32
COLUMNS = ("summary", "problem", "context", "done", "resources", "result", "evidence", "conditions")
NOTES = {
    0: "We have seen the measurements of both years. The first plan, which failed, is worth reading.",
    4: "Ask your insurance first, as they say: at two other universities that took longest.",
    12: "The cost is high because four people were hired; begin with one, in the field that asks most.",
}
# By the number of the text: which university, how many days ago, what it changed, what came of it.
ADOPTIONS: tuple[Adopted, ...] = (
    (0, "aalto", 300, "Warms one hall and a greenhouse; the pump is half as large.", "Bought heat fell by 140 MWh."),
    (0, "tuda", 210, "The loop is colder here, 24 °C, so the pump needs more current.", ""),
    (0, "kit", 90, "We only measure so far, as they advise.", ""),
    (1, "upc", 400, "Four faculties, and the companies pay the coaches.", "22 teams; two theses won a prize."),
    (1, "kuleuven", 260, "Teams of four: there are only two faculties.", "Students ask for a longer slot."),
    (1, "tue", 120, "", ""),
    (2, "kth", 380, "The helpline was open for two weeks only.", "From 24 to 7 days."),
    (2, "polito", 330, "We kept paper for partners outside Europe.", "Nine of ten agreements are online."),
    (2, "tecnico", 180, "", "The list of answers is in two languages."),
    (3, "tue", 200, "Only for projects of more than 5 ECTS.", "Fewer questions about grades."),
    (3, "grenoble-inp", 60, "Fifteen minutes, in French or English.", ""),
    (4, "upc", 150, "A staircase instead of a corridor.", "Five trials; the signs stayed."),
    (5, "kit", 140, "One landlord, 25 rooms.", "No late arrivals last autumn."),
    (6, "polito", 310, "Decisions hold for four years, not six.", "From 31 to 9 days for a recognition."),
    (6, "uclouvain", 240, "Each faculty keeps its part of the table.", "Half of the requests need no decision."),
    (6, "aalto", 100, "We took their table over and added 60 partners.", ""),
    (7, "kth", 170, "Groups of ten, and the leaders get credits as well.", ""),
    (8, "kuleuven", 220, "One afternoon a month.", "14 ideas, five proposals."),
    (13, "kit", 110, "Seven offices take part.", "Sent away: 12 % after half a year."),
    (13, "uclouvain", 50, "", ""),
    (15, "tuda", 70, "Sixteen questions; three were law here already.", ""),
    (10, "polito", 45, "Ten weeks online, and the week in Turin.", ""),
)
TAKEN_BACK: Adopted = (9, "grenoble-inp", 130, "We tried it for a term.", "")
FOLLOWED = {
    "coordinator": ("education.01", "education.05", "education"),
    "exchange": ("administration", "administration.08", "professional_training.02"),
    "grants": ("administration.05", "administration.07", "professional_training.07"),
    "head": ("strategy", "campus_development"),
}


def make(world: World) -> None:
    made: Made = {}
    for number, text in enumerate(TEXTS):
        ago = FIRST_DAYS_AGO - number * DAYS_APART if number < PUBLISHED else 30 - (number - PUBLISHED) * 3
        world.diary.plan(world.calendar.at(-ago - 21, 10), _begin(world, made, number, text))
        if number < PUBLISHED or number in (PUBLISHED, len(TEXTS) - 1):
            world.diary.plan(world.calendar.at(-ago - 9, 11), _submit(made, number))
            world.diary.plan(world.calendar.at(-ago, 15), _publish(world, made, number))
    _unfinished(world, made)
    _later_versions(world, made)
    for row in ADOPTIONS:
        world.diary.plan(world.calendar.at(-row[2], 13), _adopt(world, made, row))
    world.diary.plan(world.calendar.at(-TAKEN_BACK[2], 13), _adopt(world, made, TAKEN_BACK, taken_back=True))
    world.diary.plan(world.calendar.at(-700, 8), lambda at: _follow_topics(world))
    world.diary.plan(world.calendar.at(-4, 10), lambda at: _ask(world, made))
    world.diary.play()


def _begin(world: World, made: Made, number: int, text: Text) -> Deed:
    def deed(at: datetime) -> None:
        university = world.universities[text.at]
        by = world.officer(WRITERS[number % len(WRITERS)], university)
        practice = actions.begin_practice(university=university, title=text.title, by=by, now=at)
        Practice.objects.filter(pk=practice.pk).update(is_sample=True)
        made[number] = practice
        _write(practice, text)
        if number in (0, 2, 6):
            report = paper([text.title, "Figures of three years", "A sample, invented for this demonstration."])
            actions.add_file(
                practice=practice, upload=SimpleUploadedFile("figures.pdf", report, PDF), by=by,
                label="Figures of three years", audience="members" if number == 2 else "public",
            )  # fmt: skip

    return deed


def _write(practice: Practice, text: Text, **changes: str) -> None:
    version = PracticeVersion.objects.get(pk=Practice.objects.get(pk=practice.pk).latest_id)
    for name in COLUMNS:
        setattr(version, name, changes.get(name, getattr(text, name)))
    version.cost_eur, version.maturity = text.cost, text.maturity
    version.person_months = Decimal(text.months) if text.months else None
    address = f"https://practices.demo.example/{practice.reference.lower()}"
    links = [EvidenceLink(label="Yearly figures", url=address)] if text.maturity == "transferred" else []
    topics = list(Topic.objects.filter(pk__in=text.topics))
    actions.save_version(version=version, seen=version.version, topics=topics, links=links, by=practice.owner)


def _submit(made: Made, number: int) -> Deed:
    return lambda at: actions.submit(practice=made[number], by=made[number].owner, now=at)


def _submitted(practice: Practice) -> str:
    return PracticeVersion.objects.submitted().get(practice=practice).sha256


def _publish(world: World, made: Made, number: int, turn: int = 0) -> Deed:
    """By turns the secretariat and a reviewer of another university judge."""

    def deed(at: datetime) -> None:
        practice = made[number]
        others = [place for place in world.members if place.pk != practice.university_id]
        at_turn = number + turn
        by = world.secretariat if at_turn % 2 == 0 else world.officer("reviewer", others[at_turn % len(others)])
        comment = "" if turn else NOTES.get(number, "")
        actions.publish(practice=practice, seen=_submitted(practice), comment=comment, by=by, now=at)

    return deed


def _unfinished(world: World, made: Made) -> None:
    """Two are archived, two wait for curators, one is a draft, one is to be changed, one was refused."""
    plan, at = world.diary.plan, world.calendar.at
    for number, ago in ((PUBLISHED, 3), (26, 2)):
        plan(at(-ago, 16), _archive(made, number))
    for number, ago in ((21, 6), (22, 2), (24, 5), (25, 9)):
        plan(at(-ago, 9), _submit(made, number))
    asked = "What did it cost in all, and is there a figure for the year before? Then it can be published."
    plan(at(-2, 12), _give_back(world, made, 24, actions.ask_for_changes, asked))
    refused = "This advertises a programme. A practice says what another university could do."
    plan(at(-7, 12), _give_back(world, made, 25, actions.refuse, refused))


def _archive(made: Made, number: int) -> Deed:
    why = "The service ended with its funding."
    return lambda at: actions.archive(practice=made[number], reason=why, by=made[number].owner, now=at)


def _give_back(world: World, made: Made, number: int, act: Callable[..., object], why: str) -> Deed:
    return lambda at: act(
        practice=made[number], seen=_submitted(made[number]), comment=why, by=world.secretariat, now=at
    )


def _later_versions(world: World, made: Made) -> None:
    """The first practice has three versions; one of another waits for curators, one more is being written."""
    more = {
        330: {"result": "Bought heat fell from 410 to 120 MWh a year. The pump is paid back in eight years."},
        80: {"context": "A campus of the 1950s with a computing centre in the middle of it, and three more since."},
    }
    for turn, (ago, changes) in enumerate(more.items(), start=1):
        world.diary.plan(world.calendar.at(-ago - 12, 10), _revise(made, 0, changes))
        world.diary.plan(world.calendar.at(-ago - 8, 10), _submit(made, 0))
        world.diary.plan(world.calendar.at(-ago, 14), _publish(world, made, 0, turn))
    new = {"result": "Time from the last edit to the last signature fell from 31 to 4 days. 91 % sign online."}
    world.diary.plan(world.calendar.at(-5, 10), _revise(made, 2, new))
    world.diary.plan(world.calendar.at(-1, 10), _submit(made, 2))
    world.diary.plan(world.calendar.at(-3, 10), _revise(made, 1, {}))


def _revise(made: Made, number: int, changes: dict[str, str]) -> Deed:
    def deed(at: datetime) -> None:
        actions.begin_version(practice=made[number], by=made[number].owner, now=at)
        _write(made[number], TEXTS[number], **changes)

    return deed


def _adopt(world: World, made: Made, row: Adopted, *, taken_back: bool = False) -> Deed:
    number, slug, _ago, changed, result = row

    def deed(at: datetime) -> None:
        university = world.universities[slug]
        by = world.officer(WRITERS[number % len(WRITERS)], university)
        adoption = actions.adopt(
            practice=made[number], university=university, since=at.date() - timedelta(days=60), changed=changed,
            result=result, by=by, now=at,
        )  # fmt: skip
        adoption.is_sample = True
        adoption.save(update_fields=["is_sample"])
        if taken_back:
            actions.withdraw_adoption(adoption=adoption, by=by, now=at + timedelta(days=60))

    return deed


def _follow_topics(world: World) -> None:
    topics = {topic.pk: topic for topic in Topic.objects.all()}
    for place in world.members[::2]:
        for role, codes in FOLLOWED.items():
            for code in codes:
                actions.follow_topic(topic=topics[code], by=world.officer(role, place))


def _ask(world: World, made: Made) -> None:
    by = world.officer("grants", world.universities["tue"])
    actions.ask_contact(practice=made[8], by=by, text="Do you pay the three colleagues, or is it counted as teaching?")
