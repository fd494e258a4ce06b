"""The call, its stages with their deadlines, its states, and the sets people ask for."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from funding.models.programmes import ActionType, FundingProgramme, Money, euros
from funding.models.rules import Rules
from members.acts import Machine, Versioned
from members.constraints import both_or_neither, in_order, only_choices
from members.models import Field, Role, University
from members.models.universities import tracked
from members.zones import check_zone

BRUSSELS = "Europe/Brussels"
SLUG_LENGTH = 120
TAKEN_ADDRESSES = ("", "own", "new")  # the pages of urls.py, and what is left of a title without a Latin letter


class Status(models.TextChoices):
    """Where a published call stands at a moment; derived from its stages, never stored."""

    OPEN = "open", _("Open")
    FORTHCOMING = "forthcoming", _("Forthcoming")
    BETWEEN = "between", _("Between two stages")
    CLOSED = "closed", _("Closed")


class CallQuerySet(models.QuerySet):
    def published(self) -> "CallQuerySet":
        return self.filter(state=Call.State.PUBLISHED)

    def kept_by(self, user: models.Model) -> "CallQuerySet":
        """The calls that the grant offices of `user` have written, in whatever state."""
        return self.filter(office__in=user.universities_as(*Call.DESK))

    def visible_to(self, user: models.Model) -> "CallQuerySet":
        """Published calls are public; the others are seen by the office that wrote them and by the secretariat."""
        if user.has_perm("members.curate"):
            return self
        public = Q(state=Call.State.PUBLISHED)
        if not user.is_authenticated:
            return self.filter(public)
        return self.filter(public | Q(office__in=user.universities_as(*Call.DESK)))

    def with_status(self, now: datetime) -> "CallQuerySet":
        """Annotate `status` at `now` (aware), and the next deadline and opening, each with its zone.

        They are `due_at`, `due_zone`, `opens_next` and `opens_zone`.

        Open while the window of a stage is; a call without any date is forthcoming. A stage without a first day counts
        as open until its deadline, but not before the stages before it are over; one without a deadline is open until
        further notice.
        """
        stages = CallStage.objects.filter(call=OuterRef("pk")).order_by()
        earlier = CallStage.objects.filter(call=OuterRef("call"), number__lt=OuterRef("number")).order_by()
        in_its_turn = ~Exists(earlier.filter(Q(deadline__gt=now) | Q(opens_at__gt=now)))
        begun = Q(opens_at__lte=now) | (Q(opens_at__isnull=True, deadline__isnull=False) & in_its_turn)
        open_now = Exists(stages.filter(begun, Q(deadline__isnull=True) | Q(deadline__gt=now)))
        coming, past = Exists(stages.filter(opens_at__gt=now)), Exists(stages.filter(deadline__lte=now))
        next_one = CallStage.objects.filter(call=OuterRef("pk"), deadline__gt=now).order_by("deadline")
        first = CallStage.objects.filter(call=OuterRef("pk"), opens_at__gt=now).order_by("opens_at")
        return self.annotate(
            # Open comes first: of two stages one is over while the other takes proposals.
            status=Case(
                When(open_now, then=Value(Status.OPEN)),
                When(coming & past, then=Value(Status.BETWEEN)),
                When(past, then=Value(Status.CLOSED)),
                default=Value(Status.FORTHCOMING),
                output_field=models.CharField(),
            ),
            # Two subqueries of one row each and no Min(): the moment without its own zone would say nothing.
            due_at=Subquery(next_one.values("deadline")[:1]),
            due_zone=Subquery(next_one.values("time_zone")[:1]),
            opens_next=Subquery(first.values("opens_at")[:1]),
            opens_zone=Subquery(first.values("time_zone")[:1]),
        )

    def not_closed(self, now: datetime) -> "CallQuerySet":
        """Calls that one can still, or will be able to, answer at `now`."""
        return self.with_status(now).exclude(status=Status.CLOSED)

    def followed_by(self, user: models.Model) -> "CallQuerySet":
        return self.filter(Exists(CallFollow.objects.filter(call=OuterRef("pk"), user=user.pk)))


class CallState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Proposed")
    PUBLISHED = "published", _("Published")
    ARCHIVED = "archived", _("Archived")


@tracked()
class Call(Machine, Versioned, Rules, Money):
    """A call for proposals: what it funds, for whom, until when. The conditions may be those of its programme."""

    State = CallState

    DESK = (Role.GRANTS,)
    TRANSITIONS = {
        "propose": ({State.DRAFT}, State.PROPOSED),
        "send_back": ({State.PROPOSED}, State.DRAFT),
        "publish": ({State.DRAFT, State.PROPOSED}, State.PUBLISHED),
        "archive": ({State.DRAFT, State.PROPOSED, State.PUBLISHED}, State.ARCHIVED),
        "restore": ({State.ARCHIVED}, State.DRAFT),
    }

    slug = models.SlugField(max_length=SLUG_LENGTH, unique=True, editable=False)
    programme = models.ForeignKey(
        FundingProgramme, on_delete=models.PROTECT, related_name="calls", verbose_name=_("programme")
    )
    action_type = models.CharField(_("type of action"), max_length=16, choices=ActionType)
    topic = models.CharField(_("code of the topic"), max_length=80, blank=True)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("what it is about"), blank=True, help_text=_("A few sentences of your own."))
    fields = models.ManyToManyField(
        Field, blank=True, related_name="calls", verbose_name=_("fields"),
        limit_choices_to={"depth": Field.Depth.BROAD},
    )  # fmt: skip
    budget_total = models.PositiveBigIntegerField(_("budget of the call, EUR"), null=True, blank=True)
    projects_expected = models.PositiveSmallIntegerField(_("projects expected"), null=True, blank=True)
    has_own_rules = models.BooleanField(
        _("this call has conditions of its own"), default=False,
        help_text=_("Otherwise those of the programme count."),
    )  # fmt: skip
    official_url = models.URLField(_("official text of the call"), blank=True)
    # Without one it is the secretariat's: no grant office keeps it (wrote_the_call).
    office = models.ForeignKey(
        University, on_delete=models.PROTECT, null=True, blank=True, related_name="calls_written",
        verbose_name=_("written by the grant office of"),
    )  # fmt: skip
    state = models.CharField(max_length=10, choices=CallState, default=CallState.DRAFT)
    state_since = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    news_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When it was published, or last changed in something that matters.")
    )
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        indexes = [models.Index(fields=["state"], name="call_by_state")]
        constraints = [
            *Rules.Meta.constraints,
            *Money.Meta.constraints,
            only_choices("action_type", ActionType),
            only_choices("state", CallState),
            both_or_neither("published_at", "news_at"),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False),
                name="a_published_call_says_since_when",
            ),
            # Archived ones leave their code free: a call that was put away by mistake may be written anew.
            models.UniqueConstraint(
                fields=["topic"], condition=~Q(topic="") & ~Q(state="archived"), name="one_live_call_per_topic",
                violation_error_message=_("A call with this topic code is in the portal already."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("funding:call_detail", args=[self.slug])

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new call gets its address once; it never changes afterwards, so that links stay good."""
        if not self.slug:
            self.slug = self.free_slug()
        super().save(*args, **kwargs)

    def free_slug(self) -> str:
        # Six letters are kept for the number that tells two of a name apart: "-99999".
        wanted = slugify(self.topic or f"{self.programme.code} {self.title}")[: SLUG_LENGTH - 6].strip("-")
        wanted = f"call-{wanted}".strip("-") if wanted in TAKEN_ADDRESSES else wanted
        taken = set(Call.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
        numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
        return wanted if wanted not in taken else next(slug for slug in numbered if slug not in taken)

    @property
    def rules(self) -> Rules:
        """The conditions that count: the call's own, else those of its programme."""
        return self if self.has_own_rules else self.programme

    @property
    def official_source(self) -> tuple[str, str]:
        """Name and address of the text that decides; the programme's where the call names none."""
        return (
            (_("Official text of the call"), self.official_url)
            if self.official_url
            else (self.programme.official_source, self.programme.official_url)
        )

    @property
    def total_words(self) -> str:
        return euros(self.budget_total)

    @property
    def tone(self) -> str:
        """How its state is drawn."""
        return {"draft": "wait", "proposed": "", "published": "ok"}.get(self.state, "quiet")

    @property
    def status_tone(self) -> str:
        """How its status is drawn; the row carries `status` (CallQuerySet.with_status)."""
        return {"open": "ok", "forthcoming": "wait", "between": "wait"}.get(self.status, "quiet")

    @property
    def status_words(self) -> str:
        return Status(self.status).label

    def missing_to_publish(self, stages: list["CallStage"]) -> list[str]:
        """What a reader would look for in vain, in words; a call with nothing missing may be published."""
        wanted = [
            (self.summary.strip(), _("what the call is about")),
            (stages, _("a stage with its deadline")),
        ]
        return [str(words) for there, words in wanted if not there]


@tracked(obj_field=pghistory.ObjForeignKey(related_name="stage_events"))
class CallStage(models.Model):
    """One door of a call: opens and closes on the funder's clock."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="stages")
    number = models.PositiveSmallIntegerField(_("stage"), default=1)
    name = models.CharField(_("name"), max_length=80, blank=True)
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    deadline = models.DateTimeField(_("deadline"), null=True, blank=True)
    time_zone = models.CharField(_("on the clock of"), max_length=40, default=BRUSSELS, validators=[check_zone])
    note = models.CharField(_("note"), max_length=160, blank=True)

    class Meta:
        ordering = ["call", "number"]
        indexes = [models.Index(fields=["deadline"], name="stage_by_deadline")]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "number"], name="a_stage_once_per_call",
                violation_error_message=_("This stage stands in the list already."),
            ),
            in_order("opens_at", "deadline", _("A stage must not close before it opens.")),
            # Either is enough: of some calls the pages tell the deadline alone.
            models.CheckConstraint(
                condition=Q(opens_at__isnull=False) | Q(deadline__isnull=False), name="a_stage_has_a_date",
                violation_error_message=_("Give the day it opens or the deadline."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name or _("Stage %(n)d") % {"n": self.number}

    @property
    def deadline_key(self) -> str:
        """What lists and calendars know its deadline by; not its number, for stages are numbered anew when one goes."""
        return f"call-stage:{self.pk}"

    def is_open_at(self, now: datetime, earlier: Iterable["CallStage"] = ()) -> bool:
        """Whether it takes proposals at `now`; without a first day it begins when the `earlier` stages are over."""
        if self.opens_at:
            begun = self.opens_at <= now
        else:
            begun = not any((stage.deadline or now) > now or (stage.opens_at or now) > now for stage in earlier)
        return begun and (self.deadline is None or now < self.deadline)


class CallFollow(models.Model):
    """Somebody who wants to hear when a call changes and before it closes."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="follows")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="followed_calls")
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-since", "-pk"]
        constraints = [models.UniqueConstraint(fields=["call", "user"], name="a_call_is_followed_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.call}"
