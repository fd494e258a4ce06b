"""Pathways: where one studies when."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from members.models import University
from members.models.universities import tracked
from programmes.models.programmes import Programme

LONG_NAME = 7


@tracked()
class Pathway(models.Model):
    """One way through a programme, for students of the home university who go to the host.

    `key` stays the same through revisions: seats and applications hang on the pathway.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="pathways")
    key = models.SlugField(max_length=80)
    name = models.CharField(
        _("name"), max_length=120, blank=True, help_text=_("Only where the two universities do not say it all.")
    )
    home = models.ForeignKey(University, on_delete=models.PROTECT, related_name="+", verbose_name=_("from"))
    host = models.ForeignKey(University, on_delete=models.PROTECT, related_name="+", verbose_name=_("to"))
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "key"], name="a_pathway_key_once_per_programme"),
            models.CheckConstraint(
                condition=~Q(home=F("host")),
                name="a_pathway_leads_elsewhere",
                violation_error_message=_("A pathway leads from one university to another."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"{self.home} → {self.host}"

    @cached_property
    def terms(self) -> list["PathwaySemester"]:
        return sorted(self.semesters.all(), key=lambda semester: semester.number)

    @property
    def strip(self) -> list[dict[str, object]]:
        """What `components/strip.html` draws; a long name gives way to a shorter city."""
        return [
            {
                "label": term.place,
                "there": term.university_id != self.home_id,
                "title": term.sentence,
            }
            for term in self.terms
        ]

    @property
    def shares(self) -> list[tuple[University, Decimal]]:
        """Credits by place, in the order of study; a stay is one entry, a return another. Empty without credits."""
        stays: list[tuple[University, Decimal]] = []
        for term in self.terms:
            # A split that leaves a semester out would read as if that one gave nothing.
            if term.ects is None:
                return []
            if stays and stays[-1][0].pk == term.university_id:
                stays[-1] = (term.university, stays[-1][1] + term.ects)
            else:
                stays.append((term.university, term.ects))
        return stays

    @property
    def ects(self) -> Decimal:
        """The credits of all semesters."""
        return sum((term.ects for term in self.terms if term.ects is not None), Decimal(0))

    def credit_sentence(self, total: int | None) -> tuple[bool, str]:
        """Whether the semesters add up to `total` credits, and the numbers in a sentence."""
        by_place: dict[University, Decimal] = {}
        for term in self.terms:
            by_place[term.university] = by_place.get(term.university, Decimal(0)) + (term.ects or 0)
        parts = ", ".join(
            _now("%(ects)s at %(place)s") % {"ects": f"{ects.normalize():f}", "place": place}
            for place, ects in by_place.items()
        )
        numbers = {"sum": f"{self.ects.normalize():f}", "parts": parts, "total": total}
        if total is None or self.ects == total:
            return True, _now("%(sum)s ECTS credits: %(parts)s.") % numbers
        return False, _now("The semesters add up to %(sum)s, not to %(total)s ECTS credits: %(parts)s.") % numbers


@tracked()
class PathwaySemester(models.Model):
    """One semester of a pathway: where, for how many credits, with what in it."""

    pathway = models.ForeignKey(Pathway, on_delete=models.CASCADE, related_name="semesters")
    number = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(12)])
    university = models.ForeignKey(University, on_delete=models.PROTECT, related_name="+")
    ects = models.DecimalField(
        _("ECTS credits"), max_digits=4, decimal_places=1, null=True, blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(60)],
    )  # fmt: skip
    what = models.CharField(_("what"), max_length=120, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["pathway", "number"], name="a_semester_once_per_pathway"),
            models.CheckConstraint(
                condition=Q(number__gte=1) & (Q(ects__isnull=True) | Q(ects__range=(0, 60))),
                name="a_semester_has_a_number_and_at_most_60_credits",
                violation_error_message=_("A semester has from 0 to 60 ECTS credits."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.university}"

    @property
    def place(self) -> str:
        """The university in a few letters: its city where that is shorter than a long name ("Leuven")."""
        name, city = self.university.short_name, self.university.city
        return city if len(name) > LONG_NAME and len(city) < len(name) else name

    @property
    def sentence(self) -> str:
        """ "Semester 3 at KIT, 30 ECTS: thesis"."""
        words = _now("Semester %(number)s at %(place)s") % {"number": self.number, "place": self.university}
        if self.ects is not None:
            words += f", {self.ects.normalize():f} ECTS"
        return f"{words}: {self.what}" if self.what else words
