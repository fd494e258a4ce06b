"""What a university's own page tells: units, contacts, facts, factsheet, pictures."""

from datetime import date
from pathlib import PurePosixPath

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from members.acts import Versioned
from members.constraints import in_order, only_choices
from members.models.reference import Term
from members.models.universities import PERIOD_MESSAGE, Confirmable, University, in_force_on, tracked


class UnitQuerySet(models.QuerySet):
    def visible_to(self, user: models.Model) -> "UnitQuerySet":
        """The units of the universities whose pages `user` may see."""
        return self.filter(university__in=University.objects.visible_to(user))


@tracked()
class Unit(models.Model):
    """A faculty, school, department or laboratory; units of one university form a tree."""

    # By the database: rows from before the column got one, and so do those that SQL by hand adds.
    reference = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    university = models.ForeignKey(University, on_delete=models.CASCADE, related_name="units")
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    name = models.CharField(_("name"), max_length=200)
    code = models.CharField(_("code"), max_length=30, blank=True)
    website = models.URLField(_("website"), blank=True)
    is_sample = models.BooleanField(default=False)

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["university", "parent", "name"], nulls_distinct=False, name="a_unit_once_under_its_parent"
            ),
            models.CheckConstraint(condition=~models.Q(parent=models.F("pk")), name="a_unit_is_not_its_own_parent"),
        ]

    def __str__(self) -> str:
        return self.name


class ContactQuerySet(models.QuerySet):
    def in_force(self, day: date) -> "ContactQuerySet":
        return self.filter(*in_force_on(day))

    def visible_to(self, user: models.Model) -> "ContactQuerySet":
        """Public ones for everyone, members' for people who are signed in, all for people of the university."""
        if user.has_perm("members.curate"):
            return self
        if not user.is_authenticated:
            return self.filter(audience=Contact.Audience.PUBLIC)
        seen = models.Q(audience__in=[Contact.Audience.PUBLIC, Contact.Audience.MEMBERS])
        return self.filter(seen | models.Q(university__in=user.own_universities()))


class ContactPurpose(models.TextChoices):
    GENERAL = "general", _("General")
    INCOMING = "incoming", _("Incoming students")
    OUTGOING = "outgoing", _("Outgoing students")
    DUAL_DEGREES = "dual_degrees", _("Dual degrees")
    ACADEMIC = "academic", _("Academic lead")
    CATALOGUE = "catalogue", _("Course catalogue")
    GRANTS = "grants", _("Grants")
    LEADERSHIP = "leadership", _("President's office")


class ContactAudience(models.TextChoices):
    PUBLIC = "public", _("Everyone")
    MEMBERS = "members", _("People who are signed in")
    OWN = "own", _("Own university only")


@tracked()
class Contact(models.Model):
    """Whom to ask about what, from and until when."""

    Purpose = ContactPurpose

    Audience = ContactAudience

    university = models.ForeignKey(University, on_delete=models.CASCADE, related_name="contacts")
    unit = models.ForeignKey(
        Unit, on_delete=models.SET_NULL, null=True, blank=True, related_name="contacts", verbose_name=_("unit")
    )
    purpose = models.CharField(_("for"), max_length=14, choices=Purpose)
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    link = models.URLField(_("page"), blank=True)
    audience = models.CharField(_("who sees it"), max_length=8, choices=Audience, default=Audience.PUBLIC)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    is_sample = models.BooleanField(default=False)

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["purpose", "name"]
        constraints = [
            only_choices("purpose", ContactPurpose),
            only_choices("audience", ContactAudience),
            in_order("starts_on", "ends_on", PERIOD_MESSAGE),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_purpose_display()})"


OLD_AFTER_YEARS = 3


def is_old(year: str, day: date) -> bool:
    """Whether a figure for `year` ("2024", "2024/25"; empty is not known) lies more than three years before `day`."""
    return year[:4].isdigit() and int(year[:4]) < day.year - OLD_AFTER_YEARS


class FactKind(models.TextChoices):
    STUDENTS = "students", _("Students")
    DOCTORAL = "doctoral", _("Doctoral students")
    STAFF = "staff", _("Academic staff")
    PROFESSORS = "professors", _("Professors")
    OUTGOING = "outgoing", _("Students going abroad a year")
    INCOMING = "incoming", _("Students coming in a year")
    AGREEMENTS = "agreements", _("Exchange agreements")
    DUAL_DEGREES = "dual_degrees", _("Double and dual degrees")


