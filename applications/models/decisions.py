"""Decisions are prepared, then released in one batch; and the log of who opened a file with which reason."""

from datetime import datetime, timedelta

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models.applications import Application, Choice
from applications.models.rounds import REASON_LENGTH, LetterTemplate
from members.constraints import only_choices

ACCESS_LASTS = timedelta(hours=1)


@pghistory.track()
class Decision(models.Model):
    """What is to become of an application; nobody outside the desk sees it before `released_at`."""

    application = models.OneToOneField(Application, on_delete=models.CASCADE, related_name="decision")
    outcome = models.CharField(max_length=6, choices=LetterTemplate.Outcome)
    choice = models.ForeignKey(Choice, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=REASON_LENGTH)
    subject = models.CharField(_("subject"), max_length=160)
    letter = models.TextField(_("letter"))
    by_hand = models.BooleanField(
        default=False, help_text=_("A person prepared it or changed its letter; proposals leave it alone.")
    )
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(auto_now=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    released_at = models.DateTimeField(null=True, blank=True)
    appeal_by = models.DateTimeField(
        null=True,
        blank=True,
        help_text=_("Until when the applicant may appeal; empty: not at all. The letter named it."),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(appeal_by__isnull=True) | Q(released_at__isnull=False) & ~Q(outcome="offer"),
                name="only_a_released_refusal_can_be_appealed",
            ),
            only_choices("outcome", LetterTemplate.Outcome),
            models.CheckConstraint(
                condition=~Q(outcome="offer") | Q(choice__isnull=False),
                name="an_offer_names_a_place",
                violation_error_message=_("Choose the place that is offered."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="a_decision_has_a_reason",
                violation_error_message=_("Give the reason; the applicant reads it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.outcome}"

    def may_be_appealed_at(self, now: datetime) -> bool:
        return self.appeal_by is not None and now <= self.appeal_by  # “until” in the letter has the last moment in it


class FileAccessQuerySet(models.QuerySet):
    def in_force_for(self, user: models.Model) -> "FileAccessQuerySet":
        # It asks the clock itself: permissions ask it, and has_perm knows no moment.
        return self.filter(person=user, at__gt=timezone.now() - ACCESS_LASTS)


class FileAccess(models.Model):
    """Somebody outside the desk opened a student's file, and said why; it lasts an hour and is never deleted."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="accesses")
    reason = models.CharField(_("reason"), max_length=REASON_LENGTH)
    at = models.DateTimeField(auto_now_add=True)

    objects = FileAccessQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        verbose_name_plural = "file accesses"
        indexes = [models.Index(fields=["person", "-at"], name="access_of_a_person")]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="an_access_has_a_reason")]

    def __str__(self) -> str:
        return f"{self.person} {self.at:%Y-%m-%d %H:%M}"
