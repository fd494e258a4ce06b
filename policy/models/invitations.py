"""Invitations go to a mandate or a seat, not to a name: whoever holds it on the day may answer."""

import uuid
from datetime import date

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.acts import Machine
from members.constraints import both_or_neither, only_choices
from members.models import Mandate, Role, University, User
from policy.models.bodies import BodyMembership
from policy.models.events import Event


class InvitationState(models.TextChoices):
    OPEN = "open", _("Not answered yet")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    DELEGATED = "delegated", _("A delegate comes")
    WITHDRAWN = "withdrawn", _("Taken back")


InvitationState.standing = (
    InvitationState.OPEN, InvitationState.ACCEPTED, InvitationState.DECLINED, InvitationState.DELEGATED,
)  # fmt: skip


class EventInvitationQuerySet(models.QuerySet):
    def standing(self) -> "EventInvitationQuerySet":
        """Invitations that were not taken back."""
        return self.filter(state__in=InvitationState.standing)

    def reaching(self, user: User, day: date) -> "EventInvitationQuerySet":
        """Invitations that `user` may answer on `day`: by a mandate, as its deputy, or by a seat."""
        reached = Q(seat__in=BodyMembership.objects.filled_by(user, day).values("pk"))
        for mandate in user.mandates_on(day):
            if mandate.university_id:
                reached |= Q(role=mandate.role, university=mandate.university_id)
        return self.filter(reached)


@pghistory.track()
class EventInvitation(Machine):
    """One seat at an event for whoever holds a role at a university, or a seat in a body, on the day."""

    State = InvitationState

    TRANSITIONS = {
        "accept": ({State.OPEN, State.DECLINED}, State.ACCEPTED),
        "decline": ({State.OPEN, State.ACCEPTED, State.DELEGATED}, State.DECLINED),
        "delegate": ({State.OPEN, State.DECLINED, State.ACCEPTED}, State.DELEGATED),
        "withdraw": (set(InvitationState.standing), State.WITHDRAWN),
        "invite_again": ({State.WITHDRAWN}, State.OPEN),
    }

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(_("role"), max_length=12, choices=Role, blank=True)
    university = models.ForeignKey(
        University, on_delete=models.PROTECT, null=True, blank=True, related_name="event_invitations"
    )
    # Protected, so that a seat with invitations is given a last day instead of being removed (change_seats).
    seat = models.ForeignKey(
        BodyMembership, on_delete=models.PROTECT, null=True, blank=True, related_name="event_invitations"
    )
    state = models.CharField(max_length=10, choices=InvitationState, default=InvitationState.OPEN)
    invited_at = models.DateTimeField()
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    delegate = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="delegations"
    )
    words = models.CharField(_("a word to the organisers"), max_length=300, blank=True)

    objects = EventInvitationQuerySet.as_manager()

    class Meta:
        ordering = ["event", "university__short_name", "pk"]
        verbose_name, verbose_name_plural = _("invitation"), _("invitations")
        indexes = [models.Index(fields=["role", "university"], name="invitation_of_a_mandate")]
        constraints = [
            only_choices("state", InvitationState),
            both_or_neither("answered_at", "answered_by"),
            # A mandate or a seat, never a name: who holds it on the day may answer.
            models.CheckConstraint(
                condition=Q(seat__isnull=True, university__isnull=False) & ~Q(role="")
                | Q(seat__isnull=False, university__isnull=True, role=""),
                name="an_invitation_goes_to_a_mandate_or_a_seat",
                violation_error_message=_("Invite a role at a university, or a seat in a body."),
            ),
            models.CheckConstraint(
                condition=Q(state="delegated", delegate__isnull=False) | ~Q(state="delegated"),
                name="a_delegation_names_somebody",
                violation_error_message=_("Name who comes instead."),
            ),
            # Two constraints, since of each pair of columns one is empty, and no null equals another.
            models.UniqueConstraint(
                fields=["event", "role", "university"], condition=Q(seat__isnull=True), name="a_mandate_is_invited_once"
            ),
            models.UniqueConstraint(
                fields=["event", "seat"], condition=Q(seat__isnull=False), name="a_seat_is_invited_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invited}: {self.event}"

    def get_absolute_url(self) -> str:
        return reverse("policy:invitation_answer", args=[self.reference])

    @property
    def invited(self) -> str:
        """Who is invited, in words: the seat, or the role at its university."""
        if self.seat_id:
            return self.seat.holder
        return f"{self.get_role_display()}, {self.university.short_name}"

    @property
    def home(self) -> University | None:
        """The university whose seat at the table it is."""
        return self.seat.university if self.seat_id else self.university

    @property
    def tone(self) -> str:
        """How its state is drawn."""
        return {"open": "wait", "accepted": "ok", "delegated": "ok"}.get(self.state, "quiet")

    @property
    def is_open(self) -> bool:
        return self.state == InvitationState.OPEN

    def people(self, day: date) -> list[User]:
        """Who may answer on `day`: the holders of the mandate and their deputies, or who fills the seat."""
        if self.seat_id:
            return self.seat.people(day)
        return Mandate.objects.held_at(self.university, self.role).who_may_act(day)
