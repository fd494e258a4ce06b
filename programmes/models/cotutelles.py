"""A doctorate supervised by two universities: who, where, on what, and how far the agreement about it is."""

import secrets
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications.references import ALPHABET
from members.acts import Machine, Versioned
from members.constraints import both_or_neither, in_order, only_choices
from members.models import Field, Role, University
from members.models.universities import tracked
from programmes.models.programmes import Diploma, Programme

DESK_ROLES = (Role.COORDINATOR, Role.OFFICIAL)
LONGEST_STAY = 72  # months at one side; a doctorate that takes longer is a new plan
DIPLOMAS = [(diploma.value, diploma.label) for diploma in (Diploma.SEPARATE, Diploma.JOINT)]


def new_reference() -> str:
    """CT-7K3M-92: short enough to quote aloud, not to be guessed."""
    letters = [secrets.choice(ALPHABET) for _number in range(6)]
    return f"CT-{''.join(letters[:4])}-{''.join(letters[4:])}"


class Side(models.TextChoices):
    HOME = "home", _("Home university")
    PARTNER = "partner", _("Partner university")

    @property
    def other(self) -> "Side":
        return Side.PARTNER if self == Side.HOME else Side.HOME


class Turn(models.TextChoices):
    """Who has to do the next thing."""

    CANDIDATE = "candidate", _("The candidate")
    HOME = "home", _("The home university")
    PARTNER = "partner", _("The partner university")
    BOTH = "both", _("Both universities")
    NOBODY = "nobody", _("Nobody")


class CotutelleState(models.TextChoices):
    DRAFT = "draft", _("Being written")
    REQUESTED = "requested", _("Opening requested")
    SENT_BACK = "sent_back", _("Sent back")
    HOME_AGREED = "home_agreed", _("Agreed at home")
    PARTNER_AGREED = "partner_agreed", _("Agreed at the partner")
    CONVENTION = "convention", _("Convention being drawn up")
    SIGNED = "signed", _("Convention signed")
    RUNNING = "running", _("Running")
    DEFENDED = "defended", _("Defended")
    ENDED = "ended", _("Ended without a defence")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


CotutelleState.in_hands = (CotutelleState.DRAFT, CotutelleState.SENT_BACK)
CotutelleState.deciding = (CotutelleState.REQUESTED, CotutelleState.HOME_AGREED, CotutelleState.PARTNER_AGREED)
CotutelleState.agreed = (
    CotutelleState.CONVENTION, CotutelleState.SIGNED, CotutelleState.RUNNING, CotutelleState.DEFENDED,
    CotutelleState.ENDED,
)  # fmt: skip
CotutelleState.signed = (
    CotutelleState.SIGNED, CotutelleState.RUNNING, CotutelleState.DEFENDED, CotutelleState.ENDED,
)  # fmt: skip
CotutelleState.over = (
    CotutelleState.DEFENDED, CotutelleState.ENDED, CotutelleState.REFUSED, CotutelleState.WITHDRAWN,
)  # fmt: skip
CotutelleState.live = tuple(state for state in CotutelleState if state not in CotutelleState.over)
CotutelleState.tones = {
    CotutelleState.DRAFT: "quiet", CotutelleState.SENT_BACK: "due", CotutelleState.REQUESTED: "wait",
    CotutelleState.HOME_AGREED: "wait", CotutelleState.PARTNER_AGREED: "wait", CotutelleState.CONVENTION: "",
    CotutelleState.SIGNED: "ok", CotutelleState.RUNNING: "ok", CotutelleState.DEFENDED: "ok",
}  # fmt: skip
CotutelleState.turns = {
    CotutelleState.DRAFT: Turn.CANDIDATE,
    CotutelleState.SENT_BACK: Turn.CANDIDATE,
    CotutelleState.REQUESTED: Turn.BOTH,
    CotutelleState.HOME_AGREED: Turn.PARTNER,
    CotutelleState.PARTNER_AGREED: Turn.HOME,
    CotutelleState.CONVENTION: Turn.BOTH,
    CotutelleState.SIGNED: Turn.BOTH,
}


