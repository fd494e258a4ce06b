"""Courses of all universities, the lists that programmes make of them, and the sheets they came in."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from import_export.fields import Field as Cell

from members.academic_years import running_on
from members.acts import Refused
from members.admin.base import CuratedAdmin, CuratedImportAdmin, ReadOnlyAdmin, previewed
from members.admin.resources import CheckedResource, ListWidget, by_code
from members.models import Field, University
from programmes import actions
from programmes.models import Course, CourseImport, ProgrammeCourse


class CourseResource(CheckedResource):
    """Courses of all universities, known by university and code."""

    university = by_code("university", University, "slug")
    field = by_code("field", Field, "code")
    terms = Cell("terms", "terms", ListWidget())
    languages = Cell("languages", "languages", ListWidget())

    class Meta(CheckedResource.Meta):
        model = Course
        import_id_fields = ("university", "code")
        fields = (
            "university", "code", "title", "level", "ects", "terms", "languages", "field", "open_to_exchange",
            "exchange_note", "prerequisites", "url", "first_year", "last_year",
        )  # fmt: skip

    def import_instance(self, instance: Course, row: Any, **options: Any) -> None:
        """A new row gets its address before its values are checked."""
        super().import_instance(instance, row, **options)
        if not instance.slug and instance.university_id:
            instance.slug = instance.free_slug()

    def before_save_instance(self, instance: Course, row: Any, **options: Any) -> None:
        """Whoever edits the course on its own page is shown that it has moved on."""
        instance.version += bool(instance.pk)


@admin.register(Course)
class CourseAdmin(CuratedImportAdmin):
    resource_classes = [CourseResource]
    list_display = ["code", "title", "university", "level", "ects", "term_names", "open_to_exchange", "last_year"]
    list_filter = ["open_to_exchange", "level", "university", "university__country", "is_sample"]
    list_select_related = ["university"]
    search_fields = ["code", "title", "slug", "university__short_name", "university__name"]
    autocomplete_fields = ["university", "unit", "field"]
    readonly_fields = ["slug", "version"]
    actions = ["close_chosen"]

    def has_delete_permission(self, request: HttpRequest, obj: Course | None = None) -> bool:
        """A course that a programme names stays: it is closed instead."""
        return super().has_delete_permission(request, obj) and not (obj and obj.uses.exists())

    def save_model(self, request: HttpRequest, obj: Course, form: Any, change: bool) -> None:
        """Whoever edits it on its own page is shown that it has moved on."""
        obj.version += change
        super().save_model(request, obj, form, change)

    @previewed(
        title=_("Note this year as the last"),
        consequence=_("They are taught until the running academic year ends; programmes that name them show it."),
        button=_("Note it"),
    )
    def close_chosen(self, request: HttpRequest, row: Course) -> None:
        if row.has_ended:  # noting this year would bring it back for a year
            raise Refused(_now("It has ended already."))
        actions.close_course(course=row, last_year=running_on(timezone.localdate()), by=request.user)


@admin.register(ProgrammeCourse)
class ProgrammeCourseAdmin(CuratedAdmin):
    list_display = ["course", "programme", "pathway", "semester", "part", "group"]
    list_filter = ["part", "semester", "course__university"]
    list_select_related = ["course", "programme", "pathway__home", "pathway__host"]
    search_fields = ["course__code", "course__title", "programme__title"]
    autocomplete_fields = ["programme", "course", "pathway"]


@admin.register(CourseImport)
class CourseImportAdmin(ReadOnlyAdmin):
    list_display = ["file_name", "university", "uploaded_by", "state", "created", "changed", "skipped", "read_at"]
    list_filter = ["state", "university"]
    list_select_related = ["university", "uploaded_by"]
    search_fields = ["file_name", "uploaded_by__email"]
    exclude = ["table"]
