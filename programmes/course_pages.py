"""What pages say of courses: one course with the programmes that name it, and a programme's list with its sums."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.models import Act, University
from programmes.models import Course, Pathway, Programme, ProgrammeCourse


def page(course: Course, user: Any, now: datetime) -> dict[str, Any]:
    """The context of one course's page for `user` at `now`; a constant number of queries."""
    keeps = user.has_perm("programmes.keep_courses", course)
    return {
        "course": course,
        "university": course.university,
        "turn": _ended_turn(course) if course.has_ended_on(localdate(now)) else None,
        "uses": uses_of(course, user),
        "keeps": keeps,
        "steps": timeline_of(course) if keeps else [],
    }


def _ended_turn(course: Course) -> dict[str, Any]:
    return {
        "caps": course.years,
        "title": _("This course is not taught any more."),
        "why": _("Its page stays for the programmes that name it."),
    }


def uses_of(course: Course, user: Any) -> list[ProgrammeCourse]:
    """Where programmes name the course, as far as the reader may see those programmes."""
    shown = Programme.objects.visible_to(user).filter(course_list__course=course)
    rows = ProgrammeCourse.objects.filter(course=course, programme__in=shown.values("pk"))
    return list(rows.select_related("programme", "pathway__home", "pathway__host").order_by("programme__title", "pk"))


def kept_at(user: Any) -> list[University]:
    """The universities whose courses this person keeps."""
    return user.universities_as(*Course.KEEPERS) if user.is_authenticated else []


ACT_WORDS = {
    "course.added": gettext_lazy("Added"),
    "course.changed": gettext_lazy("Changed"),
    "course.closed": gettext_lazy("Last year noted"),
    "course.reopened": gettext_lazy("Taught on"),
}


def timeline_of(course: Course) -> list[dict[str, Any]]:
    """What happened to it, the newest last; for those who keep it."""
    return [
        {
            "label": str(ACT_WORDS.get(act.kind, act.kind)),
            "state": "done",
            "at": act.at,
            "by": _by(act),
            "detail": act.reason or _names(act.details.get("fields", [])),
        }
        for act in Act.objects.about(course)
    ]


def _by(act: Act) -> str:
    if act.on_behalf_of:
        return _("%(person)s for %(other)s") % {"person": act.actor, "other": act.on_behalf_of}
    return str(act.actor) if act.actor else ""


def _names(fields: list[str]) -> str:
    return ", ".join(str(Course._meta.get_field(name).verbose_name) for name in fields)


@dataclass
class ListPart:
    """The courses of one semester at one university, for all pathways or for one."""

    semester: int | None
    pathway: Pathway | None
    rows: list[ProgrammeCourse] = field(default_factory=list)

    @property
    def heading(self) -> str:
        words = _("Semester %(number)d") % {"number": self.semester} if self.semester else _("Any semester")
        return f"{words} · {self.pathway}" if self.pathway else words

    @property
    def sums(self) -> str:
        """ "22.5 ECTS compulsory, 15 ECTS to choose from"."""
        compulsory, elective = (self._sum(part) for part in ProgrammeCourse.Part)
        told = [
            _("%(ects)s ECTS compulsory") % {"ects": compulsory} if compulsory else "",
            _("%(ects)s ECTS to choose from") % {"ects": elective} if elective else "",
        ]
        return ", ".join(words for words in told if words)

    def _sum(self, part: str) -> str:
        total = sum((row.course.ects for row in self.rows if row.part == part), Decimal(0))
        return f"{total.normalize():f}" if total else ""


@dataclass
class ListPlace:
    """What one takes at one university."""

    university: University
    parts: list[ListPart] = field(default_factory=list)


def course_list_of(programme: Programme, day: date) -> list[ListPlace]:
    """The programme's list by university, semester and pathway, the partners in their order; one query."""
    order = {side.university_id: number for number, side in enumerate(programme.sides)}
    places: dict[int, ListPlace] = {}
    for row in sorted(programme.course_list.joined(), key=lambda row: _order(row, order)):
        row.has_ended = row.course.has_ended_on(day)
        place = places.setdefault(row.course.university_id, ListPlace(row.course.university))
        _part(place, row).rows.append(row)
    return list(places.values())


def _order(row: ProgrammeCourse, places: dict[int, int]) -> tuple[Any, ...]:
    """A university that is no partner any more comes last; so does what may be taken in any semester."""
    at = places.get(row.course.university_id, len(places))
    pathway = row.pathway.position + 1 if row.pathway else 0
    compulsory_first = row.part != ProgrammeCourse.Part.COMPULSORY
    # A programme has twelve semesters at most.
    return at, row.semester or 99, pathway, compulsory_first, row.group, row.course.code


def _part(place: ListPlace, row: ProgrammeCourse) -> ListPart:
    """The part the row belongs to; rows come sorted, so that it is the last one or a new one."""
    last = place.parts[-1] if place.parts else None
    if last is None or (last.semester, last.pathway) != (row.semester, row.pathway):
        last = ListPart(row.semester, row.pathway)
        place.parts.append(last)
    return last
