"""Links by which somebody without an account reads the dossier of one application for some days."""

import hashlib
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications.models.applications import Application
from members.constraints import both_or_neither

LASTS_AT_MOST = timedelta(days=30)


class DossierLinkQuerySet(models.QuerySet):
    def in_force(self, now: datetime) -> "DossierLinkQuerySet":
        return self.filter(revoked_at=None, expires_at__gt=now)

    def with_token(self, token: str) -> "DossierLinkQuerySet":
        """The link that carries `token`; only the hash of a token is known here."""
        return self.filter(token_hash=DossierLink.hash_of(token))


class DossierLink(models.Model):
    """A link was made for `whom`; it works until `expires_at` or until it is revoked, and is never deleted."""

    CODE_LENGTH = 12

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="dossier_links")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    whom = models.CharField(_("for whom"), max_length=160)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(_("works until"))
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    openings = models.PositiveIntegerField(_("opened"), default=0)
    opened_at = models.DateTimeField(_("opened last"), null=True, blank=True)

    objects = DossierLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            both_or_neither("revoked_at", "revoked_by"),
            models.CheckConstraint(condition=~Q(whom=""), name="a_link_says_for_whom"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at"), expires_at__lte=F("made_at") + LASTS_AT_MOST),
                name="a_link_works_for_thirty_days_at_most",
                violation_error_message=_("A link works for thirty days at most."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.whom} {self.made_at:%Y-%m-%d}"

    @staticmethod
    def hash_of(token: str) -> str:
        # No salt and no slow hash as for passwords: the token is 32 random bytes, which nobody guesses from its hash.
        return hashlib.sha256(token.encode()).hexdigest()

    @property
    def code(self) -> str:
        """What names the link in addresses of the desk; it opens nothing."""
        return self.token_hash[: self.CODE_LENGTH]

    def works_at(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at
