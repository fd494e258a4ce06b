"""The placement, its states, and the sets people ask for."""

from datetime import date, datetime
from typing import Any

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from applications.eligibility import met_by
from applications.models import Application, Choice, Kind, Option, Round
from applications.models.options import OptionQuerySet
from members.academic_years import running_on, words
from members.acts import Machine, Versioned
from members.constraints import in_order, only_choices
from members.models import Contact, FactsheetTerm, Language, Role, Term, University

SLUG_LENGTH = 120  # the column takes 140: room for a number where the address is taken


class PlacementQuerySet(OptionQuerySet):
    def published(self) -> "PlacementQuerySet":
        return self.filter(state=Placement.State.PUBLISHED)

    def offered_by(self, user: models.Model) -> "PlacementQuerySet":
        """The placements of the hosts in whose office `user` sits today."""
        return self.filter(host__in=user.universities_as(*Placement.DESK))

    def visible_to(self, user: models.Model) -> "PlacementQuerySet":
        """Published ones are public; the others are seen by the host's office and the secretariat.

        A placement for certain partners only is seen by everybody: its page says for whom it is.
        """
        if user.has_perm("members.curate"):
            return self
        if not user.is_authenticated:
            return self.published()
        own = Q(host__in=user.universities_as(*Placement.DESK))
        return self.filter(Q(state=Placement.State.PUBLISHED) | own)

    def open_to(self, home: University) -> "PlacementQuerySet":
        """Placements that students of `home` may take: elsewhere, and for all partners or for theirs."""
        return self.exclude(host=home).for_partner(home)

    def for_partner(self, home: University) -> "PlacementQuerySet":
        """Placements for students of all partners, or of `home` among them."""
        partners = Placement.only_partners.through.objects.filter(placement=OuterRef("pk"))
        theirs = Exists(partners.filter(university=home))  # Exists: joined, a place with three partners comes thrice
        return self.filter(~Exists(partners) | theirs)

    def open_for(self, home: University, now: datetime) -> "PlacementQuerySet":
        """Placements that students of `home` can choose at `now`: in an open round that takes them."""
        rounds = Round.objects.open_at(now).for_students_of(home).filter(round_options__option=OuterRef("pk"))
        return self.published().open_to(home).filter(Exists(rounds))

    def suited_to(self, profile: models.Model) -> "PlacementQuerySet":
        """Placements for students of this home whose blocking requirements the student's profile certainly meets."""
        return met_by(self, profile).open_to(profile.university)

    def with_closing(self, now: datetime, home: University | None = None) -> "PlacementQuerySet":
        """Annotate `closes_at` and `closing_zone`: when the first round that is open at `now` closes.

        With `home`: of the rounds that take students of `home`. Empty where no round is open.
        """
        rounds = Round.objects.open_at(now)
        if home is not None:
            rounds = rounds.for_students_of(home)
        rounds = rounds.filter(round_options__option=OuterRef("pk")).order_by("closes_at")
        return self.annotate(
            closes_at=Subquery(rounds.values("closes_at")[:1]), closing_zone=Subquery(rounds.values("time_zone")[:1])
        )

    def with_demand(self) -> "PlacementQuerySet":
        """Annotate `applicants`: how many handed-in applications name the placement, withdrawn ones left out."""
        unsent = [Application.State.DRAFT, Application.State.WITHDRAWN, Application.State.LAPSED]
        named = Choice.objects.filter(option=OuterRef("pk")).exclude(application__state__in=unsent)
        count = named.order_by().values("option").values(n=Count("pk"))
        return self.annotate(applicants=Coalesce(Subquery(count), 0))

    def of_coming_terms(self, day: date) -> "PlacementQuerySet":
        """Placements of the academic year that runs on `day`, and later."""
        return self.filter(academic_year__gte=running_on(day))


class PlacementState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    ARCHIVED = "archived", _("Archived")


