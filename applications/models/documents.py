"""Documents: what a round asks for, the slot each application has for it, and every file ever put there."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications.models.applications import Application
from applications.models.rounds import REASON_LENGTH, Round
from members.acts import Machine
from members.constraints import only_choices
from members.models.universities import tracked


class DocumentRequirementNeeded(models.TextChoices):
    TO_APPLY = "to_apply", _("needed to apply")
    LATER = "later", _("needed before the nomination")
    OPTIONAL = "optional", _("if you have one")


@tracked()
class DocumentRequirement(models.Model):
    """A document that a round asks every applicant for."""

    Needed = DocumentRequirementNeeded

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="document_requirements")
    name = models.CharField(_("document"), max_length=120)
    help = models.CharField(_("what it must show"), max_length=300, blank=True)
    needed = models.CharField(_("when"), max_length=8, choices=Needed, default=Needed.TO_APPLY)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            only_choices("needed", DocumentRequirementNeeded),
            models.UniqueConstraint(fields=["round", "name"], name="a_document_once_per_round"),
        ]

    def __str__(self) -> str:
        return self.name


class DocumentSlotState(models.TextChoices):
    TO_ASK = "to_ask", _("Not asked yet")
    ASKED = "asked", _("Missing")
    RECEIVED = "received", _("Received")
    VALIDATED = "validated", _("Checked")
    REFUSED = "refused", _("Refused")


class DocumentSlot(Machine):
    """The place for one document in one application, and how far it is; `position` names it in addresses."""

    State = DocumentSlotState
    Needed = DocumentRequirementNeeded

    TRANSITIONS = {
        "ask": ({State.TO_ASK}, State.ASKED),
        "receive": ({State.ASKED, State.TO_ASK, State.RECEIVED, State.REFUSED}, State.RECEIVED),
        "validate": ({State.RECEIVED}, State.VALIDATED),
        "refuse": ({State.RECEIVED, State.VALIDATED}, State.REFUSED),
    }

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="document_slots")
    requirement = models.ForeignKey(
        DocumentRequirement, on_delete=models.PROTECT, null=True, blank=True, related_name="slots"
    )
    # Kept here and not read from the requirement: what is asked of one applicant alone has none.
    name = models.CharField(max_length=120)
    help = models.CharField(max_length=300, blank=True)
    needed = models.CharField(
        max_length=8, choices=DocumentRequirement.Needed, default=DocumentRequirement.Needed.TO_APPLY
    )
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    reason = models.CharField(max_length=REASON_LENGTH, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            only_choices("state", DocumentSlotState),
            models.UniqueConstraint(fields=["application", "name"], name="a_slot_once_per_application"),
            models.UniqueConstraint(fields=["application", "position"], name="a_slot_has_a_position_of_its_own"),
            models.CheckConstraint(
                condition=~models.Q(state="refused") | ~models.Q(reason=""),
                name="a_refused_document_has_a_reason",
                violation_error_message=_("Say why the document is refused, so that the applicant can mend it."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DocumentFile(models.Model):
    """A file put into a slot; a newer one stands in front of it, none is ever thrown away."""

    CODE_LENGTH = 16  # 64 bits of the digest: no two files of one application share them

    slot = models.ForeignKey(DocumentSlot, on_delete=models.CASCADE, related_name="files")
    file = models.FileField(upload_to="applications/%Y/%m/")
    name = models.CharField(max_length=160)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["slot", "sha256"], name="the_same_file_once_per_slot"),
            models.CheckConstraint(condition=models.Q(size__gt=0), name="a_file_is_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("applications:document_download", args=[self.slot.application.reference, self.code])

    @property
    def code(self) -> str:
        """What names the file in its address: the beginning of its digest."""
        return self.sha256[: self.CODE_LENGTH]
