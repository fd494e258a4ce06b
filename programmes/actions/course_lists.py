"""The course list of a programme: its directors name courses of the partners and say where they belong."""

from collections.abc import Collection, Iterable

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.actions.universities import constraint_as_refusal, fingerprint
from members.acts import Conflict, Refused, clean_or_refuse
from members.bulk import checked_together
from members.models import User
from programmes.actions.guards import hold
from programmes.actions.telling import note
from programmes.models import Course, Pathway, Programme, ProgrammeCourse

MOST_COURSES = 200


@transaction.atomic
def add_to_course_list(
    *,
    programme: Programme,
    courses: Collection[Course],
    pathway: Pathway | None,
    semester: int | None,
    part: str,
    group: str,
    by: User,
) -> list[ProgrammeCourse]:
    """Put courses of the partners behind each other into one place of the list; public at once.

    Raises Refused for a course of a university that is no partner, for one that stands there already, and when the
    list is full. The programme's row is the lock.
    """
    programme = hold(programme, by, "edit_course_list")
    places = {partner.university_id for partner in programme.partners.all()}
    strangers = [course for course in courses if course.university_id not in places]
    if strangers:
        raise Refused(_("%(course)s is taught at a university that is no partner.") % {"course": strangers[0]})
    _refuse_twice(programme, courses, pathway)
    if programme.course_list.count() + len(courses) > MOST_COURSES:
        raise Refused(_("A list holds %(most)d courses; take some out first.") % {"most": MOST_COURSES})
    words = {"pathway": pathway, "semester": semester, "part": part, "group": group}
    rows = [ProgrammeCourse(programme=programme, course=course, **words) for course in courses]
    for row in rows:
        clean_or_refuse(row)
        row.save()
    _note(programme, by)
    return rows


def _refuse_twice(programme: Programme, courses: Collection[Course], pathway: Pathway | None) -> None:
    """A course stands there for all pathways, or for single ones."""
    there = programme.course_list.filter(course__in=courses).select_related("course")
    if pathway is not None:
        there = there.filter(pathway=None) | there.filter(pathway=pathway)
    codes = sorted({row.course.code for row in there})
    if codes:
        words = ngettext("%(codes)s stands in the list already.", "%(codes)s stand in the list already.", len(codes))
        raise Refused(words % {"codes": ", ".join(codes)})


@transaction.atomic
def save_course_list(
    *,
    programme: Programme,
    seen: str,
    saved: Iterable[ProgrammeCourse],
    removed: Iterable[ProgrammeCourse],
    by: User,
) -> None:
    """Save changed rows of the list and take out others, if the list still is as the person saw it.

    `seen` is the fingerprint of the rows on the page that was edited. Raises Conflict when they differ now, Refused
    when a constraint is broken.
    """
    programme = hold(programme, by, "edit_course_list")
    if fingerprint(programme.course_list.all()) != seen:
        raise Conflict(_("Somebody else saved this page while you were editing. Both versions are shown below."))
    with constraint_as_refusal(ProgrammeCourse), checked_together("a_course_once_per_programme_and_pathway"):
        for row in removed:  # out first: a row that is changed may take the place of one that goes
            row.delete()
        for row in saved:
            row.save()
    _note(programme, by)


def _note(programme: Programme, by: User) -> None:
    note("courses_edited", programme, by=by)
