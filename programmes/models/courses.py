"""Courses of universities: what one can take there, when, in which language, and whether guests may."""

from datetime import date
from decimal import Decimal
from typing import Any

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, StepValueValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Mod, Upper
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from members.academic_years import running_on, words
from members.acts import Versioned
from members.constraints import in_order, only_choices
from members.folding import Fold, fold
from members.models import Field, Language, Role, StudyLevel, Term, Unit, University
from members.models.universities import tracked

SLUG_LENGTH = 100
YEARS = [MinValueValidator(1990), MaxValueValidator(2100)]
HALF = Decimal("0.5")
IN_HALVES = _("A course has from 0.5 to 60 ECTS credits, in steps of 0.5.")
FULL_YEAR_ALONE = _("A course of the full year names no other term.")
# A trigger, because a check constraint sees one row of one table, and whose the unit is stands in another.
UNIT_ELSEWHERE = """
IF NOT EXISTS (SELECT FROM members_unit WHERE id = NEW.unit_id AND university_id = NEW.university_id) THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'a_course_stands_at_a_unit_of_its_university',
        MESSAGE = 'The unit belongs to another university than the course.';
END IF;
RETURN NEW;
"""


def full_year_alone(terms: list[str]) -> None:
    if Term.YEAR in terms and len(terms) > 1:
        raise ValidationError(FULL_YEAR_ALONE)


class CourseQuerySet(models.QuerySet):
    def visible_to(self, user: models.Model) -> "CourseQuerySet":
        """Courses are public, those of a university that is archived to the secretariat only."""
        return self.filter(university__in=University.objects.visible_to(user).values("pk"))

    def taught_on(self, day: date) -> "CourseQuerySet":
        """Those that have not ended before the academic year that runs on `day`; coming ones among them."""
        return self.filter(Q(last_year__isnull=True) | Q(last_year__gte=running_on(day)))

    def joined(self) -> "CourseQuerySet":
        """What a row of a list shows."""
        return self.select_related("university__country", "field", "unit")

    def matching(self, typed: str) -> "CourseQuerySet":
        """Every word of `typed` stands in code or title, or in the names of university, unit or field."""
        fields = Field.objects.annotate(plain=Fold("name"))
        units = Unit.objects.annotate(plain=Fold("name"))
        found = self
        for word in fold(typed).split()[:8]:
            found = found.filter(
                Q(search_text__contains=word)
                | Q(university__in=University.objects.matching(word).values("pk"))
                | Q(unit__in=units.filter(plain__contains=word).values("pk"))
                | Q(field__in=fields.filter(Q(plain__contains=word) | Q(code__startswith=word)).values("pk"))
            )
        return found


