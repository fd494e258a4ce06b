"""Dual degrees: intakes of last, this and next year with seats, versions at every stage of curation, wish lists."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from cluster_portal.demo.calls import CALLS, Call
from cluster_portal.demo.world import World
from members.acts import record
from members.models import Term, User
from programmes import actions
from programmes.actions.editing import working_copy
from programmes.content import fingerprint
from programmes.models import Intake, PartnerRole, Programme, ProgrammeKind, Seats

WISHES = 45
USUAL_WINDOW = (34, 110)  # this year's, where no round is called, in days from today
A_YEAR = 365


def make(world: World) -> None:
    """Intakes first, then what directors and secretariat do."""
    with_pathways = Programme.objects.in_catalogue().with_parts().filter(pathways__isnull=False).distinct()
    calls = {call.programme: call for call in CALLS if call.programme}
    for number, programme in enumerate(with_pathways.order_by("slug")):
        _add_intakes(world, programme, calls.get(programme.slug), shift=number % 5 * 7)
    _new_one_in_review(world)
    _new_one_returned(world)
    _new_one_being_written(world)
    _new_version_in_review(world)
    _make_wishes(world)
    world.diary.play()


def director_of(world: World, programme: Programme) -> User:
    """Who runs it: the director of the side that coordinates, else of the first partner; the secretariat for others."""
    side = programme.sides[0].university
    return world.people.get(f"director.{side.slug}", world.secretariat)


def _add_intakes(world: World, programme: Programme, call: Call | None, shift: int) -> None:
    """Three years of them with seats on every pathway; when they were added goes into the diary."""
    opens, closes = (call.opens, call.closes) if call else (USUAL_WINDOW[0] + shift, USUAL_WINDOW[1] + shift)
    by = director_of(world, programme)
    pathways = list(programme.pathways.all())
    for years in (-1, 0, 1):
        days = years * A_YEAR
        intake = _intake(world, programme, years, opens + days, closes + days)
        for pathway in pathways:
            Seats.of(intake, pathway, world.dice.randint(2, 4)).save()
        added = world.calendar.at(min(opens + days, 0) - 60, 10)
        world.diary.plan(added, _note(intake, by))


def _intake(world: World, programme: Programme, years: int, opens: int, closes: int) -> Intake:
    zone = programme.sides[0].university.time_zone
    intake = Intake(
        programme=programme,
        academic_year=world.calendar.next_autumn.year + years,
        term=Term.AUTUMN,
        opens_at=world.calendar.at(opens, 9, zone=zone),
        closes_at=world.calendar.end_of(closes, zone),
        time_zone=zone,
        is_sample=True,
    )
    intake.key = intake.own_key()
    intake.save()
    return intake


def _note(intake: Intake, by: User) -> Callable[[datetime], object]:
    return lambda at: record("programme.intake_added", intake.programme, by=by, details={"intake": str(intake)})


def _basics(title: str, field: str, university: str) -> dict[str, Any]:
    return {
        "title": title,
        "field": field,
        "summary": f"{title}: one year at each of two universities, one degree from each.",
        "description": "The first year lays the ground at home; the second, with the thesis, is spent at the partner.",
        "award": "Master of Science from each of the two universities",
        "diploma": "separate",
        "ects_total": 120,
        "duration_semesters": 4,
        "tuition": "home",
        "contact_email": f"dual-degrees@{university}.demo.example",
    }


def _between(first: str, second: str) -> dict[str, Any]:
    """Partners, languages and one pathway of a master's degree of two universities."""
    row = {"unit": "", "ects": 60, "degree": "", "tuition_eu": None, "tuition_non_eu": None}
    terms = [{"university": place, "ects": "30", "what": ""} for place in (first, first, second, second)]
    terms[-1]["what"] = "Thesis"
    return {
        "languages": [{"language": "en", "cefr": "B2"}],
        "partners": [
            {**row, "university": first, "role": PartnerRole.COORDINATING, "position": 0},
            {**row, "university": second, "role": PartnerRole.AWARDING, "position": 1},
        ],
        "pathways": [{"key": f"{first}-{second}", "name": "", "home": first, "host": second, "semesters": terms}],
    }