class CotutelleQuerySet(models.QuerySet):
    def live(self) -> "CotutelleQuerySet":
        return self.filter(state__in=CotutelleState.live)

    def at_the_desks_of(self, user: models.Model) -> "CotutelleQuerySet":
        """Requested files of the universities for which `user` is coordinator or official today; the own one is not."""
        desks = user.universities_as(*DESK_ROLES)
        either = Q(home__in=desks) | Q(partner__in=desks)
        return self.filter(either, requested_at__isnull=False).exclude(candidate=user)

    def visible_to(self, user: models.Model) -> "CotutelleQuerySet":
        """The candidate's own; once requested also those one supervises, and those of one's desk at either side.

        The secretariat is not among them, and nobody sees any of them in a visit of support.
        """
        if not user.is_authenticated or getattr(user, "supporter", None) is not None:
            return self.none()
        # Subqueries and no joins: the candidate's own file would stand there once for each of its supervisors.
        supervised = CotutelleSupervisor.objects.filter(user=user).values("cotutelle")
        at_desks = self.model.objects.at_the_desks_of(user).values("pk")
        as_supervisor = Q(pk__in=supervised, requested_at__isnull=False)
        return self.filter(Q(candidate=user) | as_supervisor | Q(pk__in=at_desks))

    def waiting_for(self, user: models.Model, day: date) -> "CotutelleQuerySet":
        """Those in which `user` has to do the next thing on `day`: as the candidate, or at a desk of a side."""
        if not user.is_authenticated or getattr(user, "supporter", None) is not None:
            return self.none()
        desks = user.universities_as(*DESK_ROLES, day=day)
        by_home = Q(home__in=desks, turn__in=[Turn.HOME, Turn.BOTH])
        by_partner = Q(partner__in=desks, turn__in=[Turn.PARTNER, Turn.BOTH])
        by_desk = (by_home | by_partner) & ~Q(candidate=user)
        return self.with_turn(day).filter(Q(candidate=user, turn=Turn.CANDIDATE) | by_desk)

    def with_turn(self, day: date) -> "CotutelleQuerySet":
        """Annotate `turn`: whose turn it is on `day`; past its planned end a doctorate waits for both desks."""
        # Said once more in SQL than in `turn_on`, since the list counts its facets and picks "Waits for me" by it.
        whens = [When(state=state, then=Value(turn.value)) for state, turn in CotutelleState.turns.items()]
        late = When(state=CotutelleState.RUNNING, ends_on__lt=day, then=Value(Turn.BOTH.value))
        return self.annotate(turn=Case(*whens, late, default=Value(Turn.NOBODY.value)))

    def with_sides(self) -> "CotutelleQuerySet":
        """With what every page, notice and permission reads of the row."""
        return self.select_related("candidate", "home", "partner", "programme", "field")

    def waiting_since(self, before: Any) -> "CotutelleQuerySet":
        """Those that somebody should have moved since `before`."""
        return self.filter(state__in=CotutelleState.turns, state_since__lte=before)

    def matching(self, typed: str) -> "CotutelleQuerySet":
        """Every word of `typed` stands in the reference, the title, the candidate's or a supervisor's name."""
        found = self
        for word in typed.replace("\x00", "").split()[:8]:  # PostgreSQL takes no NUL byte; a word costs a subquery
            named = CotutelleSupervisor.objects.filter(cotutelle=OuterRef("pk"), name__icontains=word)
            found = found.filter(
                Q(reference__icontains=word)
                | Q(title__icontains=word)
                | Q(candidate__given_name__icontains=word)
                | Q(candidate__family_name__icontains=word)
                | Q(home__short_name__icontains=word)
                | Q(partner__short_name__icontains=word)
                | models.Exists(named)
            )
        return found


