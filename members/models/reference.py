"""Reference data: countries, fields of study, languages, levels, grade scales, holders of the Erasmus charter."""

from decimal import ROUND_HALF_UP, Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from members.constraints import only_choices


class StudyLevel(models.TextChoices):
    """Levels of study; the numbers of the European Qualifications Framework stand in `EQF`."""

    BACHELOR = "bachelor", _("Bachelor")
    MASTER = "master", _("Master")
    DOCTORATE = "doctorate", _("Doctorate")


class Term(models.TextChoices):
    AUTUMN = "autumn", _("Autumn")
    SPRING = "spring", _("Spring")
    YEAR = "year", _("Full year")


class Cefr(models.TextChoices):
    """Levels of the Common European Framework of Reference for Languages; the codes sort by themselves."""

    A1 = "A1", "A1"
    A2 = "A2", "A2"
    B1 = "B1", "B1"
    B2 = "B2", "B2"
    C1 = "C1", "C1"
    C2 = "C2", "C2"


class Language(models.TextChoices):
    """Languages taught in or asked for, by ISO 639-1 code."""

    EN = "en", _("English")
    CA = "ca", _("Catalan")
    DE = "de", _("German")
    ES = "es", _("Spanish")
    FI = "fi", _("Finnish")
    FR = "fr", _("French")
    GA = "ga", _("Irish")
    IT = "it", _("Italian")
    NL = "nl", _("Dutch")
    PT = "pt", _("Portuguese")
    RU = "ru", _("Russian")
    SV = "sv", _("Swedish")
    ZH = "zh", _("Chinese")


class Country(models.Model):
    """A country or territory of ISO 3166-1 with its standing in the European programmes."""

    code = models.CharField(max_length=2, primary_key=True)
    code3 = models.CharField(max_length=3, unique=True)
    numeric = models.CharField(max_length=3)
    name = models.CharField(max_length=80, unique=True)
    capital = models.CharField(max_length=80, blank=True)
    in_eu = models.BooleanField(default=False)
    in_ehea = models.BooleanField(default=False)
    erasmus_programme_country = models.BooleanField(default=False)
    erasmus_from = models.DateField(null=True, blank=True)
    erasmus_region = models.PositiveSmallIntegerField(null=True, blank=True)
    horizon_status = models.CharField(max_length=40, blank=True)
    horizon_from = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "countries"

    def __str__(self) -> str:
        return self.name


class FieldQuerySet(models.QuerySet):
    def detailed(self) -> "FieldQuerySet":
        return self.filter(depth=Field.Depth.DETAILED)


class FieldDepth(models.TextChoices):
    BROAD = "broad", _("Broad")
    NARROW = "narrow", _("Narrow")
    DETAILED = "detailed", _("Detailed")


class Field(models.Model):
    """A field of study of ISCED-F 2013: broad (2 digits), narrow (3), detailed (4)."""

    Depth = FieldDepth

    code = models.CharField(max_length=4, primary_key=True)
    depth = models.CharField(max_length=8, choices=Depth)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    name = models.CharField(max_length=160)
    labels = models.JSONField(default=dict, blank=True)

    objects = FieldQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [only_choices("depth", FieldDepth)]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class GradeScale(models.Model):
    """How grades are written somewhere: the best, the pass mark, and so which way is up."""

    code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=80)
    country = models.ForeignKey(Country, on_delete=models.PROTECT, null=True, blank=True)
    best = models.DecimalField(max_digits=6, decimal_places=2)
    worst = models.DecimalField(max_digits=6, decimal_places=2)
    pass_mark = models.DecimalField(max_digits=6, decimal_places=2)
    letters = models.JSONField(
        default=list,
        blank=True,
        help_text=_("Passing letters, the best first; the last counts 1, each better one 1 more."),
    )

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(best=models.F("pass_mark")), name="grade_scale_best_differs_from_pass"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def position(self, grade: Decimal) -> Decimal:
        """Where a passing grade lies between the pass mark (0) and the best grade (100); below zero is a fail."""
        return (grade - self.pass_mark) / (self.best - self.pass_mark) * 100

    def grade_at(self, position: Decimal) -> Decimal:
        """The grade at `position` (0 the pass mark, 100 the best), rounded to two places."""
        grade = self.pass_mark + (self.best - self.pass_mark) * position / 100
        return grade.quantize(Decimal("0.01"), ROUND_HALF_UP)

    def write(self, grade: Decimal) -> str:
        """The grade as people of this scale write it: a letter where letters are used, else the number."""
        if self.letters and grade >= self.pass_mark:
            # Python's own rounding goes to the even neighbour: halfway from D to C would be D, from C to B would be B.
            letter = int(Decimal(grade).to_integral_value(ROUND_HALF_UP))
            # Not below nought: a negative index would take an average above the best for the worst letter.
            return self.letters[max(0, len(self.letters) - letter)]
        return f"{grade:f}".rstrip("0").rstrip(".") if "." in f"{grade:f}" else f"{grade:f}"

    def contains(self, grade: Decimal) -> bool:
        low, high = sorted((self.best, self.worst))
        return low <= grade <= high


class CharterHolder(models.Model):
    """A holder of the Erasmus Charter for Higher Education, as in the Commission's list."""

    erasmus_code = models.CharField(max_length=16, primary_key=True)
    pic = models.CharField(max_length=9, blank=True)
    oid = models.CharField(max_length=9, blank=True)
    name = models.CharField(max_length=255)
    other_name = models.CharField(max_length=255, blank=True)
    city = models.CharField(max_length=120, blank=True)
    country = models.ForeignKey(Country, on_delete=models.PROTECT)
    domain = models.CharField(max_length=253, blank=True)
    ror = models.CharField(max_length=9, blank=True)
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    charter_from = models.DateField(null=True, blank=True)
    charter_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name} ({self.erasmus_code})"
