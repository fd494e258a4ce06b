"""Who uses a practice, and who asked about it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.acts import Versioned
from members.constraints import both_or_neither
from members.models import University
from members.models.universities import tracked
from practices.models.practices import Practice
from practices.models.versions import PracticeVersion


class AdoptionQuerySet(models.QuerySet):
    def in_force(self) -> "AdoptionQuerySet":
        """Those not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


@tracked()
class Adoption(Versioned):
    """ "We adopted this": a university uses a practice of another one, with what it changed and what came of it."""

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="adoptions")
    university = models.ForeignKey(
        University, on_delete=models.PROTECT, related_name="adoptions", verbose_name=_("university")
    )
    # Kept though a new version comes: what somebody adopted is the text they had read.
    adopted_version = models.ForeignKey(PracticeVersion, on_delete=models.PROTECT, related_name="adoptions")
    since = models.DateField(_("since"))
    changed = models.TextField(
        _("what you changed"), max_length=3000, blank=True, help_text=_("What you do differently, and why.")
    )
    result = models.TextField(
        _("what came of it"), max_length=3000, blank=True, help_text=_("So far; you can add to it later.")
    )
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    is_sample = models.BooleanField(_("is a sample"), default=False)

    objects = AdoptionQuerySet.as_manager()

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            both_or_neither("withdrawn_at", "withdrawn_by"),
            # Those in force alone: a university that took it back may say so again, and both times stay in the history.
            models.UniqueConstraint(
                fields=["practice", "university"],
                condition=Q(withdrawn_at__isnull=True),
                name="a_university_adopts_a_practice_once",
                violation_error_message=_("Your university has said so already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.university}: {self.practice_id}"


class Question(models.Model):
    """A letter to the contact of a practice, who answers by e-mail; the address stays hidden."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="questions")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("question"), max_length=4000)
    asked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="a_question_asks_something")]

    def __str__(self) -> str:
        return self.text[:60]
