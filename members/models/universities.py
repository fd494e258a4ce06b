"""Universities and what identifies them: dated memberships, dated names, identifiers, e-mail domains."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import PurePosixPath
from urllib.parse import urlsplit

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members import identifiers
from members.acts import Versioned
from members.constraints import in_order, language_code, no_overlap, only_choices, period, scalar, text
from members.folding import Fold, fold
from members.models.reference import Country, GradeScale, Language
from members.zones import check_zone, day_in

PERIOD_MESSAGE = _("The first day must not be after the last day.")
STALE_AFTER = timedelta(days=365)
# A row that goes is part of the history too.
EVERY_CHANGE = (pghistory.InsertEvent, pghistory.UpdateEvent, pghistory.DeleteEvent)


def tracked(**options: object) -> Callable[[type[models.Model]], type[models.Model]]:
    """Keep every version of a row in the history, also the one that was deleted."""
    return pghistory.track(*(event() for event in EVERY_CHANGE), **options)


def in_force_on(day: date) -> tuple[Q, Q]:
    """Rows whose period (starts_on, ends_on; both included, empty is open) holds `day`."""
    return Q(starts_on__isnull=True) | Q(starts_on__lte=day), Q(ends_on__isnull=True) | Q(ends_on__gte=day)


def by_weight(path: str) -> models.Case:
    """Kinds of membership in their order, the weightiest first; none comes last."""
    ranks = [models.When(**{path: kind, "then": Value(rank)}) for rank, kind in enumerate(MembershipKind.values)]
    return models.Case(*ranks, default=Value(len(ranks)))


def unconfirmed_at(now: datetime) -> Q:
    """Pages that nobody called correct in the twelve months before `now`."""
    return Q(confirmed_at__isnull=True) | Q(confirmed_at__lt=now - STALE_AFTER)


class Confirmable(models.Model):
    """A page that its keepers call correct once a year: who, and when."""

    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)
    confirmed_by = models.ForeignKey(
        "members.User", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    class Meta:
        abstract = True

    def is_stale(self, now: datetime) -> bool:
        """Whether the last confirmation is missing or more than twelve months before `now`."""
        return self.confirmed_at is None or self.confirmed_at < now - STALE_AFTER


class UniversityQuerySet(models.QuerySet):
    def of_kind(self, kinds: list[str] | tuple[str, ...], day: date) -> "UniversityQuerySet":
        """Universities with a membership of one of `kinds` in force on `day`; archived ones are no choice any more."""
        held = Membership.objects.in_force(day).filter(kind__in=kinds, university=models.OuterRef("pk"))
        # Archiving ends no membership: the page can be brought back, and what was decided under it stays dated.
        return self.filter(models.Exists(held), archived_at__isnull=True)

    def in_consortium(self, day: date) -> "UniversityQuerySet":
        """Members, associates, SEEEP and industry partners on `day`; former ones are not."""
        return self.of_kind(Membership.Kind.present, day)

    def members(self, day: date) -> "UniversityQuerySet":
        return self.of_kind([Membership.Kind.MEMBER], day)

    def visible_to(self, user: models.Model) -> "UniversityQuerySet":
        """Every university's page is public; archived ones are seen by the secretariat only."""
        return self if user.has_perm("members.curate") else self.filter(archived_at__isnull=True)

    def with_kind(self, day: date) -> "UniversityQuerySet":
        """Annotate `kind_now`: the kind of membership in force on `day` (the weightiest one), or empty."""
        held = Membership.objects.in_force(day).filter(university=models.OuterRef("pk")).order_by(by_weight("kind"))
        return self.annotate(kind_now=models.Subquery(held.values("kind")[:1]))

    def matching(self, typed: str, *, tags: bool = False) -> "UniversityQuerySet":
        """Universities of which every word of `typed` is found in a name, the city or a code; accents do not count.

        With `tags` also in the label of a tag: where universities are looked for themselves, not what belongs to them.
        """
        from members.models.tags import UniversityTag, tagged_with

        found = self
        # Subqueries: joined, a university with three names would come three times and be counted so.
        for word in fold(typed).split():
            named = UniversityName.objects.filter(folded__contains=word).values("university")
            coded = Identifier.objects.filter(value__icontains=word).values("university")
            there = Q(search_text__contains=word) | Q(pk__in=named) | Q(pk__in=coded)
            found = found.filter(there | Q(tagged_with(UniversityTag, "university", word)) if tags else there)
        return found

    def stale(self, now: datetime) -> "UniversityQuerySet":
        """Universities whose page was not confirmed in the twelve months before `now`."""
        return self.filter(unconfirmed_at(now))


