"""A university keeps its courses: adds them, changes them, says that one is not taught any more."""

from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from members.academic_years import words
from members.actions.universities import constraint_as_refusal
from members.acts import Conflict, Refused, clean_or_refuse, record
from members.models import University, User
from programmes.models import Course


@transaction.atomic
def add_course(*, course: Course, by: User) -> Course:
    """Put a new course into the list of its university; it is public at once.

    Raises Refused for people who do not keep courses there, and where the model's own checks object.
    """
    refuse_strangers(course.university, by)
    course.slug = course.slug or course.free_slug()
    clean_or_refuse(course)
    with constraint_as_refusal(Course):  # two who add the same code at once both pass the checks
        keep_new(course, by=by)
    return course


@transaction.atomic
def change_course(*, course: Course, version: int, by: User) -> Course:
    """Save a changed course over `version`. Raises Conflict when somebody saved in between, else as `add_course`."""
    refuse_strangers(course.university, by)
    stored = Course.objects.get(pk=course.pk)  # `course` carries what was typed; only the table knows what it was
    clean_or_refuse(course)
    with constraint_as_refusal(Course):
        keep_changed(course, stored, version=version, by=by)
    return course


@transaction.atomic
def close_course(*, course: Course, last_year: int, by: User) -> Course:
    """Say in which academic year it is, or was, taught for the last time; programmes that name it keep it."""
    refuse_strangers(course.university, by)
    if course.first_year and last_year < course.first_year:
        raise Refused(_("It is taught from %(year)s; choose that year or a later one.") % words_of(course.first_year))
    return _end(course, last_year, "closed", by)


@transaction.atomic
def reopen_course(*, course: Course, by: User) -> Course:
    """Take back that it ends. Raises Refused where no end was said."""
    refuse_strangers(course.university, by)
    if course.last_year is None:
        raise Refused(_("This course has no last year."))
    return _end(course, None, "reopened", by)


def words_of(year: int) -> dict[str, str]:
    return {"year": words(year)}


def _end(course: Course, last_year: int | None, kind: str, by: User) -> Course:
    """Write the last year over the version that was read, so that two who say so are not both believed."""
    course.last_year = last_year
    try:
        course.save_over(course.version, ["last_year"])
    except Conflict as conflict:  # its own sentence speaks of two versions on the page; here there are none
        raise Refused(_("Somebody changed this course meanwhile. Look at it again before you go on.")) from conflict
    log(kind, course, by=by, reason=words(last_year) if last_year else "")
    return course


def keep_new(course: Course, *, by: User) -> None:
    """Save a course whose values were looked through, and write it down; the import calls it row by row."""
    course.save()
    log("added", course, by=by)


def keep_changed(course: Course, stored: Course, *, version: int, by: User) -> None:
    """Save over `version` what was looked through against `stored`, and write down which columns changed."""
    course.save_over(version)
    log("changed", course, by=by, details={"fields": changed_fields(stored, course)})


def log(kind: str, course: Course, *, by: User, **more: Any) -> models.Model:
    """One line of the course's timeline; a deputy's line names whom the deputy acts for."""
    mandate = by.mandate_for(*Course.KEEPERS, university=course.university)
    return record(f"course.{kind}", course, by=by, on_behalf_of=mandate.on_behalf_of(by) if mandate else None, **more)


def changed_fields(before: Course, after: Course) -> list[str]:
    """The names of the columns in which two states of a course differ."""
    columns = [field for field in Course._meta.concrete_fields if not field.generated and field.name != "version"]
    return [field.name for field in columns if getattr(before, field.attname) != getattr(after, field.attname)]


def refuse_strangers(university: University, by: User) -> None:
    if not by.has_perm("programmes.keep_courses", university):
        raise Refused(_("You keep the courses of your own university only."))
