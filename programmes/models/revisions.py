"""What directors propose and the secretariat publishes; and what students want to come back to."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.acts import Machine, Versioned
from members.constraints import both_or_neither, only_choices
from members.models.universities import tracked
from programmes.models.programmes import Programme


class RevisionQuerySet(models.QuerySet):
    def being_written(self) -> "RevisionQuerySet":
        """Those not yet published or dropped; a programme has at most one."""
        return self.filter(state__in=Revision.State.unfinished)

    def in_review(self) -> "RevisionQuerySet":
        return self.filter(state=Revision.State.REVIEW)


class RevisionState(models.TextChoices):
    DRAFT = "draft", _("Being written")
    RETURNED = "returned", _("Returned with a comment")
    REVIEW = "review", _("With the secretariat")
    PUBLISHED = "published", _("Published")
    DROPPED = "dropped", _("Dropped")


RevisionState.unfinished = (RevisionState.DRAFT, RevisionState.RETURNED, RevisionState.REVIEW)
RevisionState.with_directors = (RevisionState.DRAFT, RevisionState.RETURNED)


@tracked()
class Revision(Machine, Versioned):
    """A programme as its directors want it to be; the public page stays as it is until this is published.

    `content` is what `programmes.content.content_of` writes. `based_on` is the programme's version it began from.
    """

    State = RevisionState

    TRANSITIONS = {
        "submit": ({State.DRAFT, State.RETURNED}, State.REVIEW),
        "take_back": ({State.REVIEW}, State.DRAFT),
        "give_back": ({State.REVIEW}, State.RETURNED),
        "publish": ({State.DRAFT, State.RETURNED, State.REVIEW}, State.PUBLISHED),
        "drop": (set(State.unfinished), State.DROPPED),
    }

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="revisions")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    state_since = models.DateTimeField()
    content = models.JSONField()
    based_on = models.PositiveIntegerField()
    comment = models.TextField(blank=True)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(auto_now_add=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    judged_at = models.DateTimeField(null=True, blank=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["-begun_at", "-pk"]
        indexes = [models.Index(fields=["state", "state_since"], name="revision_waiting")]
        constraints = [
            only_choices("state", RevisionState),
            both_or_neither("judged_at", "judged_by"),
            # One for all directors of all partners: they write one text together, not a version each.
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(state__in=RevisionState.unfinished),
                name="one_unfinished_revision_per_programme",
                violation_error_message=_("Somebody is writing a new version of this programme already."),
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(comment=""),
                name="a_returned_revision_says_why",
                violation_error_message=_("Say what has to change."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme}: {self.get_state_display()}"

    def get_absolute_url(self) -> str:
        return reverse("programmes:programme_curate", args=[self.programme.slug])

    @property
    def is_with_directors(self) -> bool:
        return self.state in self.State.with_directors


class WishListItem(models.Model):
    """A programme somebody wants to come back to."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="wish_list")
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="wishes")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-added_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "programme"], name="a_programme_once_on_a_wish_list")]

    def __str__(self) -> str:
        return f"{self.user}: {self.programme}"