@tracked()
class Fact(models.Model):
    """A figure about a university for a year, with its source."""

    Kind = FactKind

    university = models.ForeignKey(University, on_delete=models.CASCADE, related_name="facts")
    kind = models.CharField(_("what"), max_length=14, choices=Kind)
    value = models.PositiveIntegerField(_("number"))
    year = models.CharField(_("year"), max_length=12, help_text=_("2024 or 2024/25"))
    scope = models.CharField(_("what it counts"), max_length=200, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    is_stale = models.BooleanField(_("older than three years"), default=False)

    class Meta:
        ordering = ["university", "kind", "-year"]
        constraints = [
            only_choices("kind", FactKind),
            models.UniqueConstraint(fields=["university", "kind", "year"], name="one_fact_of_a_kind_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.year}: {self.value}"

    @property
    def value_text(self) -> str:
        """The number as the reader's locale groups it."""
        return number_format(self.value, force_grouping=True)

    def is_old_on(self, day: date) -> bool:
        """Asked and not only stored: a number grows old although nobody writes it again. What the source calls old, for
        want of a year, stays old.
        """
        return self.is_stale or is_old(self.year, day)


@tracked()
class Factsheet(Versioned, Confirmable):
    """What partners and incoming students need to know of a receiving university."""

    university = models.OneToOneField(University, on_delete=models.CASCADE, related_name="factsheet")
    housing = models.TextField(_("housing"), blank=True)
    visa = models.TextField(_("visa"), blank=True)
    language = models.TextField(_("language"), blank=True)
    insurance = models.TextField(_("insurance"), blank=True)
    arrival = models.TextField(_("arrival"), blank=True)
    transcripts = models.TextField(_("transcripts and grades"), blank=True)
    website = models.URLField(_("page for incoming students"), blank=True)
    is_sample = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"Factsheet of {self.university}"


@tracked()
class FactsheetTerm(models.Model):
    """The deadlines of one term at one host; the moments are read in the host's time zone."""

    factsheet = models.ForeignKey(Factsheet, on_delete=models.CASCADE, related_name="terms")
    academic_year = models.PositiveSmallIntegerField(
        _("academic year"), help_text=_("The year it begins in: 2027 for 2027/28.")
    )
    term = models.CharField(_("term"), max_length=6, choices=Term)
    nominations_close_at = models.DateTimeField(_("nominations until"))
    applications_close_at = models.DateTimeField(_("applications until"))
    arrival_on = models.DateField(_("arrival"), null=True, blank=True)
    teaching_from = models.DateField(_("teaching from"), null=True, blank=True)
    teaching_until = models.DateField(_("teaching until"), null=True, blank=True)

    class Meta:
        ordering = ["academic_year", "nominations_close_at"]
        constraints = [
            only_choices("term", Term),
            models.UniqueConstraint(
                fields=["factsheet", "academic_year", "term"],
                name="one_set_of_deadlines_a_term",
                violation_error_message=_("The deadlines of this term stand there already."),
            ),
            in_order("teaching_from", "teaching_until", _("Teaching must not end before it begins.")),
        ]

    def __str__(self) -> str:
        return f"{self.get_term_display()} {self.academic_year}/{(self.academic_year + 1) % 100:02d}"


@tracked()
class Picture(models.Model):
    """A picture on a university's page, re-encoded on upload; `alt` says what it shows."""

    university = models.ForeignKey(University, on_delete=models.CASCADE, related_name="pictures")
    image = models.ImageField(upload_to="universities/pictures/", width_field="width", height_field="height")
    width = models.PositiveIntegerField(editable=False, default=0)
    height = models.PositiveIntegerField(editable=False, default=0)
    alt = models.CharField(_("what it shows"), max_length=200)
    credit = models.CharField(_("credit"), max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.alt

    @property
    def url(self) -> str:
        """Where the picture is shown; needs `university`."""
        return reverse("members:university_picture", args=[self.university.slug, PurePosixPath(self.image.name).name])
