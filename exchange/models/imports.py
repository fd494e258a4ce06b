"""A spreadsheet of placements between the dry run and the import."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from members.acts import Machine
from members.constraints import only_choices
from members.models import University


class PlacementImportQuerySet(models.QuerySet):
    def visible_to(self, user: models.Model) -> "PlacementImportQuerySet":
        """Everybody sees the files they have read in themselves, as long as they sit in that office."""
        from exchange.models.placements import Placement

        return self.filter(uploaded_by=user, university__in=user.universities_as(*Placement.DESK))


class PlacementImportState(models.TextChoices):
    READ = "read", _("Looked through, nothing changed yet")
    APPLIED = "applied", _("Imported")


class PlacementImport(Machine):
    """The rows of one file as they were read; `table` is a list of rows, each a mapping from column to text."""

    State = PlacementImportState

    TRANSITIONS = {"apply": ({State.READ}, State.APPLIED)}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    university = models.ForeignKey(University, on_delete=models.CASCADE, related_name="placement_imports")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=160)
    table = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=PlacementImportState, default=PlacementImportState.READ)
    created = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    read_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True, blank=True)

    objects = PlacementImportQuerySet.as_manager()

    class Meta:
        ordering = ["-read_at", "-pk"]
        constraints = [
            only_choices("state", PlacementImportState),
            models.CheckConstraint(
                condition=~models.Q(state="applied") | models.Q(applied_at__isnull=False),
                name="an_applied_import_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} {self.read_at:%Y-%m-%d}"
