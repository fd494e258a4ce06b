"""Appeals: an applicant without a place asks for the decision to be looked at again by somebody else."""

from datetime import date, datetime

import pghistory
from django.conf import settings
from django.core.validators import MaxLengthValidator, MinLengthValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications.models.applications import Application, Choice
from members.acts import Machine
from members.constraints import both_or_neither, only_choices

SHORTEST, LONGEST = 20, 3000


class AppealQuerySet(models.QuerySet):
    def filed(self) -> "AppealQuerySet":
        """Those that wait for their answer."""
        return self.filter(state=Appeal.State.FILED)

    def standing(self) -> "AppealQuerySet":
        """Those not taken back: one at most for each application."""
        return self.exclude(state=Appeal.State.WITHDRAWN)

    def late_at(self, now: datetime) -> "AppealQuerySet":
        return self.filed().filter(answer_by__lt=now)

    def with_what_it_is_about(self) -> "AppealQuerySet":
        """Join the application, its round and its decision, and fetch its reviews: what its judges are found by."""
        joined = self.select_related(
            "application__round__university", "application__applicant", "application__decision"
        )
        return joined.prefetch_related("application__reviews")

    def to_be_answered_by(self, user: models.Model, day: date) -> "list[Appeal]":
        """The filed appeals that `user` may answer on `day`; nothing is asked without a role that could."""
        from applications.permissions import JUDGES

        return self._judged_by(user, JUDGES, day)

    def to_be_overseen_by(self, user: models.Model, day: date) -> "list[Appeal]":
        """Those of them that `user` may answer as head or official: the file is no desk's of theirs."""
        from applications.permissions import OVERSEERS

        return self._judged_by(user, OVERSEERS, day)

    def _judged_by(self, user: models.Model, roles: tuple[str, ...], day: date) -> "list[Appeal]":
        from applications.permissions import appeal_judges

        places = user.universities_as(*roles, day=day)
        if not places:
            return []
        filed = list(self.filed().filter(application__round__university__in=places).with_what_it_is_about())
        judges = appeal_judges(filed, day)
        return [appeal for appeal in filed if user in judges[appeal.pk]]


class AppealState(models.TextChoices):
    FILED = "filed", _("Waits for its answer")
    UPHELD = "upheld", _("Upheld")
    DISMISSED = "dismissed", _("Dismissed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


AppealState.answered = (AppealState.UPHELD, AppealState.DISMISSED)


class AppealRemedy(models.TextChoices):
    PLACE = "place", _("A place")
    WAIT = "wait", _("The waiting list")


@pghistory.track()
class Appeal(Machine):
    """One objection to a released decision; `answer_by` was promised when it was filed and stays."""

    State = AppealState
    Remedy = AppealRemedy

    TRANSITIONS = {
        "uphold": ({State.FILED}, State.UPHELD),
        "dismiss": ({State.FILED}, State.DISMISSED),
        "withdraw": ({State.FILED}, State.WITHDRAWN),
    }

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="appeals")
    state = models.CharField(max_length=10, choices=State, default=State.FILED)
    grounds = models.TextField(_("grounds"), validators=[MinLengthValidator(SHORTEST), MaxLengthValidator(LONGEST)])
    filed_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    remedy = models.CharField(max_length=6, choices=Remedy, blank=True)
    choice = models.ForeignKey(Choice, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reasons = models.TextField(_("reasons"), blank=True, validators=[MaxLengthValidator(LONGEST)])
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        ordering = ["-filed_at", "-pk"]
        indexes = [models.Index(fields=["answer_by"], condition=Q(state="filed"), name="appeal_to_be_answered")]
        constraints = [
            only_choices("state", AppealState),
            both_or_neither("decided_at", "decided_by"),
            models.UniqueConstraint(
                fields=["application"],
                condition=~Q(state="withdrawn"),  # an application has one decision, so this is once per decision
                name="one_appeal_per_decision",
                violation_error_message=_("You have appealed this decision already."),
            ),
            models.CheckConstraint(
                condition=Q(GreaterThanOrEqual(Length("grounds"), SHORTEST))
                & Q(LessThanOrEqual(Length("grounds"), LONGEST)),
                name="an_appeal_says_why",
                violation_error_message=_("Say in 20 to 3000 characters why the decision is wrong."),
            ),
            models.CheckConstraint(
                condition=Q(answer_by__gt=F("filed_at")), name="an_appeal_is_answered_after_it_was_filed"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["upheld", "dismissed"], decided_at__isnull=False) & ~Q(reasons="")
                | ~Q(state__in=["upheld", "dismissed"]) & Q(decided_at__isnull=True, reasons=""),
                name="an_answered_appeal_says_when_and_why",
                violation_error_message=_("Give the reasons; the applicant reads them."),
            ),
            models.CheckConstraint(
                condition=Q(state="upheld", remedy="place", choice__isnull=False)
                | Q(state="upheld", remedy="wait", choice__isnull=True)
                | Q(remedy="", choice__isnull=True) & ~Q(state="upheld"),
                name="an_upheld_appeal_names_its_remedy",
                violation_error_message=_("Choose the place that is offered, or the waiting list."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.state}"

    @property
    def is_filed(self) -> bool:
        return self.state == self.State.FILED


class AppealFile(models.Model):
    """A paper that came with an appeal."""

    CODE_LENGTH = 16
    MOST = 3
    PDF = "application/pdf"

    appeal = models.ForeignKey(Appeal, on_delete=models.CASCADE, related_name="files")
    position = models.PositiveSmallIntegerField()
    file = models.FileField(upload_to="appeals/%Y/%m/")
    name = models.CharField(max_length=160)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering = ["appeal", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["appeal", "sha256"],
                name="the_same_file_once_per_appeal",
                violation_error_message=_("The same file was sent twice."),
            ),
            models.UniqueConstraint(fields=["appeal", "position"], name="a_file_of_an_appeal_has_its_own_position"),
            models.CheckConstraint(
                condition=Q(position__gte=1, position__lte=3),
                name="an_appeal_has_three_files_at_most",
                violation_error_message=_("Three files at most."),
            ),
            models.CheckConstraint(
                condition=Q(content_type="application/pdf", size__gt=0),
                name="a_file_of_an_appeal_is_a_pdf",
                violation_error_message=_("Only PDF files can be sent with an appeal."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("applications:appeal_download", args=[self.appeal.application.reference, self.code])

    @property
    def code(self) -> str:
        """What names the file in its address: the beginning of its digest."""
        return self.sha256[: self.CODE_LENGTH]
