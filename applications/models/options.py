"""What can be chosen in a round, and what is asked of those who choose it."""

import pghistory
import pgtrigger
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from applications.models.rounds import Kind, Round
from members.constraints import only_choices
from members.models import Cefr, Field, Language, StudyLevel, Term, University
from members.models.universities import tracked


class OptionQuerySet(models.QuerySet):
    def with_places_left(self) -> "OptionQuerySet":
        """Annotate `taken` and `places_left`: offers not yet answered and accepted places count as taken."""
        from applications.models.applications import Choice

        held = Choice.objects.holding_a_place().filter(option=OuterRef("pk")).order_by().values("option")
        taken = Coalesce(Subquery(held.values(taken=Count("pk"))), 0)
        return self.annotate(taken=taken, places_left=F("places") - taken)


# Whoever updates the row holds it already, so no place is given (see NEVER_MORE_THAN_PLACES) while this counts.
NEVER_FEWER_THAN_TAKEN = """
    SELECT count(*) INTO places_taken FROM applications_choice
     WHERE option_id = NEW.id AND state IN ('offered', 'accepted');
    IF NEW.places < places_taken THEN
        RAISE EXCEPTION 'option % cannot have % places: % are taken', NEW.id, NEW.places, places_taken
            USING ERRCODE = 'check_violation', CONSTRAINT = 'places_cover_what_is_taken';
    END IF;
    RETURN NEW;
"""


@pghistory.track()
class Option(models.Model):
    """A number of places at a host, for a year and term, in a field, at a level.

    Rooms extend it by multi-table inheritance (`exchange.Placement`, `programmes.Seats`), so that a place is counted in
    one table and under one row's lock, whatever room it belongs to.
    """

    kind = models.CharField(max_length=12, choices=Kind)
    slug = models.SlugField(
        _("address"),
        max_length=140,
        blank=True,
        help_text=_("The page in its room: a placement's own; rooms whose options share a page put that page's here."),
    )
    title = models.CharField(_("title"), max_length=160)
    host = models.ForeignKey(University, on_delete=models.PROTECT, related_name="options", verbose_name=_("host"))
    academic_year = models.PositiveSmallIntegerField(
        _("academic year"), help_text=_("The year it begins in: 2027 for 2027/28.")
    )
    term = models.CharField(_("term"), max_length=6, choices=Term)
    level = models.CharField(_("level"), max_length=10, choices=StudyLevel)
    field = models.ForeignKey(Field, on_delete=models.PROTECT, related_name="+", verbose_name=_("field"))
    places = models.PositiveSmallIntegerField(_("places"), validators=[MinValueValidator(1)])
    is_sample = models.BooleanField(default=False)

    objects = OptionQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        indexes = [
            models.Index(fields=["kind", "academic_year", "term"], name="option_by_time"),
            models.Index(fields=["host", "kind"], name="option_of_a_host"),
            models.Index(fields=["field"], name="option_by_field"),
        ]
        constraints = [
            only_choices("kind", Kind),
            only_choices("term", Term),
            only_choices("level", StudyLevel),
            models.CheckConstraint(
                condition=Q(places__gte=1),
                name="an_option_has_a_place",
                violation_error_message=_("Offer at least one place."),
            ),
            models.UniqueConstraint(
                # Seats share their programme's page and so its address; a placement has one of its own.
                fields=["slug"],
                condition=Q(kind="exchange") & ~Q(slug=""),
                name="a_placement_has_its_own_address",
            ),
            models.UniqueConstraint(
                fields=["host", "academic_year", "term", "level", "title"],
                condition=Q(kind="exchange") & ~Q(slug=""),
                name="a_placement_once_a_term",
                violation_error_message=_("You already offer a place of this name for that year, term and level."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="places_cover_what_is_taken",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                # Only where places go: every other edit of the row would count them for nothing.
                condition=pgtrigger.Condition("NEW.places < OLD.places"),
                declare=[("places_taken", "integer")],
                func=NEVER_FEWER_THAN_TAKEN,
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page in the room that offers it (registered by the room: see `applications.registries`)."""
        from applications.registries import address_of

        return address_of(self)

    @property
    def what(self) -> str:
        """The title with what tells it from others of that name at the host; seats say all of it in their title."""
        if self.kind != Kind.EXCHANGE:
            return self.title
        return f"{self.title} · {self.get_term_display()} · {self.get_level_display()}"

    @property
    def place(self) -> str:
        """Where and what, as it is said in a letter; `host` should be joined."""
        return f"{self.host.short_name}, {self.title}"


class RoundOption(models.Model):
    """An option stands to be chosen in a round."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="round_options")
    option = models.ForeignKey(Option, on_delete=models.PROTECT, related_name="round_options")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "option"], name="an_option_once_per_round")]

    def __str__(self) -> str:
        return f"{self.option_id} in {self.round_id}"


class RequirementAsks(models.TextChoices):
    LEVEL = "level", _("Level of study")
    SEMESTER = "semester", _("Semester reached")
    ECTS = "ects", _("ECTS credits earned")
    GRADE = "grade", _("Average grade")
    LANGUAGE = "language", _("Language")
    FIELD = "field", _("Field of study")
    HOME = "home", _("Home university")
    TEXT = "text", _("Something the office looks at")


class Requirement(models.Model):
    """One thing asked of an applicant, as data; `applications.eligibility` answers whether it is met, and why."""

    Asks = RequirementAsks

    asks = models.CharField(_("asks for"), max_length=10, choices=Asks)
    number = models.DecimalField(
        _("at least"), max_digits=6, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)],
        help_text=_("Credits, semester, or for a grade its place between the pass mark (0) and the best grade (100)."),
    )  # fmt: skip
    level = models.CharField(_("level"), max_length=10, choices=StudyLevel, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language, blank=True)
    cefr = models.CharField(_("language level"), max_length=2, choices=Cefr, blank=True)
    field = models.ForeignKey(
        Field, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("field"),
        help_text=_("A broad or narrow field covers all that lie in it."),
    )  # fmt: skip
    home = models.ForeignKey(
        University, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("home university")
    )
    text = models.CharField(_("in words"), max_length=300, blank=True)
    is_blocking = models.BooleanField(_("without it nobody can apply"), default=True)

    class Meta:
        abstract = True
        constraints = [
            only_choices("asks", RequirementAsks),
            models.CheckConstraint(
                condition=(
                    Q(asks="level") & ~Q(level="")
                    | Q(asks__in=["semester", "ects", "grade"], number__isnull=False)
                    | Q(asks="language") & ~Q(language="") & ~Q(cefr="")
                    | Q(asks="field", field__isnull=False)
                    | Q(asks="home", home__isnull=False)
                    | Q(asks="text") & ~Q(text="")
                ),
                name="%(app_label)s_%(class)s_says_how_much",
                violation_error_message=_("Fill in what this requirement asks for."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_asks_display()} {self.number or self.text or self.cefr or self.level}"

    @cached_property
    def homes(self) -> list[University]:
        """The home universities that meet it; a room may give a row that it makes up several."""
        return [self.home] if self.home_id else []


@tracked()
class OptionRequirement(Requirement):
    option = models.ForeignKey(Option, on_delete=models.CASCADE, related_name="requirements")

    class Meta(Requirement.Meta):
        abstract = False


@tracked()
class RoundRequirement(Requirement):
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="requirements")

    class Meta(Requirement.Meta):
        abstract = False
