"""People: accounts, the mandates they act through, and the student's profile."""

import uuid
from datetime import date
from typing import Any

import pghistory
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from members.acts import Machine
from members.constraints import in_order, language_code, no_overlap, only_choices, period, scalar, text
from members.models.reference import Cefr, Field, GradeScale, Language, StudyLevel
from members.models.universities import PERIOD_MESSAGE, University, in_force_on
from members.zones import check_zone


class Role(models.TextChoices):
    """What a mandate is for; the roles of the consortium itself carry no university."""

    OFFICIAL = "official", _("Official of the university")
    EXCHANGE = "exchange", _("Exchange coordinator")
    DIRECTOR = "director", _("Programme director")
    COORDINATOR = "coordinator", _("Academic coordinator")
    GRANTS = "grants", _("Grant officer")
    HEAD = "head", _("Head of university")
    REVIEWER = "reviewer", _("Reviewer")
    AUDITOR = "auditor", _("Auditor")
    SECRETARIAT = "secretariat", _("Secretariat")
    PRESIDENT = "president", _("President of the consortium")


Role.of_the_consortium = (Role.SECRETARIAT, Role.PRESIDENT)
Role.given_by_the_official = (
    Role.EXCHANGE, Role.DIRECTOR, Role.COORDINATOR, Role.GRANTS, Role.HEAD, Role.REVIEWER, Role.AUDITOR,
)  # fmt: skip


class JoinedAs(models.TextChoices):
    """What people say they are when they sign up; what they may do comes from mandates and the student's profile."""

    STUDENT = "student", _("I study at a university of the consortium")
    STAFF = "staff", _("I work at a university of the consortium")


