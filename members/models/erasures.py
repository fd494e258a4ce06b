"""What people ask to have erased, and what the secretariat did about it."""

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.acts import Machine
from members.constraints import both_or_neither, only_choices
from members.models.people import User

# Regulation (EU) 2016/679, article 12(3): one month. In days, so that it holds for who asks at the end of January too.
ANSWER_WITHIN = timedelta(days=28)


class ErasureState(models.TextChoices):
    ASKED = "asked", _("Asked for")
    DONE = "done", _("Erased")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Taken back")


class ErasureQuerySet(models.QuerySet):
    def waiting(self) -> "ErasureQuerySet":
        return self.filter(state=ErasureState.ASKED)

    def visible_to(self, user: models.Model) -> "ErasureQuerySet":
        """The secretariat sees all; people see their own."""
        return self if user.has_perm("members.curate") else self.filter(user=user)


class Erasure(Machine):
    """One person's wish to be forgotten; `done` counts by kind what was erased, never what it said."""

    State = ErasureState

    TRANSITIONS = {
        "carry_out": ({State.ASKED}, State.DONE),
        "refuse": ({State.ASKED}, State.REFUSED),
        "take_back": ({State.ASKED}, State.WITHDRAWN),
    }

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="erasures")
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    words = models.TextField(_("anything we should know"), blank=True, max_length=1000)
    answer = models.TextField(_("reason"), blank=True, max_length=1000)
    done = models.JSONField(default=dict, blank=True)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = ErasureQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            only_choices("state", ErasureState),
            both_or_neither("decided_at", "decided_by"),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(answer=""),
                name="a_refused_erasure_has_a_reason",
                violation_error_message=_("Say why; the person reads it."),
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(state="asked"),
                name="one_open_erasure_per_person",
                violation_error_message=_("You have asked already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_state_display()}"

    def get_absolute_url(self) -> str:
        return reverse("people:erasure_detail", args=[self.reference])

    @property
    def answer_by(self) -> datetime:
        """The last moment at which the person must have an answer."""
        return self.asked_at + ANSWER_WITHIN
