"""How long what is kept, and what was thrown away: counts, never content."""

import pghistory
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


@pghistory.track()
class RetentionPeriod(models.Model):
    """For how many days one kind of rows is kept; the kinds and what they mean are code (`members/retention.py`)."""

    kind = models.CharField(_("kind"), max_length=40, unique=True, editable=False)
    days = models.PositiveIntegerField(_("days"))
    # The kind's own least, written here by `members.retention.periods`, so that the database can hold the days to it.
    at_least = models.PositiveIntegerField(_("at least"), default=1, db_default=1, editable=False)
    is_on = models.BooleanField(_("thrown away by itself"), default=True)

    class Meta:
        ordering = ["kind"]
        constraints = [
            models.CheckConstraint(condition=models.Q(days__gte=1), name="kept_for_a_day_at_least"),
            models.CheckConstraint(
                condition=models.Q(days__gte=models.F("at_least")),
                name="kept_as_long_as_the_kind_wants",
                violation_error_message=_("These are too few days for this kind."),
            ),
        ]

    def __str__(self) -> str:
        return self.kind

    def clean(self) -> None:
        """A slip of the finger must not throw a year of files away."""
        from members.retention import all_kinds

        least = {kind.key: kind.at_least for kind in all_kinds()}.get(self.kind, 1)
        if self.days is not None and self.days < least:
            said = _("%(days)d days are too few for this kind: give %(least)d or more.")
            raise ValidationError({"days": said % {"days": self.days, "least": least}})


class Purge(models.Model):
    """One batch that was thrown away: of which kind, how many, from before which moment."""

    kind = models.CharField(_("kind"), max_length=40)
    at = models.DateTimeField(_("when"))
    before = models.DateTimeField(_("older than"))
    rows = models.PositiveIntegerField(_("rows"))

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["kind", "-at"], name="purge_of_a_kind")]
        constraints = [models.CheckConstraint(condition=models.Q(rows__gt=0), name="a_purge_threw_something_away")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.rows}"