@tracked(exclude=["search_text"])
class Course(Versioned):
    """A course as its university's catalogue has it.

    The code makes it one, not the code and a year: programmes name the course, and next year's catalogue confirms the
    row instead of doubling it. `first_year` and `last_year` are academic years, empty where not known or not in sight;
    a course that has ended stays for the programmes that name it.
    """

    KEEPERS = (Role.COORDINATOR, Role.EXCHANGE, Role.OFFICIAL)

    university = models.ForeignKey(
        University, on_delete=models.PROTECT, related_name="courses", verbose_name=_("university")
    )
    slug = models.SlugField(_("address"), max_length=SLUG_LENGTH, unique=True, editable=False)
    code = models.CharField(_("code"), max_length=40, help_text=_("As in your catalogue, such as EL2520."))
    title = models.CharField(_("title"), max_length=200)
    unit = models.ForeignKey(
        Unit, on_delete=models.SET_NULL, null=True, blank=True, related_name="courses",
        verbose_name=_("faculty or department"),
    )  # fmt: skip
    level = models.CharField(_("level"), max_length=10, choices=StudyLevel, default=StudyLevel.MASTER)
    field = models.ForeignKey(
        Field, on_delete=models.PROTECT, null=True, blank=True, related_name="courses", verbose_name=_("field"),
        help_text=_("By ISCED-F, the list all European universities use."),
    )  # fmt: skip
    ects = models.DecimalField(
        _("ECTS credits"), max_digits=3, decimal_places=1,
        validators=[
            MinValueValidator(HALF), MaxValueValidator(60), StepValueValidator(HALF, IN_HALVES),
        ],
    )  # fmt: skip
    terms = ArrayField(
        models.CharField(max_length=6, choices=Term), verbose_name=_("taught in the term"), validators=[full_year_alone]
    )
    languages = ArrayField(models.CharField(max_length=2, choices=Language), verbose_name=_("taught in"))
    open_to_exchange = models.BooleanField(_("open to exchange students"), default=False)
    exchange_note = models.CharField(
        _("what exchange students should know"), max_length=240, blank=True,
        help_text=_("Such as: ten places for guests; only with the laboratory."),
    )  # fmt: skip
    prerequisites = models.TextField(_("prerequisites"), max_length=2000, blank=True)
    url = models.URLField(_("page in the catalogue"), max_length=300, blank=True)
    first_year = models.PositiveSmallIntegerField(
        _("first taught in"), null=True, blank=True, validators=YEARS,
        help_text=_("The year the academic year begins in: 2027 for 2027/28."),
    )  # fmt: skip
    last_year = models.PositiveSmallIntegerField(_("last taught in"), null=True, blank=True, validators=YEARS)
    is_sample = models.BooleanField(_("is a sample"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    search_text = models.GeneratedField(
        expression=Fold(Concat("code", Value(" "), "title")), output_field=models.TextField(), db_persist=True
    )

    objects = CourseQuerySet.as_manager()

    class Meta:
        ordering = ["university", "code"]
        indexes = [models.Index(fields=["title"], name="course_by_title")]
        constraints = [
            only_choices("level", StudyLevel),
            models.UniqueConstraint(
                "university",
                Upper("code"),
                name="a_course_code_once_per_university",
                violation_error_message=_("Your university has a course with this code already."),
            ),
            models.CheckConstraint(
                condition=Q(ects__gt=0, ects__lte=60) & Q(Exact(Mod(F("ects"), Value(HALF)), Decimal(0))),
                name="a_course_has_half_credits_up_to_60",
                violation_error_message=IN_HALVES,
            ),
            models.CheckConstraint(
                condition=Q(terms__len__gt=0, terms__contained_by=Term.values),
                name="a_course_is_taught_in_a_term",
                violation_error_message=_("Say in which term it is taught."),
            ),
            models.CheckConstraint(
                condition=~Q(terms__contains=[Term.YEAR]) | Q(terms__len=1),
                name="a_full_year_course_names_no_other_term",
                violation_error_message=FULL_YEAR_ALONE,
            ),
            models.CheckConstraint(
                condition=Q(languages__len__gt=0, languages__contained_by=Language.values),
                name="a_course_is_taught_in_a_language",
                violation_error_message=_("Say in which language it is taught."),
            ),
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(title=""),
                name="a_course_has_code_and_title",
                violation_error_message=_("A course has a code and a title."),
            ),
            in_order("first_year", "last_year", _("The last year must not be before the first.")),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="unit_of_its_university",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Condition("NEW.unit_id IS NOT NULL"),
                func=UNIT_ELSEWHERE,
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("courses:course_detail", args=[self.slug])

    def clean(self) -> None:
        if self.unit_id and self.unit.university_id != self.university_id:
            raise ValidationError({"unit": _("This unit belongs to another university.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new course gets its address once; it never changes afterwards, so that links stay good."""
        if not self.slug:
            self.slug = self.free_slug()
        super().save(*args, **kwargs)

    def free_slug(self) -> str:
        """From university and code; codes that differ in signs only are told apart by a number."""
        wanted = slugify(f"{self.university.slug} {self.code}")[: SLUG_LENGTH - 4].strip("-")  # four for "-999"
        taken = set(Course.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
        numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
        return wanted if wanted not in taken else next(slug for slug in numbered if slug not in taken)

    def has_ended_on(self, day: date) -> bool:
        return self.last_year is not None and self.last_year < running_on(day)

    @property
    def has_ended(self) -> bool:
        """For rows of lists, which have no clock of their own."""
        return self.has_ended_on(timezone.localdate())

    @property
    def key(self) -> str:
        """By what a sheet knows it again: capitals in a code do not matter."""
        return self.code.upper()

    @property
    def credits(self) -> str:
        """ "7.5 ECTS"."""
        return f"{self.ects_words} ECTS"

    @property
    def ects_words(self) -> str:
        return f"{Decimal(self.ects).normalize():f}"

    @property
    def term_names(self) -> str:
        return _named(self.terms, Term)

    @property
    def language_names(self) -> str:
        return _named(self.languages, Language)

    @property
    def years(self) -> str:
        """When it is taught, in words; empty where nothing is said of it."""
        if self.first_year and self.last_year:
            return f"{words(self.first_year)} – {words(self.last_year)}"
        if self.last_year:
            return _now("until %(year)s") % {"year": words(self.last_year)}
        return _now("from %(year)s") % {"year": words(self.first_year)} if self.first_year else ""


def _named(values: list[str], choices: Any) -> str:
    """The words of the values, in the order in which the enum has them."""
    return ", ".join(str(label) for value, label in choices.choices if value in values)
