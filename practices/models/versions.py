"""The text of a practice in its versions, the proof that belongs to each, and what curators say about it."""

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.acts import Machine, Versioned
from members.constraints import both_or_neither, only_choices
from members.folding import Fold
from members.models.universities import tracked
from practices.models.practices import Practice
from practices.models.topics import Topic


class Maturity(models.TextChoices):
    IDEA = "idea", _("Idea")
    PILOT = "pilot", _("Pilot")
    ESTABLISHED = "established", _("In use")
    TRANSFERRED = "transferred", _("Proven elsewhere")


class Licence(models.TextChoices):
    CC_BY = "cc-by-4.0", _("CC BY 4.0")
    CC_BY_SA = "cc-by-sa-4.0", _("CC BY-SA 4.0")
    CC0 = "cc0-1.0", _("CC0 1.0")


Licence.urls = {
    Licence.CC_BY: "https://creativecommons.org/licenses/by/4.0/",
    Licence.CC_BY_SA: "https://creativecommons.org/licenses/by-sa/4.0/",
    Licence.CC0: "https://creativecommons.org/publicdomain/zero/1.0/",
}


# What a reader, a curator or an adopter relied on: it cannot be changed once it was submitted.
# Topics, links and files stand in other tables, out of the trigger's sight; of them the hash tells (version_detail).
PINNED = (
    "title", "summary", "problem", "context", "done", "cost_eur", "person_months", "resources", "result", "evidence",
    "conditions", "contact_id", "maturity", "licence", "sha256",
)  # fmt: skip


def written_anew() -> pgtrigger.Condition:
    """The condition of the trigger that refuses another text for a version that left its writers' hands."""
    old, new = (", ".join(f"{row}.{column}" for column in PINNED) for row in ("OLD", "NEW"))
    return pgtrigger.Condition(
        f"OLD.state IN ('submitted', 'published', 'refused') AND ROW({old}) IS DISTINCT FROM ROW({new})"
    )


class VersionQuerySet(models.QuerySet):
    def submitted(self) -> "VersionQuerySet":
        return self.filter(state=PracticeVersion.State.SUBMITTED)

    def published(self) -> "VersionQuerySet":
        """Every version that was ever what everybody reads."""
        return self.filter(state=PracticeVersion.State.PUBLISHED)


class VersionState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("With the curators")
    CHANGES_ASKED = "changes_asked", _("Changes asked for")
    PUBLISHED = "published", _("Published")
    REFUSED = "refused", _("Refused")
    DROPPED = "dropped", _("Dropped")


VersionState.with_writers = (VersionState.DRAFT, VersionState.CHANGES_ASKED)
VersionState.unfinished = (*VersionState.with_writers, VersionState.SUBMITTED)


