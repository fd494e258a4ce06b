"""Courses of a few members, invented, and the lists that three dual degrees make of them."""

from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from cluster_portal.demo.course_texts import COURSES
from cluster_portal.demo.world import World
from members.acts import record
from members.models import StudyLevel, University
from programmes.models import Course, Pathway, Programme, ProgrammeCourse

PROGRAMMES = 3
AT_EACH = 4
GROUP = "Specialisation, choose one"


def make(world: World) -> None:
    """Every course was added by the academic coordinator of its university, some weeks ago."""
    programmes = _with_courses(world)
    sides = {side.university.slug for programme in programmes for side in programme.sides}
    for number, slug in enumerate(sorted(sides)):
        for row in _taught_at(number):
            course = _course(world, world.universities[slug], row)
            world.diary.plan(world.calendar.at(-20 - 5 * number, 11), _note(world, course))
    for programme in programmes:
        _list_courses(programme)
    world.diary.play()


def _taught_at(number: int) -> Iterator[dict[str, Any]]:
    """Each university has its own few of the invented courses."""
    return (COURSES[(number * 3 + step) % len(COURSES)] for step in range(AT_EACH))


def _course(world: World, university: University, row: dict[str, Any]) -> Course:
    local = [language for language in university.teaching_languages if language != "en"]
    running = world.calendar.next_autumn.year - 1
    course = Course(
        university=university, code=f"{university.slug[:3].upper()}-{row['number']}", title=row["title"],
        level=row.get("level", StudyLevel.MASTER), field_id=row["field"], ects=Decimal(row["ects"]),
        terms=row["terms"], languages=["en"] if row.get("open", True) else local[:1] or ["en"],
        open_to_exchange=row.get("open", True), exchange_note=row.get("note", ""),
        prerequisites=row.get("prerequisites", ""), is_sample=True,
        last_year=running + row["ends"] if "ends" in row else None,
    )  # fmt: skip
    course.save()
    return course


def _note(world: World, course: Course) -> Callable[[datetime], object]:
    by = world.officer("coordinator", course.university)
    return lambda at: record("course.added", course, by=by)


def _with_courses(world: World) -> list[Programme]:
    """The first dual master's with a pathway between members that have courses."""
    rows = Programme.objects.in_catalogue().with_parts().filter(level=StudyLevel.MASTER, pathways__isnull=False)
    members = {place.pk for place in world.members}
    found = [
        programme
        for programme in rows.distinct().order_by("slug")
        if all(side.university_id in members for side in programme.sides)
    ]
    return found[:PROGRAMMES]


def _list_courses(programme: Programme) -> None:
    """On each pathway the first semester at home and the first at the host: one course must be taken, the others are
    to choose from.
    """
    for pathway in programme.pathways.all():
        for place in (pathway.home_id, pathway.host_id):
            _list_at(programme, pathway, place)


def _list_at(programme: Programme, pathway: Pathway, place: int) -> None:
    semester = next((term.number for term in pathway.terms if term.university_id == place), None)
    courses = Course.objects.filter(university=place, level=StudyLevel.MASTER).order_by("code")
    for number, course in enumerate(courses):
        ProgrammeCourse.objects.create(
            programme=programme, course=course, pathway=pathway, semester=semester,
            part=ProgrammeCourse.Part.ELECTIVE if number else ProgrammeCourse.Part.COMPULSORY,
            group=GROUP if number else "",
        )  # fmt: skip
