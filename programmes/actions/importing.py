"""Courses from a spreadsheet: looked through row by row first, then imported; a course is known by its code."""

from copy import copy
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from members.actions.universities import constraint_as_refusal
from members.acts import Conflict, Refused
from members.models import University, User
from members.sheets import Row, Vocabulary, carry_out, read_cells, refuse_second
from programmes.actions.courses import keep_changed, keep_new, refuse_strangers
from programmes.columns import SHEET
from programmes.models import Course, CourseImport

# Not checked again: each would be a query for every row, and the vocabulary has found field and unit already.
DATABASE_ONLY = ["university", "slug", "field", "unit"]


class CourseRow(Row):
    @property
    def detail(self) -> str:
        return self.cells.get("code", "")


@transaction.atomic
def read_course_file(*, university: University, file: Any, by: User) -> CourseImport:
    """Keep the rows of a file for the dry run. Raises Refused when the file or its heading cannot be used."""
    refuse_strangers(university, by)
    return CourseImport.objects.create(
        university=university, uploaded_by=by, file_name=str(file.name)[-160:], table=SHEET.cells_of(file)
    )


def look_through(read: CourseImport) -> list[CourseRow]:
    """What each row would do now, in the order of the file; the heading is row 1. Queries do not grow with the rows."""
    known = Vocabulary(read.university)
    stored = {course.key: course for course in Course.objects.filter(university=read.university).joined()}
    rows = [CourseRow(number=number, cells=cells) for number, cells in enumerate(read.table, start=2) if cells]
    for row in rows:
        _read_row(row, known, stored)
    refuse_second(rows, lambda course: course.key, "code", _("this code stands in row %(row)d already"))
    return rows


@transaction.atomic
def apply_course_import(*, read: CourseImport, only_good: bool, by: User, now: datetime) -> CourseImport:
    """Do what the dry run showed: new codes become courses, known ones are changed, none is taken away.

    Raises Refused when rows are wrong and `only_good` was not chosen, and when the file was imported already.
    """
    refuse_strangers(read.university, by)
    with constraint_as_refusal(Course):  # somebody may add one of the codes while the file is written
        carry_out(read, look_through(read), lambda row: _write(row, by), only_good=only_good, now=now)
    return read


def _read_row(row: CourseRow, known: Vocabulary, stored: dict[str, Course]) -> None:
    values = dict(read_cells(row, SHEET, known))
    # By capitals, as the constraint tells codes apart; the sheet may write them as it likes.
    found = stored.get(str(values.get("code", "")).upper())
    # A copy, so that what stands can be compared with what would come.
    row.thing = copy(found) if found else Course(university=known.university)
    row.stands = found
    for name, value in values.items():
        setattr(row.thing, name, value)
    if not row.errors:
        _check(row)
    if found and not row.errors:
        row.compare(SHEET.written(found, row.cells), SHEET.written(row.thing, row.cells))


def _check(row: CourseRow) -> None:
    """The model's own checks, each message at its column; what spans two columns is asked here, without a query."""
    row.check_fields(exclude=DATABASE_ONLY, column_of={})
    course = row.thing
    if not row.errors and course.first_year and course.last_year and course.first_year > course.last_year:
        row.wrong("last_year", _broken_rule("first_year_before_last_year"))


def _broken_rule(ending: str) -> str:
    """The sentence of the table's own constraint."""
    rule = next(rule for rule in Course._meta.constraints if rule.name.endswith(ending))
    return str(rule.violation_error_message)


def _write(row: CourseRow, by: User) -> None:
    if row.outcome == "new":
        keep_new(row.thing, by=by)
    elif row.outcome == "changed":
        try:
            keep_changed(row.thing, row.stands, version=row.stands.version, by=by)
        except Conflict as conflict:  # saved on its own page since the rows were looked through
            raise Refused(
                _("Somebody changed %(course)s meanwhile; nothing was imported. Look through the rows again.")
                % {"course": row.stands}
            ) from conflict
