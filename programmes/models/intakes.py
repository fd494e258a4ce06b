"""Intakes: who can begin when, by when one applies, and the seats of each pathway."""

from datetime import datetime

import pghistory
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, Q, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications.models import Kind, Option, Round
from applications.models.options import OptionQuerySet
from members.academic_years import words
from members.acts import Versioned
from members.constraints import only_choices
from members.models import Term, University
from members.models.universities import tracked
from members.zones import check_zone
from programmes.models.pathways import Pathway
from programmes.models.programmes import Programme

DECIDED = (Round.State.CLOSED, Round.State.RELEASED, Round.State.ARCHIVED)


class IntakeQuerySet(models.QuerySet):
    def with_window(self) -> "IntakeQuerySet":
        """Annotate `opens`, `closes` and `zone`: those of the application round once it is public, else the planned."""

        def shown(of_round: str, planned: str) -> Case:
            return Case(When(round__state__in=Round.State.public, then=F(of_round)), default=F(planned))

        return self.annotate(
            opens=shown("round__opens_at", "opens_at"),
            closes=shown("round__closes_at", "closes_at"),
            zone=shown("round__time_zone", "time_zone"),
        )

    def undecided(self) -> "IntakeQuerySet":
        """Those whose round, if there is one, has not been closed."""
        return self.exclude(round__state__in=DECIDED)  # an intake without a round stays: exclude keeps what has none

    def open_at(self, now: datetime) -> "IntakeQuerySet":
        return self.undecided().with_window().filter(opens__lte=now, closes__gt=now)

    def ahead_of(self, now: datetime) -> "IntakeQuerySet":
        """Open at `now` or opening later."""
        return self.undecided().with_window().filter(closes__gt=now)

    def without_round(self) -> "IntakeQuerySet":
        return self.filter(round__isnull=True)


@tracked()
class Intake(Versioned):
    """One beginning of a programme; several windows may feed it, each for the students of one university.

    `opens_at` and `closes_at` are moments, set and shown in `time_zone`. Once the application round of the intake is
    public, the round's window is the one that counts.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="intakes")
    key = models.SlugField(max_length=80, editable=False)
    academic_year = models.PositiveSmallIntegerField(
        _("academic year"), help_text=_("The year it begins in: 2027 for 2027/28."),
        validators=[MinValueValidator(1990), MaxValueValidator(2100)],
    )  # fmt: skip
    term = models.CharField(_("start"), max_length=6, choices=Term)
    home = models.ForeignKey(
        University, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("for students of"), help_text=_("Only where universities have different dates."),
    )  # fmt: skip
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    time_zone = models.CharField(_("time zone"), max_length=40, validators=[check_zone])
    note = models.CharField(_("note"), max_length=240, blank=True)
    # Protected: an intake with a round is history, and its round belongs to the applications.
    round = models.OneToOneField(
        Round, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="intake"
    )
    is_sample = models.BooleanField(default=False)

    objects = IntakeQuerySet.as_manager()

    class Meta:
        ordering = ["-academic_year", "term", "pk"]
        indexes = [
            models.Index(fields=["programme", "closes_at"], name="intake_of_a_programme"),
            models.Index(fields=["closes_at"], name="intake_by_closing"),
        ]
        constraints = [
            only_choices("term", Term),
            models.UniqueConstraint(
                fields=["programme", "academic_year", "term", "home"],
                nulls_distinct=False,  # two windows "for all partners" are the same window, though null equals no null
                name="one_window_per_start_and_university",
                violation_error_message=_("This intake stands in the list already."),
            ),
            models.UniqueConstraint(fields=["programme", "key"], name="an_intake_key_once_per_programme"),
            models.CheckConstraint(
                condition=Q(opens_at__lt=F("closes_at")),
                name="an_intake_opens_before_it_closes",
                violation_error_message=_("The window must open before it closes."),
            ),
        ]

    def __str__(self) -> str:
        return self.start if self.home_id is None else f"{self.start}, {self.home}"

    def get_absolute_url(self) -> str:
        return f"{self.programme.get_absolute_url()}#{self.key}"

    def edit_url(self) -> str:
        return reverse("programmes:intake_edit", args=[self.programme.slug, self.key])

    @property
    def start(self) -> str:
        """ "Autumn 2027/28"."""
        return f"{self.get_term_display()} {self.year_words}"

    @property
    def year_words(self) -> str:
        return words(self.academic_year)

    def own_key(self) -> str:
        """The name in the address: "2027-autumn", "2027-autumn-kit"."""
        parts = [str(self.academic_year), self.term] + ([self.home.slug] if self.home_id else [])
        return "-".join(parts)

    @property
    def places(self) -> int:
        return sum(seat.places for seat in self.seats.all())

    @property
    def takes_round_changes(self) -> bool:
        """Whether what the intake says may still be written into its round: no round yet, or one in draft."""
        return self.round_id is None or self.round.state == Round.State.DRAFT


@tracked(obj_field=pghistory.ObjForeignKey(related_name="seats_events"))
class Seats(Option):
    """The places of one pathway in one intake: what a student chooses in an application."""

    intake = models.ForeignKey(Intake, on_delete=models.CASCADE, related_name="seats")
    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="seats")

    objects = OptionQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "seats"
        constraints = [
            models.UniqueConstraint(
                fields=["intake", "pathway"],
                name="a_pathway_once_per_intake",
                violation_error_message=_("This pathway has its seats in this intake already."),
            )
        ]

    @classmethod
    def of(cls, intake: Intake, pathway: Pathway, places: int) -> "Seats":
        """Seats, unsaved, that say of themselves what intake and pathway say."""
        seats = cls(intake=intake, pathway=pathway, places=places)
        seats.describe()
        return seats

    def describe(self) -> None:
        """Write what an application shows of these seats, from intake, pathway and programme."""
        programme = self.intake.programme
        direction = f"{self.pathway.home} → {self.pathway.host}"
        self.kind, self.slug = Kind.DUAL_DEGREE, programme.slug
        # An option's title has 160 letters; the direction is kept whole, as it alone tells the seats apart.
        self.title = f"{programme.title[: 158 - len(direction)]}: {direction}"
        self.host = self.pathway.host
        self.academic_year, self.term = self.intake.academic_year, self.intake.term
        self.level, self.field = programme.level, programme.field
        self.is_sample = programme.is_sample or self.intake.is_sample