# Derived from the other columns: the history would keep each text twice.
@tracked(exclude=["search_text"])
class PracticeVersion(Machine, Versioned):
    """The fixed frame, as written once. What was submitted is pinned by the hash of its content."""

    State = VersionState
    Maturity = Maturity
    Licence = Licence

    TRANSITIONS = {
        "submit": ({State.DRAFT, State.CHANGES_ASKED}, State.SUBMITTED),
        "take_back": ({State.SUBMITTED}, State.DRAFT),
        "ask_changes": ({State.SUBMITTED}, State.CHANGES_ASKED),
        "publish": ({State.SUBMITTED}, State.PUBLISHED),
        "refuse": ({State.SUBMITTED}, State.REFUSED),
        "drop": (set(State.unfinished), State.DROPPED),
    }

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=14, choices=State, default=State.DRAFT)
    state_since = models.DateTimeField()

    title = models.CharField(_("title"), max_length=140)
    summary = models.CharField(
        _("in one sentence"), max_length=240, blank=True, help_text=_("What a reader in a hurry takes away.")
    )
    problem = models.TextField(_("problem"), blank=True, help_text=_("What was wrong, for whom, how one noticed."))
    context = models.TextField(
        _("context"), blank=True, help_text=_("What one must know of your university: size, rules, who was there.")
    )
    done = models.TextField(_("what was done"), blank=True, help_text=_("The steps in their order, and who took them."))
    cost_eur = models.PositiveIntegerField(
        _("cost in euros"), null=True, blank=True, validators=[MaxValueValidator(100_000_000)],
        help_text=_("Bought or paid to others, without your own people's time."),
    )  # fmt: skip
    person_months = models.DecimalField(
        _("person-months"), max_digits=6, decimal_places=1, null=True, blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(10_000)], help_text=_("The time of your own people."),
    )  # fmt: skip
    resources = models.TextField(
        _("what it took"), blank=True, help_text=_("What the figures are made of; what it costs each year.")
    )
    result = models.TextField(_("result"), blank=True, help_text=_("With figures, before and after, if you have any."))
    evidence = models.TextField(
        _("evidence"), blank=True, help_text=_("How you know: survey, audit, figures. Links and files come below.")
    )
    conditions = models.TextField(
        _("conditions for others"), blank=True,
        help_text=_("What another university must have or change; what you would do differently."),
    )  # fmt: skip
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("whom to ask"),
        help_text=_("Questions go there; the address is not shown."),
    )  # fmt: skip
    maturity = models.CharField(_("maturity"), max_length=12, choices=Maturity, default=Maturity.PILOT)
    licence = models.CharField(_("licence"), max_length=14, choices=Licence, default=Licence.CC_BY)
    topics = models.ManyToManyField(Topic, related_name="versions", blank=True, verbose_name=_("topics"))

    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(auto_now_add=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    judged_at = models.DateTimeField(null=True, blank=True)
    comment = models.TextField(_("what has to change"), blank=True)
    search_text = models.GeneratedField(
        expression=Fold(
            Concat(
                "title", Value(" "), "summary", Value(" "), "problem", Value(" "), "context", Value(" "), "done",
                Value(" "), "result", Value(" "), "conditions", output_field=models.TextField(),
            )
        ),
        output_field=models.TextField(),
        db_persist=True,
    )  # fmt: skip

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["practice", "-number"]
        triggers = [
            pgtrigger.Protect(name="what_is_submitted_stays", operation=pgtrigger.Update, condition=written_anew())
        ]
        indexes = [models.Index(fields=["state", "state_since"], name="practice_version_waiting")]
        constraints = [
            only_choices("state", VersionState),
            only_choices("maturity", Maturity),
            only_choices("licence", Licence),
            both_or_neither("submitted_at", "submitted_by"),
            both_or_neither("judged_at", "judged_by"),
            models.UniqueConstraint(fields=["practice", "number"], name="a_practice_version_has_its_own_number"),
            # The acts ask under the lock of the practice; this is the last guard against two texts that wait at once.
            models.UniqueConstraint(
                fields=["practice"],
                condition=Q(state__in=VersionState.unfinished),
                name="one_unfinished_version_per_practice",
                violation_error_message=_("Somebody is writing a new version of this practice already."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["submitted", "published"]) | (~Q(sha256="") & Q(submitted_at__isnull=False)),
                name="what_is_submitted_is_pinned",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["changes_asked", "refused"]) | ~Q(comment=""),
                name="a_returned_practice_says_why",
                violation_error_message=_("Say why; the writers read it."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "refused", "changes_asked"]) | Q(judged_at__isnull=False),
                name="a_judged_practice_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(person_months__isnull=True) | Q(person_months__gte=0),
                name="person_months_are_not_negative",
                violation_error_message=_("Person-months cannot be negative."),
            ),
        ]

    def __str__(self) -> str:
        return _("%(title)s, version %(number)d") % {"title": self.title, "number": self.number}

    def get_absolute_url(self) -> str:
        return reverse("practices:version_detail", args=[self.practice.reference, self.number])

    @property
    def is_with_writers(self) -> bool:
        return self.state in self.State.with_writers

    @property
    def tone(self) -> str:
        """How its state is drawn."""
        tones = {"draft": "quiet", "submitted": "wait", "changes_asked": "due", "published": "ok", "refused": "due"}
        return tones.get(self.state, "quiet")

    @property
    def licence_url(self) -> str:
        return Licence.urls[self.licence]

    @property
    def months_words(self) -> str:
        """ "7.5" or "12", without idle zeros."""
        if self.person_months is None:
            return ""
        text = f"{self.person_months:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text  # else ten would read as one


class EvidenceLink(models.Model):
    """A page that proves something."""

    version = models.ForeignKey(PracticeVersion, on_delete=models.CASCADE, related_name="links")
    label = models.CharField(_("what it shows"), max_length=120)
    url = models.URLField(_("address"), max_length=300)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "url"],
                name="a_link_once_per_version",
                violation_error_message=_("This address stands in the list already."),
            )
        ]

    def __str__(self) -> str:
        return self.label


class FileAudience(models.TextChoices):
    PUBLIC = "public", _("Everybody")
    MEMBERS = "members", _("People of the consortium")


class EvidenceFile(models.Model):
    """A file that proves something. Versions that share it each have a row; the file itself is stored once."""

    CODE_LENGTH = 16  # hexadecimal: 64 bits, not to be guessed, and short enough for an address
    Audience = FileAudience

    version = models.ForeignKey(PracticeVersion, on_delete=models.CASCADE, related_name="files")
    label = models.CharField(_("what it shows"), max_length=120)
    audience = models.CharField(_("who may read it"), max_length=8, choices=FileAudience, default=FileAudience.PUBLIC)
    file = models.FileField(upload_to="practices/%Y/%m/")
    name = models.CharField(max_length=160)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["uploaded_at", "pk"]
        constraints = [
            only_choices("audience", FileAudience),
            # Once in a version, not once in all: the next one takes its files along.
            models.UniqueConstraint(
                fields=["version", "sha256"],
                name="a_file_once_per_version",
                violation_error_message=_("This file is there already."),
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="an_evidence_file_is_not_empty"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def code(self) -> str:
        """What names the file in its address: the beginning of its digest."""
        return self.sha256[: self.CODE_LENGTH]


class CurationNote(models.Model):
    """What somebody who judged the practice tells its readers; it stands beside the text, not in it."""

    version = models.ForeignKey(PracticeVersion, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField(_("comment for readers"), max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="a_curation_note_says_something")]

    def __str__(self) -> str:
        return self.text[:60]
