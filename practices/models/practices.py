"""A practice: whose it is, where it stands, which of its versions everybody reads."""

import secrets
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications.references import ALPHABET
from members.acts import Machine
from members.constraints import only_choices
from members.folding import fold
from members.models import Role, University
from members.models.universities import tracked

# Everybody who acts for a university may share its practices and say what it adopted; an auditor only looks.
SHARING = (
    Role.OFFICIAL, Role.EXCHANGE, Role.DIRECTOR, Role.COORDINATOR, Role.GRANTS, Role.HEAD, Role.REVIEWER,
)  # fmt: skip


def new_reference() -> str:
    """BP-7K3M-92: short enough to quote aloud, not to be guessed; 113 million of them."""
    letters = [secrets.choice(ALPHABET) for _number in range(6)]
    return f"BP-{''.join(letters[:4])}-{''.join(letters[4:])}"


class PracticeQuerySet(models.QuerySet):
    def published(self) -> "PracticeQuerySet":
        """What stands in the catalogue."""
        return self.filter(state=Practice.State.PUBLISHED)

    def written_by(self, user: models.Model) -> "PracticeQuerySet":
        """Practices that `user` keeps: the own ones, and all of a university whose official the person is."""
        officials_of = user.universities_as(Role.OFFICIAL)
        owned = Q(owner=user, university__in=user.universities_as(*SHARING))
        return self.filter(owned | Q(university__in=officials_of))

    def to_curate_for(self, user: models.Model) -> "PracticeQuerySet":
        """Practices with a submitted version that `user` may judge: the secretariat any but what it submitted itself,
        reviewers those of universities they do not belong to.
        """
        from practices.models.versions import PracticeVersion

        # Nobody judges what they submitted themselves (did_not_submit_it); so it is in nobody's own queue.
        waiting = PracticeVersion.objects.submitted().filter(practice=OuterRef("pk")).exclude(submitted_by=user.pk)
        rows = self.filter(Exists(waiting))
        if user.has_perm("members.curate"):
            return rows
        if not (user.is_authenticated and user.holds(Role.REVIEWER)):
            return self.none()
        return rows.exclude(university__in=user.own_universities()).exclude(owner=user)

    def visible_to(self, user: models.Model) -> "PracticeQuerySet":
        """Published ones are public, and archived ones that were published; the others are seen by who keeps them, by
        the secretariat, and by reviewers of other universities while a version waits for them.
        """
        if user.has_perm("members.curate"):
            return self
        public = Q(state__in=Practice.State.public, live__isnull=False)
        if not user.is_authenticated:
            return self.filter(public)
        kept = Practice.objects.written_by(user).values("pk")
        judged = Practice.objects.to_curate_for(user).values("pk")
        return self.filter(public | Q(pk__in=kept) | Q(pk__in=judged))

    def with_adopters(self) -> "PracticeQuerySet":
        """Annotate `adopters`: how many universities say that they use it."""
        from practices.models.adoptions import Adoption

        held = Adoption.objects.in_force().filter(practice=OuterRef("pk")).order_by().values("practice")
        return self.annotate(adopters=Coalesce(Subquery(held.values(n=Count("pk"))), 0))

    def with_frame(self) -> "PracticeQuerySet":
        """What a row of a list shows, in a fixed number of queries."""
        return self.select_related("university__country", "live", "latest").prefetch_related("live__topics")

    def matching(self, typed: str) -> "PracticeQuerySet":
        """Every word of `typed` stands in the live text, a topic's or the university's name, or the reference."""
        found = self
        for word in fold(typed).split()[:8]:
            places = University.objects.matching(word).values("pk")
            topics = Practice.live.field.related_model.topics.through.objects.filter(
                practiceversion=OuterRef("live"), topic__name__icontains=word
            )
            found = found.filter(
                Q(live__search_text__contains=word)
                | Q(university__in=places)
                | Q(reference__icontains=word)
                | Exists(topics)
            )
        return found


class PracticeState(models.TextChoices):
    DRAFT = "draft", _("Not published yet")
    PUBLISHED = "published", _("Published")
    ARCHIVED = "archived", _("Archived")


PracticeState.public = (PracticeState.PUBLISHED, PracticeState.ARCHIVED)


@tracked()
class Practice(Machine):
    """Something a university does well and describes for the others.

    The text stands in its versions: `live` is the one that everybody reads, `latest` the one begun last, which may be
    the same. The practice's row is the lock for everything about it.
    """

    State = PracticeState

    TRANSITIONS = {
        "publish": ({State.DRAFT, State.PUBLISHED}, State.PUBLISHED),
        "archive": ({State.DRAFT, State.PUBLISHED}, State.ARCHIVED),
        "restore": ({State.ARCHIVED}, State.PUBLISHED),
        "reopen": ({State.ARCHIVED}, State.DRAFT),
    }

    reference = models.CharField(_("reference"), max_length=12, unique=True, default=new_reference, editable=False)
    university = models.ForeignKey(
        University, on_delete=models.PROTECT, related_name="practices", verbose_name=_("university")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="practices", verbose_name=_("kept by")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    # Both point back at versions, which point here; protected, so that what people read cannot go from under them.
    live = models.ForeignKey(
        "practices.PracticeVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    latest = models.ForeignKey(
        "practices.PracticeVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    first_published_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    is_sample = models.BooleanField(_("is a sample"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PracticeQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-pk"]
        indexes = [models.Index(fields=["state", "-published_at"], name="practice_newest")]
        constraints = [
            only_choices("state", PracticeState),
            # The days too: the catalogue sorts by one, the feed by the other.
            models.CheckConstraint(
                condition=~Q(state="published")
                | Q(live__isnull=False, published_at__isnull=False, first_published_at__isnull=False),
                name="a_published_practice_has_a_version_and_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}".strip()

    def get_absolute_url(self) -> str:
        return reverse("practices:practice_detail", args=[self.reference])

    @property
    def is_public(self) -> bool:
        return self.state in self.State.public and self.live_id is not None

    @property
    def shown(self) -> Any:
        """The version to speak of: what everybody reads, else the one being written."""
        return self.live or self.latest

    @property
    def title(self) -> str:
        return self.shown.title if self.shown else ""

    @property
    def being_written(self) -> Any:
        """The version that is not decided about yet, or none."""
        return self.latest if self.latest and self.latest.state in self.latest.State.unfinished else None


class PracticeFollow(models.Model):
    """Somebody wants to hear when a practice gets a new version."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="followed_practices")
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="follows")
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-since", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "practice"], name="a_practice_is_followed_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.practice_id}"
