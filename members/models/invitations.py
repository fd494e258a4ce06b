"""Invitations: a mandate offered to somebody who has no account yet."""

import uuid
from datetime import date, datetime, timedelta

import pghistory
from django.contrib.contenttypes.models import ContentType
from django.core import signing
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.acts import Machine
from members.constraints import both_or_neither, in_order, only_choices
from members.models.acts import Act
from members.models.people import Mandate, Role, User
from members.models.universities import PERIOD_MESSAGE, University

INVITATION_LASTS = timedelta(days=14)
SALT = "members.invitation"
SENT = ("invitation.sent", "invitation.sent_again")
ONE_DAY = timedelta(days=1)


class InvitationState(models.TextChoices):
    WAITING = "waiting", _("Waiting for an answer")
    ACCEPTED = "accepted", _("Accepted")
    WITHDRAWN = "withdrawn", _("Taken back")


class InvitationQuerySet(models.QuerySet):
    def waiting(self) -> "InvitationQuerySet":
        """Neither accepted nor taken back; an expired one still waits, for being sent again."""
        return self.filter(state=Invitation.State.WAITING)

    def answerable(self, now: datetime) -> "InvitationQuerySet":
        """Those whose link has not expired at `now`."""
        return self.waiting().filter(expires_at__gt=now)

    def with_backing(self, day: date) -> "InvitationQuerySet":
        """With `is_backed`: whether whoever sent it may still give that role there on `day`.

        An invitation is an office's promise: who has left the office must not fill its desks from outside. Others in
        the office confirm it by sending it again. What a deputy sent holds as long as the office of whom they stood in
        for; an office that was passed on with the invitation ended for just that, and the invitation holds.
        """
        acting = _of_those_who_sent(day)
        by_official = Q(Exists(acting.filter(role=Role.OFFICIAL, university=OuterRef("university"))))
        may_give = (
            Q(invited_by__is_superuser=True)
            | Q(Exists(acting.filter(role=Role.SECRETARIAT)))
            | (by_official & Q(role__in=Role.given_by_the_official))
            | Q(Exists(_passed_on()))
        )
        backed = Q(invited_by__is_active=True) & may_give
        return self.annotate(is_backed=models.ExpressionWrapper(backed, output_field=models.BooleanField()))

    def by_token(self, token: str) -> "InvitationQuerySet":
        """The invitation whose link carries `token`; none when the token was not made here."""
        try:
            # Without an age: until when it holds stands on the row, and sending again prolongs the same link.
            return self.filter(reference=signing.loads(token, salt=SALT))
        except signing.BadSignature:
            return self.none()


def _of_those_who_sent(day: date) -> models.QuerySet:
    """Mandates in force on `day`, of the outer invitation's sender or of whom the sender stood in for."""
    kind = ContentType.objects.get_for_model(Invitation)
    sent = Act.objects.filter(content_type=kind, object_id=OuterRef(OuterRef("pk")), kind__in=SENT).order_by()
    stands_in = (
        Q(deputy=OuterRef("invited_by"))
        & (Q(deputy_from=None) | Q(deputy_from__lte=day))
        & (Q(deputy_until=None) | Q(deputy_until__gte=day))
    )
    own = Q(person=OuterRef("invited_by"))
    return Mandate.objects.in_force(day).filter(own | stands_in | Q(person__in=sent.values("on_behalf_of")))


def _passed_on() -> models.QuerySet:
    """The sender's own mandate that ends on the day before the invited person is to follow."""
    here = Q(university=OuterRef("university")) | Q(university=None)  # by the role there is one, or there is none
    return Mandate.objects.standing().filter(
        here, person=OuterRef("invited_by"), role=OuterRef("role"), ends_on=OuterRef("starts_on") - ONE_DAY
    )


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
                # Roles of the consortium have no university, and two NULLs would count as two places.
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

    def is_backed_on(self, day: date) -> bool:
        """Whether whoever sent it may still give that role on `day`; see `with_backing`."""
        return Invitation.objects.with_backing(day).filter(pk=self.pk, is_backed=True).exists()
