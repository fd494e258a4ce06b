"""Reviews: a rubric of criteria per round, and each reviewer's points."""

from datetime import datetime

import pghistory
from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models.applications import Application
from applications.models.rounds import REASON_LENGTH, Round
from members.acts import Machine
from members.constraints import only_choices
from members.models.universities import tracked


@tracked()
class Criterion(models.Model):
    """One line of a round's rubric; the points of all lines add up to the score."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="criteria")
    name = models.CharField(_("criterion"), max_length=80)
    help = models.CharField(_("what the points mean"), max_length=300, blank=True)
    max_points = models.PositiveSmallIntegerField(_("points at most"), validators=[MinValueValidator(1)])
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name_plural = "criteria"
        constraints = [
            models.UniqueConstraint(fields=["round", "name"], name="a_criterion_once_per_round"),
            models.CheckConstraint(condition=Q(max_points__gte=1), name="a_criterion_gives_points"),
        ]

    def __str__(self) -> str:
        return self.name


class ReviewQuerySet(models.QuerySet):
    def finished(self) -> "ReviewQuerySet":
        return self.filter(state=Review.State.FINISHED)

    def open_to(self, user: models.Model) -> "ReviewQuerySet":
        """Reviews `user` was asked for and has not stepped back from."""
        return self.filter(reviewer=user).exclude(state=Review.State.RECUSED)

    def with_file(self) -> "ReviewQuerySet":
        """With the application, its round and student, and the points given so far, for lists."""
        return self.select_related("application__round__university", "application__applicant").annotate(
            total=models.Sum("scores__points")
        )

    def waiting_since(self, now: datetime) -> "ReviewQuerySet":
        return self.filter(state=Review.State.ASSIGNED, assigned_at__lte=now)


class ReviewState(models.TextChoices):
    ASSIGNED = "assigned", _("To do")
    FINISHED = "finished", _("Finished")
    RECUSED = "recused", _("Stepped back")


@pghistory.track()
class Review(Machine):
    """One reviewer's look at one application."""

    State = ReviewState

    TRANSITIONS = {
        "finish": ({State.ASSIGNED}, State.FINISHED),
        "reopen": ({State.FINISHED}, State.ASSIGNED),
        "recuse": ({State.ASSIGNED}, State.RECUSED),
    }

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reviews")
    state = models.CharField(max_length=10, choices=State, default=State.ASSIGNED)
    comment = models.TextField(_("comment for the office"), blank=True)
    feedback = models.TextField(_("words for the applicant"), blank=True)
    reason = models.CharField(max_length=REASON_LENGTH, blank=True)
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    assigned_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["assigned_at", "pk"]
        constraints = [
            only_choices("state", ReviewState),
            models.UniqueConstraint(
                fields=["application", "reviewer"],  # also of who stepped back: they are not asked a second time
                name="one_review_per_reviewer",
                violation_error_message=_("This person already reviews this application."),
            ),
            models.CheckConstraint(
                condition=~Q(state="finished") | Q(finished_at__isnull=False), name="a_finished_review_says_when"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reviewer} on {self.application_id}"


class Score(models.Model):
    """The points of one review for one criterion."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="scores")
    points = models.DecimalField(max_digits=5, decimal_places=1, validators=[MinValueValidator(0)])

    class Meta:
        ordering = ["criterion__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "criterion"], name="one_score_per_criterion"),
            models.CheckConstraint(condition=Q(points__gte=0), name="points_are_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.points}"