class UserManager(BaseUserManager):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make an account; the address is kept in lower case. Raises IntegrityError when it exists."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email=(email or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """An account: one person, one e-mail address, any number of mandates, perhaps a student profile."""

    email = models.EmailField(_("e-mail address"), unique=True)
    given_name = models.CharField(_("given name"), max_length=80, blank=True)
    family_name = models.CharField(_("family name"), max_length=80, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=40, blank=True, validators=[check_zone])
    joined_as = models.CharField(_("joined as"), max_length=10, choices=JoinedAs, blank=True)
    is_staff = models.BooleanField(_("may enter the administration"), default=False)
    is_active = models.BooleanField(default=True)
    is_sample = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        ordering = ["family_name", "given_name", "email"]
        # `unique` alone takes Anna@KTH.se beside anna@kth.se, which SQL by hand could write.
        constraints = [models.UniqueConstraint(Lower("email"), name="one_account_per_address")]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip() or self.email

    def get_short_name(self) -> str:
        return self.given_name or self.email

    @property
    def initials(self) -> str:
        return ((self.given_name[:1] + self.family_name[:1]) or self.email[:2]).upper()

    @cached_property
    def every_mandate(self) -> list["Mandate"]:
        """Every mandate this person holds or stands in for, read once per request."""
        mine = Q(person=self) | Q(deputy=self)
        # A list and no QuerySet: a page asks dozens of times who may, and must see one answer throughout.
        return list(Mandate.objects.filter(mine).select_related("university", "person", "deputy"))

    def mandates_on(self, day: date) -> list["Mandate"]:
        """The mandates this person may act through on `day`, as holder or as deputy."""
        return [mandate for mandate in self.every_mandate if mandate.may_be_used_by(self, day)]

    def mandate_for(
        self, *roles: str, university: University | None = None, day: date | None = None
    ) -> "Mandate | None":
        """The mandate to act through as one of `roles` at `university` (None: any) on `day` (None: today)."""
        day = day or timezone.localdate()
        for mandate in self.mandates_on(day):
            if mandate.role in roles and (university is None or mandate.university_id == university.pk):
                return mandate
        return None

    def holds(self, *roles: str, university: University | None = None, day: date | None = None) -> bool:
        """Whether one of `roles` is held, or stood in for, at `university` (None: any) on `day` (None: today)."""
        return self.mandate_for(*roles, university=university, day=day) is not None

    def universities_as(self, *roles: str, day: date | None = None) -> list[University]:
        """The universities this person acts for as one of `roles` on `day` (None: today)."""
        found = self.mandates_on(day or timezone.localdate())
        return list({m.university_id: m.university for m in found if m.role in roles and m.university_id}.values())

    def own_universities(self) -> list[University]:
        """Universities this person belongs to today: by any mandate, or as a confirmed student."""
        own = {m.university_id: m.university for m in self.mandates_on(timezone.localdate()) if m.university_id}
        profile = self.student_profile_or_none
        if profile and profile.is_confirmed:
            own[profile.university_id] = profile.university
        return list(own.values())

    @cached_property
    def student_profile_or_none(self) -> "StudentProfile | None":
        return StudentProfile.objects.select_related("university__grade_scale", "field").filter(user=self).first()


class MandateQuerySet(models.QuerySet):
    def standing(self) -> "MandateQuerySet":
        """Without those that were taken back: of these no day ever counted."""
        return self.filter(taken_back_at=None)

    def in_force(self, day: date) -> "MandateQuerySet":
        return self.standing().filter(*in_force_on(day))

    def held_at(self, university: University | None, *roles: str) -> "MandateQuerySet":
        """Mandates for one of `roles` at `university`, or of the consortium where None."""
        return self.filter(university=university, role__in=roles)

    def who_may_act(self, day: date) -> list[User]:
        """Everybody who may act through one of these mandates on `day`: holders and their deputies, each once."""
        found = {}
        for mandate in self.in_force(day).select_related("person", "deputy"):
            for person in (mandate.person, mandate.deputy):
                if person and mandate.may_be_used_by(person, day):
                    found[person.pk] = person
        return list(found.values())

    def visible_to(self, user: models.Model) -> "MandateQuerySet":
        """The secretariat sees all; people see those of their own universities and their own."""
        if user.has_perm("members.curate"):
            return self
        return self.filter(Q(university__in=user.own_universities()) | Q(person=user) | Q(deputy=user))


@pghistory.track()
class Mandate(models.Model):
    """A person may act in a role for a university, or for the consortium, from and until when.

    The deputy may act too, on the holder's behalf, in the deputy's own days.
    """

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="mandates")
    university = models.ForeignKey(University, on_delete=models.PROTECT, null=True, blank=True, related_name="mandates")
    role = models.CharField(max_length=12, choices=Role)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    deputy = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="deputyships")
    deputy_from = models.DateField(null=True, blank=True)
    deputy_until = models.DateField(null=True, blank=True)
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    # Not an earlier end: a period that ends before it begins is none, and others may hold the role in these days.
    taken_back_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = MandateQuerySet.as_manager()

    class Meta:
        ordering = ["university", "role", "-starts_on"]
        indexes = [
            models.Index(fields=["university", "role"], name="mandate_of_a_desk"),
        ]
        constraints = [
            only_choices("role", Role),
            in_order("starts_on", "ends_on", PERIOD_MESSAGE),
            in_order("deputy_from", "deputy_until", PERIOD_MESSAGE),
            models.CheckConstraint(
                condition=Q(role__in=Role.of_the_consortium, university__isnull=True)
                | (~Q(role__in=Role.of_the_consortium) & Q(university__isnull=False)),
                name="a_mandate_is_for_a_university_or_the_consortium",
                violation_error_message=_("This role needs a university; a role of the consortium has none."),
            ),
            models.CheckConstraint(
                condition=Q(deputy__isnull=True) | ~Q(deputy=models.F("person")),
                name="nobody_is_their_own_deputy",
                violation_error_message=_("Choose somebody else as deputy."),
            ),
            no_overlap(
                "one_mandate_of_a_kind_per_person_at_a_time",
                scalar("person"), scalar("university"), text("role"), period("starts_on", "ends_on"),
                condition=Q(taken_back_at__isnull=True),
                message=_("This person already holds this role here in that time."),
            ),
            no_overlap(
                "one_official_per_university_at_a_time",
                scalar("university"), period("starts_on", "ends_on"),
                condition=Q(role=Role.OFFICIAL, taken_back_at__isnull=True),
                message=_("This university has an official in that time; end that mandate first."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.person}, {self.get_role_display()}, {self.university or 'CLUSTER'}"

    def get_absolute_url(self) -> str:
        return reverse("people:mandate_detail", args=[self.reference])

    def is_in_force(self, day: date) -> bool:
        if self.taken_back_at is not None:
            return False
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def can_be_taken_back(self, day: date) -> bool:
        """Until the end of its first day; later it can only end, and what was done under it stands."""
        return self.taken_back_at is None and day <= self.starts_on

    def may_be_used_by(self, user: User, day: date) -> bool:
        """The holder on every day of the mandate; the deputy on those of them that are also the deputy's."""
        if not self.is_in_force(day):
            return False
        if self.person_id == user.pk:
            return True
        return (
            self.deputy_id == user.pk
            and (self.deputy_from is None or self.deputy_from <= day)
            and (self.deputy_until is None or day <= self.deputy_until)
        )

    def on_behalf_of(self, user: User) -> User | None:
        """Whom `user` acts for through this mandate: the holder when `user` is the deputy, else nobody."""
        return self.person if user.pk != self.person_id else None


class StudentProfileQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "StudentProfileQuerySet":
        """A student sees their own; the exchange office and the official see those of their university."""
        # The person's own desk would open files whose owners were told of no visit.
        if getattr(user, "supporter", None) is not None:
            return self.filter(user=user)
        desks = user.universities_as(Role.EXCHANGE, Role.OFFICIAL)
        return self.filter(Q(user=user) | Q(university__in=desks))


class StudentProfileState(models.TextChoices):
    WAITING = "waiting", _("Waiting for the office")
    CONFIRMED = "confirmed", _("Confirmed")
    REFUSED = "refused", _("Not a student here")


@pghistory.track()
class StudentProfile(Machine):
    """A student and the home university; it counts once the office, or the e-mail domain, has confirmed it."""

    State = StudentProfileState

    TRANSITIONS = {
        "confirm": ({State.WAITING, State.REFUSED}, State.CONFIRMED),
        "refuse": ({State.WAITING, State.CONFIRMED}, State.REFUSED),
        "ask_again": ({State.WAITING, State.REFUSED, State.CONFIRMED}, State.WAITING),
    }

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # The person's own, unlike a mandate, which is protected: who decided for a university must be known later.
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="student_profile")
    university = models.ForeignKey(
        University, on_delete=models.PROTECT, related_name="students", verbose_name=_("home university")
    )
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    student_number = models.CharField(_("student number"), max_length=40, blank=True)
    degree_programme = models.CharField(_("degree programme"), max_length=160, blank=True)
    level = models.CharField(_("level"), max_length=10, choices=StudyLevel, blank=True)
    field = models.ForeignKey(Field, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("field of study"))
    semester = models.PositiveSmallIntegerField(
        _("current semester"), null=True, blank=True, validators=[MaxValueValidator(20)]
    )
    ects_earned = models.DecimalField(
        _("ECTS credits earned"),
        max_digits=5,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(600)],
    )
    grade_scale = models.ForeignKey(
        GradeScale, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("grade scale")
    )
    grade_average = models.DecimalField(_("average grade"), max_digits=6, decimal_places=2, null=True, blank=True)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)
    confirmed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    confirmed_by_domain = models.CharField(max_length=253, blank=True, editable=False)

    objects = StudentProfileQuerySet.as_manager()

    class Meta:
        ordering = ["user"]
        constraints = [
            only_choices("state", StudentProfileState),
            models.CheckConstraint(
                condition=Q(level__in=["", *StudyLevel.values]), name="members_studentprofile_level_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(confirmed_by__isnull=False) | ~Q(confirmed_by_domain=""),
                name="a_confirmed_student_was_confirmed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.university})"

    @property
    def is_confirmed(self) -> bool:
        return self.state == self.State.CONFIRMED

    @property
    def home_scale(self) -> GradeScale | None:
        """The scale the average is written on: the student's own, else the home university's."""
        return self.grade_scale or self.university.grade_scale

    def missing(self) -> list[str]:
        """The names of what offices compare when they choose and this profile does not say yet."""
        needed = ("degree_programme", "level", "field", "semester", "ects_earned", "grade_average")
        return [str(self._meta.get_field(name).verbose_name) for name in needed if getattr(self, name) in (None, "")]

    def get_absolute_url(self) -> str:
        return reverse("people:student_detail", args=[self.reference])


class LanguageSkill(models.Model):
    """A language a student knows, at which level, with the proof named."""

    profile = models.ForeignKey(StudentProfile, on_delete=models.CASCADE, related_name="languages")
    language = models.CharField(_("language"), max_length=2, choices=Language)
    level = models.CharField(_("level"), max_length=2, choices=Cefr)
    proof = models.CharField(_("proof"), max_length=120, blank=True)

    class Meta:
        ordering = ["language"]
        constraints = [
            only_choices("level", Cefr),
            language_code("language"),
            models.UniqueConstraint(
                fields=["profile", "language"],
                name="a_language_once_per_student",
                violation_error_message=_("This language stands in your list already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_language_display()} {self.level}"
