"""Invitations: a mandate offered to somebody who has no account yet."""

import uuid
from datetime import datetime, timedelta

import pghistory
from django.core import signing
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.acts import Machine
from members.constraints import both_or_neither, in_order, only_choices
from members.models.people import Role, User
from members.models.universities import PERIOD_MESSAGE, University

INVITATION_LASTS = timedelta(days=14)
SALT = "members.invitation"


class InvitationState(models.TextChoices):
    WAITING = "waiting", _("Waiting for an answer")
    ACCEPTED = "accepted", _("Accepted")
    WITHDRAWN = "withdrawn", _("Taken back")


class InvitationQuerySet(models.QuerySet):
    def waiting(self) -> "InvitationQuerySet":
        """Neither accepted nor taken back; an expired one still waits, for being sent again."""
        return self.filter(state=Invitation.State.WAITING)

    def by_token(self, token: str) -> "InvitationQuerySet":
        """The invitation whose link carries `token`; none when the token was not made here."""
        try:
            return self.filter(reference=signing.loads(token, salt=SALT))
        except signing.BadSignature:
            return self.none()


@pghistory.track()
class Invitation(Machine):
    """Who is asked, by e-mail, to take on which role, from and until when; accepting makes account and mandate."""

    State = InvitationState

    TRANSITIONS = {
        "accept": ({State.WAITING}, State.ACCEPTED),
        "withdraw": ({State.WAITING}, State.WITHDRAWN),
    }

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail address"))
    university = models.ForeignKey(
        University, on_delete=models.PROTECT, null=True, blank=True, related_name="invitations"
    )
    role = models.CharField(_("role"), max_length=12, choices=Role)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            only_choices("state", InvitationState),
            only_choices("role", Role),
            in_order("starts_on", "ends_on", PERIOD_MESSAGE),
            both_or_neither("accepted_at", "accepted_by"),
            models.CheckConstraint(
                condition=Q(role__in=Role.of_the_consortium, university__isnull=True)
                | (~Q(role__in=Role.of_the_consortium) & Q(university__isnull=False)),
                name="an_invitation_is_for_a_university_or_the_consortium",
                violation_error_message=_("This role needs a university; a role of the consortium has none."),
            ),
            models.UniqueConstraint(
                Lower("email"), "university", "role",
                condition=Q(state=InvitationState.WAITING),
                nulls_distinct=False,
                name="one_waiting_invitation_per_address_and_role",
                violation_error_message=_("This person is invited to this role already; send that invitation again."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.email}, {self.get_role_display()}, {self.university or 'CLUSTER'}"

    @property
    def token(self) -> str:
        """What the link carries: signed, so that it cannot be guessed or made elsewhere."""
        return signing.dumps(str(self.reference), salt=SALT)

    def get_absolute_url(self) -> str:
        return reverse("people:invitation", args=[self.token])

    def is_open(self, now: datetime) -> bool:
        """Whether it can be accepted at `now`."""
        return self.state == self.State.WAITING and now < self.expires_at
