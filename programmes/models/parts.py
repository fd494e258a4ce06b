"""What a programme is made of: partners, languages, requirements, and the days that come round every year."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from applications.models import Requirement
from members.constraints import only_choices
from members.models import Cefr, Language, University
from members.models.universities import tracked
from programmes.models.programmes import Programme, known_or_empty


class PartnerRole(models.TextChoices):
    COORDINATING = "coordinating", _("Coordinates and awards")
    AWARDING = "awarding", _("Awards its degree")
    ASSOCIATED = "associated", _("Takes part, awards no degree")


PartnerRole.weights = {role: weight for weight, role in enumerate(PartnerRole.values)}


@tracked()
class ProgrammePartner(models.Model):
    """A university's part in a programme."""

    Role = PartnerRole

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="partners")
    university = models.ForeignKey(
        University, on_delete=models.PROTECT, related_name="programme_parts", verbose_name=_("university")
    )
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.AWARDING)
    unit = models.CharField(_("school or department"), max_length=200, blank=True)
    ects = models.PositiveSmallIntegerField(
        _("ECTS credits there"), null=True, blank=True, validators=[MaxValueValidator(400)]
    )
    degree = models.CharField(_("degree it awards"), max_length=200, blank=True)
    tuition_eu = models.PositiveIntegerField(
        _("tuition a year, EU"), null=True, blank=True, help_text=_("In euros."), validators=[MaxValueValidator(100000)]
    )
    tuition_non_eu = models.PositiveIntegerField(
        _("tuition a year, others"), null=True, blank=True, help_text=_("In euros."),
        validators=[MaxValueValidator(100000)],
    )  # fmt: skip
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            only_choices("role", PartnerRole),
            models.UniqueConstraint(
                fields=["programme", "university"],
                name="a_university_once_per_programme",
                violation_error_message=_("This university stands among the partners already."),
            ),
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(role="coordinating"),
                name="one_coordinating_university_per_programme",
                violation_error_message=_("One university coordinates; give the others another role."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.university} ({self.get_role_display()})"

    @property
    def weight(self) -> int:
        return PartnerRole.weights[self.role]

    @property
    def awards(self) -> bool:
        return self.role != PartnerRole.ASSOCIATED


@tracked()
class ProgrammeLanguage(models.Model):
    """A language of teaching, with the level it takes to follow."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="languages")
    language = models.CharField(_("language"), max_length=2, choices=Language)
    cefr = models.CharField(_("level to follow"), max_length=2, choices=Cefr, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            known_or_empty("cefr", Cefr),
            only_choices("language", Language),
            models.UniqueConstraint(
                fields=["programme", "language"],
                name="a_language_once_per_programme",
                violation_error_message=_("This language stands in the list already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_language_display()} {self.cefr}".strip()


@tracked()
class ProgrammeRequirement(Requirement):
    """What is asked of those who apply: by all partners, or by the one university they want to go to."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="requirements")
    asked_by = models.ForeignKey(
        University, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("asked by"),
        help_text=_("Empty: by all partners."),
    )  # fmt: skip
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(Requirement.Meta):
        abstract = False
        ordering = ["position", "pk"]


class YearlyWhat(models.TextChoices):
    HOME_APPLICATION = "home_application", _("Apply at home")
    PARTNER_APPLICATION = "partner_application", _("Apply at the partner")
    ACCEPTANCE_LETTER = "acceptance_letter", _("Letters of acceptance")
    GRANT_ENROLMENT = "grant_enrolment", _("Enrol for the grant")
    ANNEX = "annex", _("Annex for the candidate")


def check_day_of_month(month: int | None, day: int | None, *, column: str = "day") -> None:
    """Raises ValidationError at `column` unless `day` exists in `month` of a leap year; empty values are fine."""
    # Of a leap year: a date that comes round every year may be 29 February.
    longest = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}.get(month or 1, 31)
    if day is not None and day > longest:
        raise ValidationError({column: _("%(month)s has no day %(day)s.") % {"month": MONTHS[month], "day": day}})


@tracked()
class YearlyDate(models.Model):
    """A day, or the days from one to another, that come round every year; without a day, some time in that month."""

    What = YearlyWhat

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="yearly_dates")
    what = models.CharField(_("what"), max_length=20, choices=What)
    university = models.ForeignKey(
        University, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("university")
    )
    month = models.PositiveSmallIntegerField(
        _("month"), choices=list(MONTHS.items()), validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    day = models.PositiveSmallIntegerField(
        _("day"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    until_month = models.PositiveSmallIntegerField(
        _("until, month"), null=True, blank=True, choices=list(MONTHS.items()),
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )  # fmt: skip
    until_day = models.PositiveSmallIntegerField(
        _("until, day"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            only_choices("what", YearlyWhat),
            models.CheckConstraint(
                condition=Q(month__range=(1, 12))
                & (Q(day__isnull=True) | Q(day__range=(1, 31)))
                & (Q(until_month__isnull=True) | Q(until_month__range=(1, 12)))
                & (Q(until_day__isnull=True) | Q(until_day__range=(1, 31), until_month__isnull=False)),
                name="a_yearly_date_is_in_the_calendar",
                violation_error_message=_("Give a month from 1 to 12 and a day from 1 to 31."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()}: {self.words}"

    def clean(self) -> None:
        check_day_of_month(self.month, self.day)
        check_day_of_month(self.until_month, self.until_day, column="until_day")

    @property
    def words(self) -> str:
        """ "1 December", "January", "2 May to 30 September"."""
        first = f"{self.day or ''} {MONTHS[self.month]}".strip()
        if self.until_month is None:
            return first
        last = f"{self.until_day or ''} {MONTHS[self.until_month]}".strip()
        return _("%(first)s to %(last)s") % {"first": first, "last": last}
