"""Rounds: a window in its own time zone in which students of a university, or of a programme, apply."""

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

import pghistory
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.acts import Machine, Versioned
from members.constraints import only_choices
from members.models import Role, Term, University
from members.models.universities import tracked
from members.zones import check_zone

REASON_LENGTH = 400  # of every reason that an office gives or an applicant reads; none is cut on its way to another row


class Kind(models.TextChoices):
    """What is applied for; the room of the same name plugs in what can be chosen."""

    EXCHANGE = "exchange", _("Exchange")
    DUAL_DEGREE = "dual_degree", _("Dual degree")


# Beside the class: in its body each name would become a member of the enum.
Kind.prefixes = {Kind.EXCHANGE: "EX", Kind.DUAL_DEGREE: "DD"}
Kind.desks = {Kind.EXCHANGE: (Role.EXCHANGE,), Kind.DUAL_DEGREE: (Role.DIRECTOR, Role.EXCHANGE)}
Kind.rooms = {Kind.EXCHANGE: "exchange", Kind.DUAL_DEGREE: "programmes"}


class RoundQuerySet(models.QuerySet):
    def published(self) -> "RoundQuerySet":
        return self.filter(state__in=Round.State.public)

    def open_at(self, now: datetime) -> "RoundQuerySet":
        # As `is_open_at`: the closing moment is outside.
        return self.filter(state=Round.State.PUBLISHED, opens_at__lte=now, closes_at__gt=now)

    def coming_at(self, now: datetime) -> "RoundQuerySet":
        return self.filter(state=Round.State.PUBLISHED, opens_at__gt=now)

    def due_to_close(self, now: datetime) -> "RoundQuerySet":
        return self.filter(state=Round.State.PUBLISHED, closes_at__lte=now)

    def for_students_of(self, home: University) -> "RoundQuerySet":
        """Rounds in which students of `home` may apply: those that take them and offer something to them."""
        own = Q(for_own_students=False) | Q(university=home)
        return self.filter(own, ~self._for_others_only([home]))

    def _for_others_only(self, homes: Collection[University]) -> Q:
        """Rounds where all that can be chosen is for other universities' students, as their room says."""
        from applications.registries import options_for_others  # the registry knows this model

        offered = Round.options.through.objects.filter(round=OuterRef("pk"))
        found = Q(pk__in=[])
        for kind, options in options_for_others(homes).items():
            rest = offered.exclude(option__in=options.values("pk"))
            found |= Q(Exists(offered), ~Exists(rest), kind=kind)
        return found

    def concerning(self, homes: Collection[University], hosts: Collection[University]) -> "RoundQuerySet":
        """Rounds in which students of `homes` may apply, and those that one of `hosts` runs or offers a place in."""
        offered = Round.options.through.objects.filter(round=OuterRef("pk"), option__host__in=hosts)
        theirs = (Q(for_own_students=False) | Q(university__in=homes)) & ~self._for_others_only(homes)
        return self.filter(theirs | Q(university__in=hosts) | Exists(offered))

    def with_standing(self, now: datetime) -> "RoundQuerySet":
        """Annotate `standing`: open, coming, draft, deciding or past at `now`; and `standing_rank`, in that order."""
        published = Q(state=Round.State.PUBLISHED)
        standing = Case(
            When(published & Q(opens_at__gt=now), then=Value("coming")),
            When(published & Q(closes_at__gt=now), then=Value("open")),
            When(state=Round.State.DRAFT, then=Value("draft")),
            # Published and over is closed already for its reader; the job that writes it comes after the moment.
            When(published | Q(state=Round.State.CLOSED), then=Value("deciding")),
            default=Value("past"),
        )
        order = ("open", "coming", "draft", "deciding", "past")
        rank = Case(*[When(standing=word, then=Value(number)) for number, word in enumerate(order)])
        return self.annotate(standing=standing).annotate(standing_rank=rank)

    def with_offer(self) -> "RoundQuerySet":
        """Annotate `options_offered` and `places_offered`: how many can be chosen from, with how many places."""
        # Subqueries: joined, a list that also counts applications would count each place once for every one of them.
        through = Round.options.through.objects.filter(round=OuterRef("pk")).order_by().values("round")
        options = Subquery(through.values(n=Count("pk")))
        places = Subquery(through.values(n=Sum("option__places")))
        return self.annotate(options_offered=Coalesce(options, 0), places_offered=Coalesce(places, 0))

    def run_by(self, user: models.Model) -> "RoundQuerySet":
        """The rounds whose desk `user` sits at today."""
        desks = Q(pk__in=[])
        for kind, roles in Kind.desks.items():
            desks |= Q(kind=kind, university__in=user.universities_as(*roles))
        return self.filter(desks)

    def visible_to(self, user: models.Model) -> "RoundQuerySet":
        """Published rounds are public; drafts are seen by their desk and the secretariat."""
        if user.has_perm("members.curate"):
            return self
        if not user.is_authenticated:
            return self.published()
        return self.filter(Q(pk__in=self.model.objects.run_by(user)) | Q(state__in=Round.State.public))


class RoundState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    CLOSED = "closed", _("Closed, being decided")
    RELEASED = "released", _("Decided")
    ARCHIVED = "archived", _("Archived")