@tracked(exclude=["search_text"])
class University(Versioned, Confirmable):
    """A university or school that takes, or took, part in the consortium's work."""

    slug = models.SlugField(max_length=60, unique=True)
    short_name = models.CharField(_("short name"), max_length=40)
    name = models.CharField(
        _("name"), max_length=200, help_text=_("In English, or as the university calls itself abroad.")
    )
    official_name = models.CharField(_("official name"), max_length=200, blank=True)
    participating_unit = models.CharField(
        _("takes part through"),
        max_length=200,
        blank=True,
        help_text=_("The school, where only a part of the university takes part."),
    )
    country = models.ForeignKey(
        Country, on_delete=models.PROTECT, related_name="universities", verbose_name=_("country")
    )
    city = models.CharField(_("city"), max_length=120)
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    time_zone = models.CharField(_("time zone"), max_length=40, default="Europe/Brussels", validators=[check_zone])
    website = models.URLField(_("website"), blank=True)
    founded = models.PositiveSmallIntegerField(_("founded"), null=True, blank=True)
    alliance = models.CharField(_("European University alliance"), max_length=60, blank=True)
    summary = models.CharField(_("in one sentence"), max_length=240, blank=True)
    description = models.TextField(_("description"), blank=True)
    official_languages = ArrayField(
        models.CharField(max_length=2, choices=Language), default=list, blank=True, verbose_name=_("official languages")
    )
    teaching_languages = ArrayField(
        models.CharField(max_length=2, choices=Language), default=list, blank=True, verbose_name=_("taught in")
    )
    grade_scale = models.ForeignKey(
        GradeScale, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("grade scale")
    )
    logo = models.ImageField(_("logo"), upload_to="universities/logos/", blank=True)
    dual_doctorate_signatory = models.BooleanField(_("signed the dual doctorate framework"), default=False)
    tags = models.ManyToManyField(
        "members.Tag", through="members.UniversityTag", related_name="universities", blank=True, verbose_name=_("tags")
    )
    # What was typed before there was a vocabulary. Nothing reads it any more; the column goes in the next release.
    tags_typed = ArrayField(models.CharField(max_length=40), default=list, blank=True, editable=False, db_column="tags")
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Generated, so that imports and SQL by hand keep it true as well.
    search_text = models.GeneratedField(
        expression=Fold(
            Concat(
                "name", Value(" "), "official_name", Value(" "), "short_name", Value(" "),
                "participating_unit", Value(" "), "city",
            )
        ),
        output_field=models.TextField(),
        db_persist=True,
    )  # fmt: skip

    objects = UniversityQuerySet.as_manager()

    class Meta:
        ordering = ["short_name"]
        verbose_name_plural = "universities"
        indexes = [models.Index(fields=["country", "short_name"], name="university_by_country")]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False),
                name="university_latitude_with_longitude",
                violation_error_message=_("Give latitude and longitude together, or neither."),
            ),
        ]

    def __str__(self) -> str:
        return self.short_name

    def get_absolute_url(self) -> str:
        return reverse("members:university_detail", args=[self.slug])

    @property
    def logo_url(self) -> str:
        return reverse("members:university_logo", args=[self.slug, PurePosixPath(self.logo.name).name])

    @property
    def website_host(self) -> str:
        """The website as people say it: "https://www.kth.se/en" reads "kth.se"."""
        return (urlsplit(self.website).hostname or self.website).removeprefix("www.")

    @property
    def kind_words(self) -> str:
        """What the university is to the consortium; needs `kind_now` (with_kind)."""
        return str(MembershipKind(self.kind_now).label) if self.kind_now else ""

    @property
    def kind_tone(self) -> str:
        """Members stand out, all others are quiet; needs `kind_now` (with_kind)."""
        return "" if self.kind_now == MembershipKind.MEMBER else "quiet"

    @property
    def gap_words(self) -> list[str]:
        """What is missing on the page, in words; needs `gaps` (members.quality.with_gaps)."""
        from members.quality import Gap

        return [str(Gap(gap).label) for gap in self.gaps]

    @property
    def teaching_names(self) -> list[str]:
        return [str(Language(code).label) for code in self.teaching_languages]

    @property
    def official_language_names(self) -> list[str]:
        return [str(Language(code).label) for code in self.official_languages]

    def day_at(self, now: datetime) -> date:
        """The day there: what was signed this morning in Shanghai is not of a day to come."""
        return day_in(self.time_zone, now)


