"""What an event is made of: the lines of its programme, and what everybody who registers is asked."""

from datetime import datetime

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.constraints import in_order, only_choices
from policy.models.events import Event


@pghistory.track()
class ProgrammeItem(models.Model):
    """One line of an event's programme."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="programme")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    title = models.CharField(_("what"), max_length=160)
    speaker = models.CharField(_("who speaks"), max_length=200, blank=True)
    room = models.CharField(_("room"), max_length=80, blank=True)

    class Meta:
        ordering = ["starts_at", "ends_at", "pk"]
        constraints = [in_order("starts_at", "ends_at", _("It must end after it begins."))]

    def __str__(self) -> str:
        return self.title

    @property
    def last_moment(self) -> datetime:
        return self.ends_at or self.starts_at


class QuestionKind(models.TextChoices):
    TEXT = "text", _("a few words")
    YES_NO = "yes_no", _("yes or no")
    CHOICE = "choice", _("one of several")


@pghistory.track()
class EventQuestion(models.Model):
    """Something that everybody who registers is asked: what they eat, when they arrive."""

    Kind = QuestionKind

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(default=0, editable=False)
    text = models.CharField(_("question"), max_length=160)
    kind = models.CharField(_("answered by"), max_length=6, choices=QuestionKind, default=QuestionKind.TEXT)
    choices = ArrayField(models.CharField(max_length=80), default=list, blank=True, verbose_name=_("answers"))
    is_required = models.BooleanField(_("must be answered"), default=False)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            only_choices("kind", QuestionKind),
            models.UniqueConstraint(fields=["event", "text"], name="a_question_once_per_event"),
            models.CheckConstraint(
                condition=~Q(kind="choice") | Q(choices__len__gte=2),
                name="a_choice_has_two_answers",
                violation_error_message=_("Give at least two answers, one a line."),
            ),
        ]

    def __str__(self) -> str:
        return self.text