def _begin(world: World, title: str, slug: str) -> Programme:
    university = world.universities[slug]
    programme = actions.create_programme(
        title=title, kind=ProgrammeKind.DUAL, level="master", university=university,
        by=world.officer("director", university),
    )  # fmt: skip
    programme.is_sample = True
    programme.save()
    return programme


def _write(programme: Programme, by: User, basics: dict[str, Any], parts: dict[str, Any]) -> None:
    """Save some of the basics and whole other parts, as the pages of the editor do."""
    content = working_copy(programme, by).content
    changed = {"basics": {**content["basics"], **basics}, **parts}
    seen = fingerprint({part: content[part] for part in changed})
    actions.save_parts(programme=programme, parts=changed, seen=seen, by=by)


def _new_one_in_review(world: World) -> None:
    def do(at: datetime) -> None:
        programme, by = _begin(world, "Resilient water infrastructure", "kth"), world.people["director.kth"]
        _write(programme, by, _basics(programme.title, "0732", "kth"), _between("kth", "tue"))
        actions.submit(programme=programme, by=by, now=at)

    world.diary.plan(world.calendar.at(-2, 15), do)


def _new_one_returned(world: World) -> None:
    made: list[Programme] = []

    def propose(at: datetime) -> None:
        programme, by = _begin(world, "Additive manufacturing", "polito"), world.people["director.polito"]
        _write(programme, by, _basics(programme.title, "0715", "polito"), _between("polito", "kuleuven"))
        actions.submit(programme=programme, by=by, now=at)
        made.append(programme)

    comment = "Please say who supervises the thesis, and in which language it may be written."
    world.diary.plan(world.calendar.at(-9, 11), propose)
    world.diary.plan(
        world.calendar.at(-6, 16),
        lambda at: actions.give_back(programme=made[0], comment=comment, by=world.secretariat, now=at),
    )


def _new_one_being_written(world: World) -> None:
    def do(at: datetime) -> None:
        programme = _begin(world, "Ocean engineering", "tecnico")
        basics = {"field": "0716", "summary": "Ships, offshore structures and the energy of waves."}
        _write(programme, world.people["director.tecnico"], basics, {})

    world.diary.plan(world.calendar.at(-3, 17), do)


def _new_version_in_review(world: World) -> None:
    """A published programme stays as it is until the secretariat has looked."""

    def do(at: datetime) -> None:
        programme, by = Programme.objects.get(slug="polito-tecnico-0716"), world.people["director.polito"]
        changes = {
            "tuition_note": "Both universities waive the fee for the thesis term.",
            "contact_email": "dual-degrees@polito.demo.example",
        }
        _write(programme, by, changes, {})
        actions.submit(programme=programme, by=by, now=at)

    world.diary.plan(world.calendar.at(-1, 12), do)


def _make_wishes(world: World) -> None:
    shown = list(Programme.objects.in_catalogue().order_by("slug"))
    for programme, student in _wishes(world, shown):
        at = world.calendar.at(-world.dice.randint(1, 60), world.dice.randint(8, 22))
        world.diary.plan(at, lambda at, p=programme, s=student: actions.add_wish(programme=p, by=s))


def _wishes(world: World, shown: list[Programme]) -> Iterator[tuple[Programme, User]]:
    everybody = [profile.user for slug in sorted(world.students) for profile in world.students[slug]]
    fixed = [world.people[f"student.{slug}"] for slug in ("kth", "aalto", "polito")]
    for student in fixed:
        yield from ((programme, student) for programme in world.dice.sample(shown, 3))
    for _ in range(WISHES):
        yield world.dice.choice(shown), world.dice.choice(everybody)