@tracked()
class Cotutelle(Machine, Versioned):
    """One candidate, one thesis, two universities; from the first draft to the defence.

    `reason` is why it was sent back, refused, withdrawn or ended last. Both sides agree in any order; the second one
    that agrees begins the convention.
    """

    State = CotutelleState
    Side = Side

    TRANSITIONS = {
        "request": ({State.DRAFT, State.SENT_BACK}, State.REQUESTED),
        "agree_home": ({State.REQUESTED}, State.HOME_AGREED),
        "agree_partner": ({State.REQUESTED}, State.PARTNER_AGREED),
        "complete_home": ({State.PARTNER_AGREED}, State.CONVENTION),
        "complete_partner": ({State.HOME_AGREED}, State.CONVENTION),
        "send_back": (set(State.deciding), State.SENT_BACK),
        "refuse": ({*State.deciding, State.CONVENTION}, State.REFUSED),
        "sign": ({State.CONVENTION}, State.SIGNED),
        "start": ({State.SIGNED}, State.RUNNING),
        "defend": ({State.RUNNING}, State.DEFENDED),
        "end": ({State.SIGNED, State.RUNNING}, State.ENDED),
        "withdraw": ({*State.in_hands, *State.deciding, State.CONVENTION}, State.WITHDRAWN),
    }

    reference = models.CharField(_("reference"), max_length=12, unique=True, default=new_reference, editable=False)
    candidate = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="cotutelles", editable=False
    )
    home = models.ForeignKey(
        University, on_delete=models.PROTECT, related_name="cotutelles", verbose_name=_("home university"),
        editable=False,
    )  # fmt: skip
    partner = models.ForeignKey(
        University, on_delete=models.PROTECT, related_name="cotutelles_as_partner",
        verbose_name=_("partner university"),
    )  # fmt: skip
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, null=True, blank=True, related_name="cotutelles",
        verbose_name=_("dual doctorate"),
    )  # fmt: skip
    title = models.CharField(_("title or topic of the thesis"), max_length=200)
    field = models.ForeignKey(
        Field, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("field")
    )
    motivation = models.TextField(_("why with this partner"), blank=True, max_length=6000)
    starts_on = models.DateField(_("planned from"), null=True, blank=True)
    ends_on = models.DateField(_("planned until"), null=True, blank=True)
    home_months = models.PositiveSmallIntegerField(
        _("months at home"), null=True, blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_STAY)],
    )  # fmt: skip
    partner_months = models.PositiveSmallIntegerField(
        _("months at the partner"), null=True, blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_STAY)],
    )  # fmt: skip
    defence_side = models.CharField(_("place of the defence"), max_length=8, choices=Side, blank=True)
    diploma = models.CharField(_("diploma"), max_length=10, choices=DIPLOMAS, blank=True)
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.DRAFT, editable=False)
    state_since = models.DateTimeField(editable=False)
    reason = models.TextField(blank=True, editable=False)
    requested_at = models.DateTimeField(null=True, blank=True, editable=False)
    home_agreed_at = models.DateTimeField(null=True, blank=True, editable=False)
    home_agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    partner_agreed_at = models.DateTimeField(null=True, blank=True, editable=False)
    partner_agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    home_signed_on = models.DateField(_("signed at home on"), null=True, blank=True, editable=False)
    partner_signed_on = models.DateField(_("signed at the partner on"), null=True, blank=True, editable=False)
    # What was signed is pinned by its digest, which outlives the file when the candidate is erased.
    convention_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    defended_on = models.DateField(_("defended on"), null=True, blank=True, editable=False)
    is_sample = models.BooleanField(_("is a sample"), default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CotutelleQuerySet.as_manager()

    class Meta:
        ordering = ["-state_since", "-pk"]
        verbose_name, verbose_name_plural = _("cotutelle"), _("cotutelles")
        indexes = [
            models.Index(fields=["home", "state"], name="cotutelle_at_home"),
            models.Index(fields=["partner", "state"], name="cotutelle_at_partner"),
            models.Index(fields=["state", "state_since"], name="cotutelle_waiting"),
        ]
        constraints = [
            only_choices("state", CotutelleState),
            models.CheckConstraint(
                condition=Q(defence_side__in=["", *Side.values]), name="a_defence_is_at_one_of_the_sides"
            ),
            models.CheckConstraint(
                condition=Q(diploma__in=["", *dict(DIPLOMAS)]), name="a_cotutelle_gives_known_diplomas"
            ),
            models.CheckConstraint(
                condition=~Q(home=F("partner")),
                name="a_cotutelle_has_two_universities",
                violation_error_message=_("The partner is another university than your own."),
            ),
            in_order("starts_on", "ends_on", _("The planned end lies before the beginning.")),
            models.UniqueConstraint(
                fields=["candidate", "home", "partner"],
                condition=Q(state__in=CotutelleState.live),
                name="one_live_cotutelle_per_pair",
                violation_error_message=_("You have a file with this partner already."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"])
                | Q(requested_at__isnull=False, field__isnull=False, starts_on__isnull=False, ends_on__isnull=False),
                name="a_requested_cotutelle_has_its_field_and_dates",
                violation_error_message=_("Name the field, and from when until when."),
            ),
            both_or_neither("home_agreed_at", "home_agreed_by"),
            both_or_neither("partner_agreed_at", "partner_agreed_by"),
            models.CheckConstraint(
                condition=~Q(state__in=CotutelleState.agreed)
                | Q(home_agreed_at__isnull=False, partner_agreed_at__isnull=False),
                name="both_sides_agree_before_the_convention",
                violation_error_message=_("Both universities agree before a convention is drawn up."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=CotutelleState.signed)
                | (Q(home_signed_on__isnull=False, partner_signed_on__isnull=False) & ~Q(convention_sha256="")),
                name="a_signed_convention_has_its_file_and_days",
                violation_error_message=_("A signed convention needs its file and the day of each signature."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent_back", "refused", "ended"]) | ~Q(reason=""),
                name="a_cotutelle_sent_back_or_refused_says_why",
                violation_error_message=_("Say why; the candidate reads it."),
            ),
            models.CheckConstraint(
                condition=Q(state="defended", defended_on__isnull=False)
                | (~Q(state="defended") & Q(defended_on__isnull=True)),
                name="a_defended_thesis_has_its_day",
                violation_error_message=_("Give the day of the defence."),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("programmes:cotutelle_detail", args=[self.reference])

    @property
    def pair(self) -> str:
        return f"{self.home} – {self.partner}"

    @property
    def tone(self) -> str:
        """How its state is drawn."""
        return self.State.tones.get(self.state, "quiet")

    @property
    def is_over(self) -> bool:
        return self.state in self.State.over

    @property
    def is_in_hands(self) -> bool:
        """Whether the candidate may still write in it."""
        return self.state in self.State.in_hands

    def university_at(self, side: str) -> University:
        return self.home if side == Side.HOME else self.partner

    def has_agreed(self, side: str) -> bool:
        return getattr(self, f"{side}_agreed_at") is not None

    @property
    def waits_since(self) -> datetime:
        """Since when somebody has to do the next thing; a doctorate that runs waits once its planned end is over."""
        if self.state == self.State.RUNNING:
            return datetime.combine(self.ends_on + timedelta(days=1), time(), tzinfo=UTC)
        return self.state_since

    def turn_on(self, day: date) -> Turn:
        """Whose turn it is, by the same rule as `with_turn`."""
        if self.state == self.State.RUNNING and self.ends_on < day:
            return Turn.BOTH
        return self.State.turns.get(self.state, Turn.NOBODY)


@tracked()
class CotutelleSupervisor(models.Model):
    """Somebody who supervises the thesis at one side; with an account whose address is verified they read the file."""

    Side = Side

    cotutelle = models.ForeignKey(Cotutelle, on_delete=models.CASCADE, related_name="supervisors")
    side = models.CharField(_("at"), max_length=8, choices=Side, default=Side.HOME)
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail address"), blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="supervisions",
        editable=False,
    )  # fmt: skip

    class Meta:
        ordering = ["side", "pk"]
        verbose_name, verbose_name_plural = _("supervisor"), _("supervisors")
        constraints = [
            only_choices("side", Side),
            models.CheckConstraint(
                condition=~Q(name=""), name="a_supervisor_has_a_name",
                violation_error_message=_("Give the supervisor's name."),
            ),
            models.UniqueConstraint(
                fields=["cotutelle", "email"], condition=~Q(email=""), name="a_supervisor_once_per_cotutelle",
                violation_error_message=_("This supervisor stands in the file already."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name
