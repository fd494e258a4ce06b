"""A spreadsheet of courses between the dry run and the import."""

from django.db import models

from members.constraints import only_choices
from members.models import University
from members.models.sheets import SheetImport, SheetState, applied_says_when
from programmes.models.courses import Course


class CourseImportQuerySet(models.QuerySet):
    def visible_to(self, user: models.Model) -> "CourseImportQuerySet":
        """Everybody sees the files they have read in themselves, as long as they keep courses there."""
        own = self.filter(uploaded_by=user)
        if user.has_perm("members.curate"):
            return own
        return own.filter(university__in=user.universities_as(*Course.KEEPERS))


class CourseImport(SheetImport):
    university = models.ForeignKey(University, on_delete=models.CASCADE, related_name="course_imports")

    objects = CourseImportQuerySet.as_manager()

    class Meta(SheetImport.Meta):
        abstract = False
        constraints = [only_choices("state", SheetState), applied_says_when("an_applied_course_import_says_when")]
