"""Support: somebody of the secretariat sees the portal as another person does, for a reason and a short time."""

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from members.models.people import User

VISIT_LASTS = timedelta(minutes=30)


class SupportVisitQuerySet(models.QuerySet):
    def going_on(self, now: datetime) -> "SupportVisitQuerySet":
        return self.filter(ended_at=None, ends_at__gt=now)


class SupportVisit(models.Model):
    """Who looked as whom, why, from and until when; never deleted."""

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    supporter = models.ForeignKey(User, on_delete=models.PROTECT, related_name="support_given")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="support_received")
    reason = models.CharField(_("reason"), max_length=300)
    began_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until at the latest"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = SupportVisitQuerySet.as_manager()

    class Meta:
        ordering = ["-began_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_visit_has_a_reason"),
            models.CheckConstraint(condition=~Q(supporter=F("person")), name="nobody_visits_themselves"),
            models.CheckConstraint(
                condition=Q(ends_at__lte=F("began_at") + VISIT_LASTS), name="a_visit_lasts_half_an_hour_at_most"
            ),
            models.UniqueConstraint(
                fields=["supporter"], condition=Q(ended_at=None), name="one_open_visit_per_supporter"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supporter}: {self.person}"