RoundState.public = (RoundState.PUBLISHED, RoundState.CLOSED, RoundState.RELEASED)


@pghistory.track()
class Round(Machine, Versioned):
    """One call for applications; `opens_at` and `closes_at` are moments, set and shown in `time_zone`."""

    State = RoundState

    TRANSITIONS = {
        "publish": ({State.DRAFT}, State.PUBLISHED),
        "close": ({State.PUBLISHED}, State.CLOSED),
        "reopen": ({State.CLOSED}, State.PUBLISHED),
        "release": ({State.CLOSED}, State.RELEASED),
        "archive": ({State.DRAFT, State.RELEASED}, State.ARCHIVED),
    }

    slug = models.SlugField(max_length=100, unique=True)
    kind = models.CharField(max_length=12, choices=Kind)
    university = models.ForeignKey(
        University, on_delete=models.PROTECT, related_name="rounds", verbose_name=_("run by")
    )
    title = models.CharField(_("title"), max_length=140)
    introduction = models.TextField(_("introduction"), blank=True)
    academic_year = models.PositiveSmallIntegerField(
        _("academic year"), help_text=_("The year it begins in: 2027 for 2027/28.")
    )
    term = models.CharField(_("term"), max_length=6, choices=Term)
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    time_zone = models.CharField(_("time zone"), max_length=40, validators=[check_zone])
    max_choices = models.PositiveSmallIntegerField(
        _("choices at most"), default=3, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    answer_days = models.PositiveSmallIntegerField(
        _("days to answer an offer"), default=7, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    # db_default: while a new version is rolled out, the old one still writes rounds and knows nothing of appeals.
    appeal_days = models.PositiveSmallIntegerField(
        _("working days to appeal"), default=5, db_default=5, validators=[MaxValueValidator(30)]
    )
    appeal_answer_days = models.PositiveSmallIntegerField(
        _("working days to answer an appeal"),
        default=10,
        db_default=10,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    motivation_words = models.PositiveSmallIntegerField(_("motivation, words at most"), default=400)
    for_own_students = models.BooleanField(_("only for students of this university"), default=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    options = models.ManyToManyField("applications.Option", through="applications.RoundOption", related_name="rounds")
    released_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_sample = models.BooleanField(default=False)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["closes_at", "pk"]
        indexes = [models.Index(fields=["state", "closes_at"], name="round_by_closing")]
        constraints = [
            only_choices("kind", Kind),
            only_choices("state", RoundState),
            only_choices("term", Term),
            models.CheckConstraint(
                condition=Q(opens_at__lt=F("closes_at")),
                name="a_round_opens_before_it_closes",
                violation_error_message=_("The round must open before it closes."),
            ),
            models.CheckConstraint(
                condition=Q(max_choices__gte=1, answer_days__gte=1), name="a_round_allows_a_choice_and_an_answer"
            ),
            models.CheckConstraint(
                condition=Q(appeal_days__lte=30, appeal_answer_days__gte=1, appeal_answer_days__lte=60),
                name="an_appeal_has_a_clock",
                violation_error_message=_("An appeal is filed within 30 and answered within 60 working days."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def for_whom(self) -> str:
        """Whose students may apply, in words; a dual degree is for those of its partners."""
        if self.for_own_students:
            return _("for students of %(university)s") % {"university": self.university.short_name}
        if self.kind == Kind.DUAL_DEGREE:
            return _("for students of the partners")
        return _("for students of every member")

    def get_absolute_url(self) -> str:
        return reverse("applications:round_detail", args=[self.slug])

    @property
    def deadline_key(self) -> str:
        """What lists and calendars know its closing by."""
        return f"round:{self.pk}"

    @property
    def year(self) -> str:
        """The academic year as people write it: 2027/28."""
        return f"{self.academic_year}/{(self.academic_year + 1) % 100:02d}"

    @property
    def when(self) -> str:
        return f"{self.get_term_display()} {self.year}"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def room(self) -> str:
        return Kind.rooms[self.kind]

    @property
    def desk_roles(self) -> tuple[str, ...]:
        return Kind.desks[self.kind]

    def is_open_at(self, now: datetime) -> bool:
        # The closing moment itself is outside: "closes at 12:00" lets in what comes at 11:59:59.
        return self.state == self.State.PUBLISHED and self.opens_at <= now < self.closes_at


class LetterTemplateOutcome(models.TextChoices):
    OFFER = "offer", _("Offer")
    WAIT = "wait", _("Waiting list")
    REJECT = "reject", _("No place")


@tracked()
class LetterTemplate(models.Model):
    """The letter of one outcome in one round; `{name}` and the like are filled in when a decision is prepared."""

    Outcome = LetterTemplateOutcome

    PLACEHOLDERS = ("name", "reference", "round", "place", "reason", "answer_by", "university")

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="letters")
    outcome = models.CharField(max_length=6, choices=Outcome)
    subject = models.CharField(max_length=160)
    body = models.TextField()

    class Meta:
        constraints = [
            only_choices("outcome", LetterTemplateOutcome),
            models.UniqueConstraint(fields=["round", "outcome"], name="one_letter_per_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.round}: {self.get_outcome_display()}"
