"""A spreadsheet of placements between the dry run and the import."""

from django.db import models

from members.constraints import only_choices
from members.models import University
from members.models.sheets import SheetImport, SheetState, applied_says_when


class PlacementImportQuerySet(models.QuerySet):
    def visible_to(self, user: models.Model) -> "PlacementImportQuerySet":
        """Everybody sees the files they have read in themselves, as long as they sit in that office."""
        from exchange.models.placements import Placement

        return self.filter(uploaded_by=user, university__in=user.universities_as(*Placement.DESK))


class PlacementImport(SheetImport):
    university = models.ForeignKey(University, on_delete=models.CASCADE, related_name="placement_imports")

    objects = PlacementImportQuerySet.as_manager()

    class Meta(SheetImport.Meta):
        abstract = False
        constraints = [only_choices("state", SheetState), applied_says_when("an_applied_import_says_when")]
