"""Keys to the API that people make for their programs."""

import hashlib
import secrets
import uuid
from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from members.models.people import User

PREFIX = "cluster_"
HINT_LENGTH = len(PREFIX) + 4
USE_IS_WRITTEN_EVERY = timedelta(minutes=5)


def digest_of(secret: str) -> str:
    """How a token is stored: 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_secret() -> str:
    """A token nobody has: shown once, found again by scanners of leaked secrets by its prefix."""
    return PREFIX + secrets.token_urlsafe(32)


class ApiTokenQuerySet(models.QuerySet):
    def live_at(self, now: datetime) -> "ApiTokenQuerySet":
        """Neither revoked nor expired at `now`."""
        return self.filter(revoked_at=None, expires_at__gt=now)

    def visible_to(self, user: models.Model) -> "ApiTokenQuerySet":
        """Everybody sees their own; the secretariat's list is the administration's."""
        return self.filter(user=user)

    def used(self, now: datetime) -> int:
        """Write that these tokens were used, at most once in five minutes each."""
        before = now - USE_IS_WRITTEN_EVERY
        return self.filter(Q(last_used_at=None) | Q(last_used_at__lt=before)).update(last_used_at=now)


class ApiToken(models.Model):
    """What a program sends instead of a password: for some resources, until some day, in the name of one person.

    Only a hash of the secret is kept; `hint` is its beginning, so that people recognise it.
    """

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=60, help_text=_("What it is for: “Website of the office”."))
    scopes = ArrayField(models.CharField(max_length=40), verbose_name=_("may read"))
    hint = models.CharField(max_length=16, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(_("expires"))
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(scopes__len__gt=0),
                name="a_token_may_read_something",
                violation_error_message=_("Choose what the token may read."),
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")),
                name="a_token_expires_after_it_was_made",
                violation_error_message=_("The day of expiry must lie ahead."),
            ),
            models.UniqueConstraint(
                fields=["user", "name"],
                condition=Q(revoked_at=None),
                name="one_token_of_a_name",
                violation_error_message=_("You have a token of this name; revoke it first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"

    def is_live(self, now: datetime) -> bool:
        return self.revoked_at is None and self.expires_at > now

    def may(self, scope: str) -> bool:
        return scope in self.scopes
