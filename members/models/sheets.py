"""A spreadsheet between its dry run and its import."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q
from django.utils.translation import gettext_lazy as _

from members.acts import Machine


class SheetState(models.TextChoices):
    READ = "read", _("Looked through, nothing changed yet")
    APPLIED = "applied", _("Imported")


class SheetImport(Machine):
    """The rows of one file as they were read; `table` is a list of rows, each a mapping from column to text.

    A room adds `university`, whose things they are, and says who sees its files.
    """

    State = SheetState

    TRANSITIONS = {"apply": ({State.READ}, State.APPLIED)}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=160)
    table = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=SheetState, default=SheetState.READ)
    created = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    read_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["-read_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.file_name} {self.read_at:%Y-%m-%d}"


def applied_says_when(name: str) -> CheckConstraint:
    """What was imported has its moment; each room names the rule, as PostgreSQL's messages name it."""
    return CheckConstraint(condition=~Q(state="applied") | Q(applied_at__isnull=False), name=name)