# The option below has events too, and both under one name would clash.
@pghistory.track(obj_field=pghistory.ObjForeignKey(related_name="placement_events"))
class Placement(Machine, Versioned, Option):
    """Places a host offers for one year and term; the places themselves are counted on the option's row."""

    State = PlacementState

    DESK = (Role.EXCHANGE, Role.OFFICIAL)
    TRANSITIONS = {
        "publish": ({State.DRAFT, State.WITHDRAWN}, State.PUBLISHED),
        "withdraw": ({State.PUBLISHED}, State.WITHDRAWN),
        "archive": ({State.DRAFT, State.PUBLISHED, State.WITHDRAWN}, State.ARCHIVED),
        "restore": ({State.ARCHIVED}, State.DRAFT),
    }

    unit = models.ForeignKey(
        "members.Unit", on_delete=models.SET_NULL, null=True, blank=True, related_name="placements",
        verbose_name=_("faculty or department"),
    )  # fmt: skip
    unit_name = models.CharField(
        _("faculty or department, in words"), max_length=160, blank=True,
        help_text=_("Where the list above does not have it."),
    )  # fmt: skip
    description = models.TextField(
        _("what students find here"),
        blank=True,
        help_text=_("Courses, laboratories, projects; what the field is strong in."),
    )
    languages = ArrayField(
        models.CharField(max_length=2, choices=Language), default=list, blank=True, verbose_name=_("taught in")
    )
    months = models.PositiveSmallIntegerField(
        _("months"), default=5, validators=[MinValueValidator(1), MaxValueValidator(24)]
    )
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    ects_min = models.PositiveSmallIntegerField(
        _("ECTS credits, at least"), null=True, blank=True, validators=[MaxValueValidator(120)]
    )
    ects_max = models.PositiveSmallIntegerField(
        _("ECTS credits, at most"), null=True, blank=True, validators=[MaxValueValidator(120)]
    )
    courses_url = models.URLField(_("list of courses"), blank=True)
    contact = models.ForeignKey(
        Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="placements",
        verbose_name=_("whom to ask"),
    )  # fmt: skip
    contact_name = models.CharField(
        _("or a person of its own"), max_length=120, blank=True, help_text=_("Stands before the contact chosen above.")
    )
    contact_email = models.EmailField(_("that person's e-mail address"), blank=True)
    contact_audience = models.CharField(
        _("who sees that person"), max_length=8, choices=Contact.Audience, default=Contact.Audience.MEMBERS
    )
    only_partners = models.ManyToManyField(
        University, blank=True, related_name="+", verbose_name=_("only for students of"),
        help_text=_("Nothing chosen: for students of every member."),
    )  # fmt: skip
    state = models.CharField(max_length=10, choices=PlacementState, default=PlacementState.DRAFT)
    state_since = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state"], name="placement_by_state")]
        constraints = [
            only_choices("state", PlacementState),
            only_choices("contact_audience", Contact.Audience),
            in_order("starts_on", "ends_on", _("The first day must not be after the last day.")),
            in_order("ects_min", "ects_max", _("The least number of credits must not be above the largest.")),
            models.CheckConstraint(
                condition=Q(months__gte=1),
                name="a_placement_lasts_a_month",
                violation_error_message=_("A placement lasts a month at least."),
            ),
            models.CheckConstraint(
                condition=Q(contact_name="", contact_email="") | (~Q(contact_name="") & ~Q(contact_email="")),
                name="a_person_of_its_own_has_an_address",
                violation_error_message=_("Give the person's name and e-mail address together, or neither."),
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(languages__len__gt=0),
                name="a_published_placement_says_its_language",
                violation_error_message=_("Say in which language it is taught."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("exchange:placement_detail", args=[self.slug])

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new placement gets its address once; it never changes afterwards, so that links stay good."""
        self.kind = Kind.EXCHANGE
        if not self.slug:
            self.slug = self.free_slug()
        super().save(*args, **kwargs)

    def free_slug(self) -> str:
        wanted = slugify(f"{self.host.slug} {self.title} {self.academic_year} {self.term}")[:SLUG_LENGTH].strip("-")
        taken = set(Option.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
        numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
        return wanted if wanted not in taken else next(slug for slug in numbered if slug not in taken)

    @property
    def year(self) -> str:
        """The academic year as people write it: 2027/28."""
        return words(self.academic_year)

    @property
    def when(self) -> str:
        return f"{self.get_term_display()} {self.year}"

    @property
    def strip(self) -> list[dict[str, Any]]:
        """The two semesters of the year, and which of them one spends at the host."""
        return [
            {"label": _("Autumn"), "there": self.term in (Term.AUTUMN, Term.YEAR)},
            {"label": _("Spring"), "there": self.term in (Term.SPRING, Term.YEAR)},
        ]

    @property
    def duration(self) -> str:
        """ "2027/28, 5 months"."""
        months = ngettext("%(n)d month", "%(n)d months", self.months) % {"n": self.months}
        return f"{self.year}, {months}"

    @property
    def can_publish(self) -> bool:
        return self.can("publish")

    @property
    def can_withdraw(self) -> bool:
        return self.can("withdraw")

    @property
    def can_archive(self) -> bool:
        return self.can("archive")

    @property
    def can_restore(self) -> bool:
        return self.can("restore")

    @property
    def tone(self) -> str:
        """How its state is drawn."""
        return {"draft": "wait", "published": "ok", "withdrawn": "due"}.get(self.state, "quiet")

    @property
    def where(self) -> str:
        """The faculty or department, as chosen or as typed."""
        return self.unit.name if self.unit else self.unit_name

    @property
    def language_names(self) -> str:
        names = dict(Language.choices)
        return ", ".join(str(names[code]) for code in self.languages)

    @property
    def partner_names(self) -> str:
        """The universities for whose students it is; empty where it is for all. Lists prefetch `only_partners`."""
        return ", ".join(sorted(home.short_name for home in self.only_partners.all()))

    @property
    def credits(self) -> str:
        """The range of ECTS credits in words; empty where the host does not say."""
        if self.ects_min and self.ects_max and self.ects_min != self.ects_max:
            return _("%(least)d to %(most)d ECTS") % {"least": self.ects_min, "most": self.ects_max}
        if self.ects_min and not self.ects_max:
            return _("from %(n)d ECTS") % {"n": self.ects_min}
        return f"{self.ects_max} ECTS" if self.ects_max else ""

    def missing_to_publish(self) -> list[str]:
        """What a reader would look for in vain, in words; a placement with nothing missing may be published."""
        wanted = [
            (self.description.strip(), _("a description of what students find")),
            (self.languages, _("the language it is taught in")),
            (self.contact_id or self.contact_email, _("somebody to ask")),
        ]
        return [str(words) for there, words in wanted if not there]

    def host_term(self) -> FactsheetTerm | None:
        """The host's deadlines for this year and term; a full year goes by the autumn where it has none of its own."""
        terms = FactsheetTerm.objects.filter(factsheet__university=self.host_id, academic_year=self.academic_year)
        by_term = {term.term: term for term in terms}
        return by_term.get(self.term) or (by_term.get("autumn") if self.term == "year" else None)
