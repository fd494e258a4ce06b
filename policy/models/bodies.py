"""The bodies of the consortium and who sits in them, from and until when."""

import uuid
from datetime import date

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Case, Count, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.acts import Versioned
from members.constraints import in_order, no_overlap, only_choices, period, scalar
from members.models import Mandate, Role, University, User
from members.models.universities import PERIOD_MESSAGE, in_force_on, tracked

PERSON_TWICE = _("This person already sits in this body in that time.")
UNIVERSITY_TWICE = _("This university already has a seat of its own in this body in that time.")


class BodyKind(models.TextChoices):
    ASSEMBLY = "assembly", _("General assembly")
    STEERING = "steering", _("Steering committee")
    TASK_FORCE = "task_force", _("Task force")
    DEPARTMENT = "department", _("Department")
    WORKING_GROUP = "working_group", _("Working group")


class BodyQuerySet(models.QuerySet):
    def existing(self, day: date) -> "BodyQuerySet":
        """Bodies that stand on `day`; an unknown first or last day counts as standing."""
        return self.filter(*in_force_on(day))

    def with_seats(self, day: date) -> "BodyQuerySet":
        """Annotate `seats`: how many seats are filled on `day`."""
        held = BodyMembership.objects.in_force(day).filter(body=OuterRef("pk")).order_by().values("body")
        return self.annotate(seats=Coalesce(Subquery(held.values(n=Count("pk"))), 0))

    def with_rank(self, day: date) -> "BodyQuerySet":
        """Annotate `rank` (the assembly first, working groups last) and `standing`: 1 where it stands on `day`."""
        ranks = [When(kind=kind, then=Value(rank)) for rank, kind in enumerate(BodyKind.values)]
        begun, not_ended = in_force_on(day)
        stands = When(begun & not_ended, then=Value(1))
        return self.annotate(rank=Case(*ranks, default=Value(len(ranks))), standing=Case(stands, default=Value(0)))

    def sat_in_by(self, user: User, day: date) -> "BodyQuerySet":
        """Bodies in which `user` fills a seat on `day`."""
        return self.filter(pk__in=BodyMembership.objects.filled_by(user, day).values("body"))


@tracked(obj_field=pghistory.ObjForeignKey(related_name="kept_versions"))
class Body(Versioned):
    """Something that meets: the assembly, the steering committee, a task force, a department, a working group."""

    Kind = BodyKind

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=160)
    short_name = models.CharField(_("short name"), max_length=30, blank=True)
    kind = models.CharField(_("kind"), max_length=14, choices=BodyKind)
    purpose = models.TextField(_("what it is for"), blank=True)
    starts_on = models.DateField(_("since"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    is_sample = models.BooleanField(default=False)

    objects = BodyQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name, verbose_name_plural = _("body"), _("bodies")
        constraints = [only_choices("kind", BodyKind), in_order("starts_on", "ends_on", PERIOD_MESSAGE)]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("policy:body_detail", args=[self.slug])

    @property
    def named(self) -> str:
        """Its name and, where it has one, the short name that tells it from others: "Mobility (WG-MOB)"."""
        return f"{self.name} ({self.short_name})" if self.short_name else self.name


class BodyRole(models.TextChoices):
    CHAIR = "chair", _("Chair")
    VICE = "vice", _("Vice-chair")
    SECRETARY = "secretary", _("Secretary")
    MEMBER = "member", _("Member")


BodyRole.keeping = (BodyRole.CHAIR, BodyRole.SECRETARY)


class BodyMembershipQuerySet(models.QuerySet):
    def in_force(self, day: date) -> "BodyMembershipQuerySet":
        return self.filter(*in_force_on(day))

    def filled_by(self, user: User, day: date) -> "BodyMembershipQuerySet":
        """Seats that `user` fills on `day`: their own, and those of a university alone whose head they are."""
        # Deputies of a head are among them: who may act for the head also sits for the head.
        heads = user.universities_as(Role.HEAD, day=day)
        return self.in_force(day).filter(Q(person=user) | Q(person__isnull=True, university__in=heads))

    def in_rank(self) -> "BodyMembershipQuerySet":
        """Chair, vice-chair, secretary, members; each by the name that is shown."""
        ranks = [When(role=role, then=Value(rank)) for rank, role in enumerate(BodyRole.values)]
        return self.order_by(
            Case(*ranks, default=Value(len(ranks))), "university__short_name", "person__family_name", "starts_on", "pk"
        )


@tracked()
class BodyMembership(models.Model):
    """A seat in a body: a person's, a person's for a university, or a university's own, which its head fills."""

    Role = BodyRole

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("body"))
    # Protected: decisions rest on who sat there (held_of_people.py).
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="seats",
        verbose_name=_("person"),
    )  # fmt: skip
    university = models.ForeignKey(
        University, on_delete=models.PROTECT, null=True, blank=True, related_name="seats", verbose_name=_("university")
    )
    role = models.CharField(_("role"), max_length=10, choices=BodyRole, default=BodyRole.MEMBER)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = BodyMembershipQuerySet.as_manager()

    class Meta:
        ordering = ["body", "starts_on", "pk"]
        verbose_name, verbose_name_plural = _("seat"), _("seats")
        indexes = [models.Index(fields=["person"], name="seat_of_a_person")]
        constraints = [
            only_choices("role", BodyRole),
            in_order("starts_on", "ends_on", PERIOD_MESSAGE),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(university__isnull=False),
                name="a_seat_is_somebodys",
                violation_error_message=_("Name a person, a university, or both."),
            ),
            no_overlap(
                "a_person_sits_once_in_a_body",
                scalar("body"), scalar("person"), period("starts_on", "ends_on"),
                condition=Q(person__isnull=False),
                message=PERSON_TWICE,
                deferrable=models.Deferrable.IMMEDIATE,  # so that one act can move the day on which a seat passes on
            ),
            no_overlap(
                "a_university_has_one_seat_of_its_own",
                scalar("body"), scalar("university"), period("starts_on", "ends_on"),
                condition=Q(person__isnull=True),
                message=UNIVERSITY_TWICE,
                deferrable=models.Deferrable.IMMEDIATE,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.holder}, {self.get_role_display()}"

    @property
    def holder(self) -> str:
        """Whose seat it is, in words."""
        if self.person_id and self.university_id:
            return f"{self.person} ({self.university.short_name})"
        return str(self.person) if self.person_id else self.university.short_name

    @property
    def is_sample(self) -> bool:
        """Whether an invented person fills it."""
        return bool(self.person_id and self.person.is_sample)

    def collides_with(self, other: "BodyMembership") -> bool:
        """Whether both are seats of one holder at a time: what the two constraints on overlaps refuse."""
        ours, theirs = ((seat.person_id, seat.person_id or seat.university_id) for seat in (self, other))
        ends = [seat.ends_on or date.max for seat in (self, other)]
        starts = [seat.starts_on or date.min for seat in (self, other)]
        return ours == theirs and max(starts) <= min(ends)

    def people(self, day: date) -> list[User]:
        """Who fills it on `day`: its person, or the head of its university and the head's deputy."""
        if not self.is_in_force(day):
            return []
        if self.person_id:
            return [self.person]
        return Mandate.objects.held_at(self.university, Role.HEAD).who_may_act(day)

    def is_in_force(self, day: date) -> bool:
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or day <= self.ends_on)