class MembershipQuerySet(models.QuerySet):
    def in_force(self, day: date) -> "MembershipQuerySet":
        return self.filter(*in_force_on(day))


class MembershipKind(models.TextChoices):
    MEMBER = "member", _("Member")
    ASSOCIATE = "associate", _("Associate")
    SEEEP = "seeep", _("SEEEP partner")
    INDUSTRY = "industry", _("Industry partner")
    FORMER = "former", _("Former member")


MembershipKind.present = (
    MembershipKind.MEMBER,
    MembershipKind.ASSOCIATE,
    MembershipKind.SEEEP,
    MembershipKind.INDUSTRY,
)


@tracked()
class Membership(models.Model):
    """What a university is, or was, to the consortium, from and until when; an empty day is not known or open."""

    Kind = MembershipKind

    university = models.ForeignKey(University, on_delete=models.CASCADE, related_name="memberships")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["university", "starts_on"]
        constraints = [
            only_choices("kind", MembershipKind),
            in_order("starts_on", "ends_on", PERIOD_MESSAGE),
            no_overlap(
                "one_membership_of_a_kind_at_a_time",
                scalar("university"),
                text("kind"),
                period("starts_on", "ends_on"),
                message=_("This university already has a membership of this kind in that time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.university} · {self.get_kind_display()}"


@tracked(exclude=["folded"])
class UniversityName(models.Model):
    """A name the university bore, in which language, from and until when."""

    university = models.ForeignKey(University, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(_("name"), max_length=200)
    folded = models.GeneratedField(expression=Fold("name"), output_field=models.TextField(), db_persist=True)
    language = models.CharField(_("language"), max_length=2, choices=Language, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ["university", "-starts_on"]
        constraints = [
            language_code("language", blank=True),
            in_order("starts_on", "ends_on", PERIOD_MESSAGE),
            models.UniqueConstraint(fields=["university", "name"], name="a_name_once_per_university"),
        ]

    def __str__(self) -> str:
        return self.name


class IdentifierScheme(models.TextChoices):
    ERASMUS = "erasmus", _("Erasmus code")
    PIC = "pic", _("PIC")
    OID = "oid", _("Organisation ID (OID)")
    SCHAC = "schac", _("SCHAC code")
    ROR = "ror", _("ROR")
    ISNI = "isni", _("ISNI")
    WIKIDATA = "wikidata", _("Wikidata")


@tracked()
class Identifier(models.Model):
    """A code that others know the university by.

    A school may be known by its parent's code (Técnico by Universidade de Lisboa's): such a row says so, and only
    codes of one's own are unique.
    """

    Scheme = IdentifierScheme

    university = models.ForeignKey(University, on_delete=models.CASCADE, related_name="identifiers")
    scheme = models.CharField(_("kind of code"), max_length=10, choices=Scheme)
    value = models.CharField(_("code"), max_length=255)
    of_parent = models.BooleanField(_("is the parent institution's"), default=False)

    class Meta:
        ordering = ["university", "scheme"]
        constraints = [
            only_choices("scheme", IdentifierScheme),
            models.UniqueConstraint(fields=["university", "scheme"], name="one_identifier_of_a_scheme_per_university"),
            models.UniqueConstraint(
                fields=["scheme", "value"],
                condition=Q(of_parent=False),
                name="an_own_identifier_is_unique",
                violation_error_message=_(
                    "Another university has this code. If it is your parent institution's, say so."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} {self.value}"

    def clean(self) -> None:
        """Bring the code into the one way it is stored; raises ValidationError where it cannot be one of its scheme."""
        if self.scheme in identifiers.RULES and self.value:
            self.value = identifiers.normalise(self.scheme, self.value)
            try:
                identifiers.validate(self.scheme, self.value)
            except ValidationError as wrong:
                raise ValidationError({"value": wrong}) from wrong


@tracked()
class EmailDomain(models.Model):
    """A domain whose verified addresses belong to people of this university."""

    university = models.ForeignKey(University, on_delete=models.CASCADE, related_name="email_domains")
    domain = models.CharField(_("e-mail domain"), max_length=253, unique=True)

    class Meta:
        ordering = ["domain"]

    def __str__(self) -> str:
        return self.domain

    def clean(self) -> None:
        """Keep the bare domain of an address or page; raises ValidationError where it is none."""
        self.domain = identifiers.normalise_schac(self.domain.rpartition("@")[2])
        try:
            identifiers.validate_schac(self.domain)
        except ValidationError as wrong:
            raise ValidationError({"domain": wrong}) from wrong
