"""The lists of courses: of the whole consortium, of one university, and what a university keeps."""

from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, F, Func, QuerySet
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from members.lists import Catalogue, Facet, Flag
from members.models import Language, StudyLevel, Term, University
from programmes.columns import SHEET
from programmes.filters import field_names, place_names
from programmes.models import Course

# ISCED-F 2013: the first two digits of a field are its broad field.
BROAD = Left(F("field_id"), 2, output_field=CharField())

# A faculty has the courses of its departments, a department those of its laboratories: trees are no deeper.
UNITS = Func(
    F("unit__name"), F("unit__parent__name"), F("unit__parent__parent__name"),
    function="ARRAY", template="%(function)s[%(expressions)s]", output_field=ArrayField(CharField(max_length=200)),
)  # fmt: skip


class CourseFilter(Catalogue):
    """Courses of all universities. The rows are joined (CourseQuerySet.joined)."""

    open = Flag(
        label=_("Exchange"), words=_("Open to exchange students"),
        keep=lambda queryset, request: queryset.filter(open_to_exchange=True),
    )  # fmt: skip
    term = Facet(label=_("Term"), path="terms", labels=Term, array=True)
    level = Facet(label=_("Level"), path="level", labels=StudyLevel)
    language = Facet(label=_("Taught in"), path="languages", labels=Language, array=True)
    field = Facet(label=_("Field"), path=BROAD, labels=field_names)
    university = Facet(label=_("University"), path="university__slug", labels=place_names)

    sorts = {
        "title": (_("title"), ("title", "pk")),
        "code": (_("code"), ("code", "pk")),
        "university": (_("university"), ("university__short_name", "code", "pk")),
        "ects": (_("most credits"), ("-ects", "title", "pk")),
        "new": (_("newest"), ("-created_at", "pk")),
    }
    columns: dict[Any, Any] = {
        _("Code"): "code",
        _("Title"): "title",
        _("University"): "university.name",
        _("City"): "university.city",
        _("Faculty or department"): "unit.name",
        _("Level"): "get_level_display",
        _("ECTS"): "ects",
        _("Term"): "term_names",
        _("Taught in"): "language_names",
        _("Field"): "field_id",
        _("Field name"): "field.name",
        _("Open to exchange students"): lambda course: _("yes") if course.open_to_exchange else _("no"),
        _("What exchange students should know"): "exchange_note",
        _("Prerequisites"): "prerequisites",
        _("Years"): "years",
        _("Page in the catalogue"): "url",
        _("Sample"): lambda course: _("yes") if course.is_sample else _("no"),
        _("Key"): "slug",
    }

    class Meta:
        model = Course
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.matching(value)


class UniversityCourseFilter(CourseFilter):
    """Courses of one university: by its units instead of by university."""

    university = None
    unit = Facet(label=_("Faculty or department"), path=UNITS, array=True)

    sorts = {key: order for key, order in CourseFilter.sorts.items() if key != "university"}


class KeptCourseFilter(UniversityCourseFilter):
    """What a university keeps, ended ones too. The export has the columns of the import, to be read in again."""

    columns: dict[Any, Any] = {column.name: column.write for column in SHEET.columns}


def courses_on(user: Any, day: date) -> QuerySet:
    """The rows of the list as `user` sees it on `day`: taught then or later."""
    return Course.objects.visible_to(user).taught_on(day).joined()


def courses_of(university: University, user: Any, day: date) -> QuerySet:
    """The rows of one university's list; who keeps them sees those that have ended too."""
    rows = Course.objects.filter(university=university).joined()
    return rows if user.has_perm("programmes.keep_courses", university) else rows.taught_on(day)
