"""Which courses a programme is made of: where, in which semester, whether one must take them."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.constraints import only_choices
from members.models.universities import tracked
from programmes.models.courses import Course
from programmes.models.pathways import Pathway
from programmes.models.programmes import Programme


class CoursePart(models.TextChoices):
    COMPULSORY = "compulsory", _("Compulsory")
    ELECTIVE = "elective", _("Elective")


class ProgrammeCourseQuerySet(models.QuerySet):
    def joined(self) -> "ProgrammeCourseQuerySet":
        return self.select_related("course__university", "pathway__home", "pathway__host")


@tracked()
class ProgrammeCourse(models.Model):
    """A course in the list of a programme, for all pathways or for one.

    The list is not part of the version that the secretariat publishes: catalogues change every year and at each partner
    on its own, and what the secretariat judges is the frame (where, when, for how many credits), which stands in the
    pathways. As with intakes, what the directors save is public at once.
    """

    Part = CoursePart

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="course_list")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="uses")
    pathway = models.ForeignKey(
        Pathway, on_delete=models.PROTECT, null=True, blank=True, related_name="course_list",
        verbose_name=_("only on the pathway"),
    )  # fmt: skip
    semester = models.PositiveSmallIntegerField(
        _("semester"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    part = models.CharField(_("part"), max_length=10, choices=CoursePart, default=CoursePart.COMPULSORY)
    group = models.CharField(
        _("group of electives"), max_length=80, blank=True, help_text=_("Such as: Control, choose two.")
    )

    objects = ProgrammeCourseQuerySet.as_manager()

    class Meta:
        ordering = ["semester", "part", "group", "course__code", "pk"]
        constraints = [
            only_choices("part", CoursePart),
            models.UniqueConstraint(
                fields=["programme", "course", "pathway"],
                nulls_distinct=False,  # else two rows for all pathways would pass: to PostgreSQL no null equals another
                deferrable=models.Deferrable.IMMEDIATE,  # an act in which two rows change pathways looks at its end
                name="a_course_once_per_programme_and_pathway",
                violation_error_message=_("This course stands in the list already."),
            ),
            models.CheckConstraint(
                condition=Q(semester__isnull=True) | Q(semester__range=(1, 12)),
                name="a_listed_course_has_a_semester_of_twelve",
                violation_error_message=_("A semester is a number from 1 to 12."),
            ),
            models.CheckConstraint(
                condition=Q(part="elective") | Q(group=""),
                name="only_electives_stand_in_a_group",
                violation_error_message=_("A compulsory course belongs to no group of electives."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course}"

    def clean(self) -> None:
        if self.pathway_id and self.pathway.programme_id != self.programme_id:
            raise ValidationError({"pathway": _("This pathway belongs to another programme.")})
