"""The application itself and its ranked choices."""

from datetime import datetime
from typing import Any

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Avg, Case, Count, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models.options import Option
from applications.models.rounds import REASON_LENGTH, Round
from members.acts import Machine, Versioned
from members.constraints import only_choices


class ApplicationQuerySet(models.QuerySet):
    def live(self) -> "ApplicationQuerySet":
        return self.filter(state__in=Application.State.live)

    def run_by(self, user: models.Model) -> "ApplicationQuerySet":
        """Submitted applications in the rounds whose desk `user` sits at, and did not apply in."""
        competes_in = self.model.objects.filter(applicant=user, submitted_at__isnull=False).values("round")
        run = self.filter(round__in=Round.objects.run_by(user), submitted_at__isnull=False)
        return run.exclude(round__in=competes_in)

    def on_the_desk_of(self, round: Round) -> "ApplicationQuerySet":
        """What a round's office works on: everything that was submitted, with its student, score and choices joined."""
        choices = Choice.objects.select_related("option__host").order_by("rank")
        joined = self.filter(round=round).exclude(submitted_at=None).select_related("applicant", "decision")
        return (
            joined.with_score()
            .with_documents_to_check()
            .with_appeal()
            .prefetch_related(models.Prefetch("choices", queryset=choices, to_attr="ranked"))
        )

    def with_appeal(self) -> "ApplicationQuerySet":
        """Annotate `appeal_state` and `appeal_due`: where the appeal stands that was not taken back, if any."""
        from applications.models.appeals import Appeal

        standing = Appeal.objects.standing().filter(application=OuterRef("pk"))
        return self.annotate(
            appeal_state=Subquery(standing.values("state")), appeal_due=Subquery(standing.filed().values("answer_by"))
        )

    def with_documents_to_check(self) -> "ApplicationQuerySet":
        """Annotate `documents_to_check` and `reviews_open`: what the office and the reviewers have still to do.

        Of an application that has ended nothing is left to do, whatever state its documents stopped in.
        """
        from applications.models.documents import DocumentSlot
        from applications.models.reviews import Review

        going_on = {"application": OuterRef("pk"), "application__state__in": ApplicationState.live}
        received = DocumentSlot.objects.filter(state=DocumentSlot.State.RECEIVED, **going_on)
        asked = Review.objects.filter(state=Review.State.ASSIGNED, **going_on)
        return self.annotate(documents_to_check=_count_of(received), reviews_open=_count_of(asked))

    def visible_to(self, user: models.Model) -> "ApplicationQuerySet":
        """The applicant, the round's desk once submitted, the reviewers assigned, who logged a reason lately, and who
        answers an appeal while it waits.

        The secretariat is not among them: it opens a file only through `applications.actions.open_with_reason`.
        """
        if not user.is_authenticated:
            return self.none()
        from applications.models.appeals import Appeal
        from applications.models.decisions import FileAccess
        from applications.models.reviews import Review

        reviewed = Review.objects.open_to(user).values("application")
        supporter = getattr(
            user, "supporter", None
        )  # in a visit of support only what the supporter opened with a reason
        opened = FileAccess.objects.in_force_for(supporter or user).values("application")
        if supporter is not None:
            return self.filter(pk__in=opened, applicant=user)
        mine = Q(applicant=user)
        desk = Q(pk__in=self.model.objects.run_by(user).values("pk"))
        # A list, as who may answer is decided in Python; it asks nothing of those without such a role.
        appealed = [appeal.application_id for appeal in Appeal.objects.to_be_overseen_by(user, timezone.localdate())]
        return self.filter(mine | desk | Q(pk__in=reviewed) | Q(pk__in=opened) | Q(pk__in=appealed))

    def as_shown_at(self, now: datetime) -> "ApplicationQuerySet":
        """Annotate what an applicant sees: `shown_as` (a state; the three in which the office decides are one, and a
        draft whose round is not open has lapsed), `turn_rank` (0 the applicant's turn, 1 others', 2 ended), and
        `due_at`, the moment by which the applicant has to act.
        """
        states = ApplicationState
        is_lost = Q(state=states.DRAFT) & ~Q(round__in=Round.objects.open_at(now))
        is_considered = Q(state__in=(states.ELIGIBLE, states.INELIGIBLE))
        shown = Case(
            When(is_lost, then=Value(states.LAPSED.value)),
            When(is_considered, then=Value(states.SUBMITTED.value)),
            default=F("state"),
        )
        my_turn = (states.DRAFT, states.MORE_INFO, states.OFFERED)
        rank = Case(
            When(shown_as__in=my_turn, then=0),
            When(appeal_state="filed", then=1),
            When(shown_as__in=states.ended, then=2),
            default=1,
        )
        closing = When(shown_as=states.DRAFT, then=F("round__closes_at"))
        due = Case(closing, When(state=states.OFFERED, then=F("answer_by")))
        return self.with_appeal().annotate(shown_as=shown).annotate(turn_rank=rank, due_at=due)

    def with_score(self) -> "ApplicationQuerySet":
        """Annotate `score`: the mean over the finished reviews of the points given, empty without a review."""
        from applications.models.reviews import Review, Score

        # Subqueries, not joins: a join over reviews, scores and choices would count points several times in the mean.
        total = Score.objects.filter(review=OuterRef("pk")).order_by().values("review").values(t=Sum("points"))
        finished = Review.objects.finished().filter(application=OuterRef("pk")).annotate(total=Subquery(total))
        mean = finished.order_by().values("application").values(mean=Avg("total"))
        return self.annotate(score=Subquery(mean, output_field=models.DecimalField(max_digits=6, decimal_places=2)))


def _count_of(rows: models.QuerySet) -> Coalesce:
    """How many of `rows` belong to each application, as a subquery, so that links never multiply rows."""
    counted = rows.order_by().values("application").values(n=Count("pk"))
    return Coalesce(Subquery(counted), 0)


class ApplicationState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    MORE_INFO = "more_info", _("Waiting for the applicant")
    ELIGIBLE = "eligible", _("Eligible")
    INELIGIBLE = "ineligible", _("Not eligible")
    OFFERED = "offered", _("Place offered")
    WAITLISTED = "waitlisted", _("On the waiting list")
    REJECTED = "rejected", _("No place")
    ACCEPTED = "accepted", _("Accepted by the student")
    DECLINED = "declined", _("Declined by the student")
    EXPIRED = "expired", _("Offer expired")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    LAPSED = "lapsed", _("Not submitted in time")


ApplicationState.live = (
    ApplicationState.DRAFT,
    ApplicationState.SUBMITTED,
    ApplicationState.MORE_INFO,
    ApplicationState.ELIGIBLE,
    ApplicationState.INELIGIBLE,
    ApplicationState.OFFERED,
    ApplicationState.WAITLISTED,
    ApplicationState.ACCEPTED,
)
ApplicationState.in_review = (
    ApplicationState.SUBMITTED,
    ApplicationState.MORE_INFO,
    ApplicationState.ELIGIBLE,
    ApplicationState.INELIGIBLE,
)
ApplicationState.appealable = (ApplicationState.REJECTED, ApplicationState.WAITLISTED)
ApplicationState.ended = (
    ApplicationState.REJECTED,
    ApplicationState.DECLINED,
    ApplicationState.EXPIRED,
    ApplicationState.WITHDRAWN,
    ApplicationState.LAPSED,
)


@pghistory.track()
class Application(Machine, Versioned):
    """One student's application in one round, from the first draft to the answer."""

    State = ApplicationState

    TRANSITIONS = {
        "submit": ({State.DRAFT}, State.SUBMITTED),
        "ask_more": ({State.SUBMITTED, State.ELIGIBLE, State.INELIGIBLE}, State.MORE_INFO),
        "answer": ({State.MORE_INFO}, State.SUBMITTED),
        "find_eligible": ({State.SUBMITTED, State.MORE_INFO, State.INELIGIBLE}, State.ELIGIBLE),
        "find_ineligible": ({State.SUBMITTED, State.MORE_INFO, State.ELIGIBLE}, State.INELIGIBLE),
        "offer": ({State.ELIGIBLE, State.WAITLISTED}, State.OFFERED),
        "wait": ({State.ELIGIBLE}, State.WAITLISTED),
        "reject": ({State.ELIGIBLE, State.INELIGIBLE, State.WAITLISTED}, State.REJECTED),
        "accept": ({State.OFFERED}, State.ACCEPTED),
        "decline": ({State.OFFERED}, State.DECLINED),
        "expire": ({State.OFFERED}, State.EXPIRED),
        "withdraw": (set(State.live), State.WITHDRAWN),
        "lapse": ({State.DRAFT}, State.LAPSED),
        "revive": ({State.LAPSED}, State.DRAFT),  # by opening the round again, for all of them
        "offer_on_appeal": ({State.REJECTED, State.WAITLISTED}, State.OFFERED),
        "wait_on_appeal": ({State.REJECTED}, State.WAITLISTED),
    }

    reference = models.CharField(max_length=12, unique=True, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="applications")
    applicant = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="applications")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    state_since = models.DateTimeField()
    motivation = models.TextField(_("motivation"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    referee = models.EmailField(
        _("e-mail of a teacher who recommends you"), blank=True, help_text=_("This person will not review you.")
    )
    notes = models.TextField(_("anything else we should know"), blank=True)
    asked_for = models.TextField(blank=True, help_text=_("What the office asked the applicant for."))
    profile = models.JSONField(default=dict, blank=True, help_text=_("The student's data as they stood at submission."))
    created_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    answer_by = models.DateTimeField(null=True, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["round", "state"], name="application_of_a_round"),
            models.Index(fields=["applicant", "-created_at"], name="application_of_a_student"),
            models.Index(fields=["answer_by"], condition=Q(state="offered"), name="application_to_be_answered"),
        ]
        constraints = [
            only_choices("state", ApplicationState),
            models.UniqueConstraint(
                fields=["round", "applicant"],
                condition=~Q(state="withdrawn"),  # who withdrew may begin anew while the round is open
                name="one_application_per_round",
                violation_error_message=_("You already have an application in this round."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn", "lapsed"]) | Q(submitted_at__isnull=False),
                name="a_submitted_application_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="offered") | Q(answer_by__isnull=False), name="an_offer_has_a_last_day"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("applications:application_detail", args=[self.reference])

    @property
    def shown(self) -> Any:
        """The state in the applicant's words; on rows of `as_shown_at` only."""
        from applications.applicant_view import SHOWN

        return SHOWN[self.shown_as]

    def is_editable_at(self, now: datetime) -> bool:
        """The applicant may change it: a draft while the round is open, or when the office asked for more."""
        if self.state == self.State.MORE_INFO:
            return True
        return self.state == self.State.DRAFT and self.round.is_open_at(now)


class ChoiceQuerySet(models.QuerySet):
    def holding_a_place(self) -> "ChoiceQuerySet":
        return self.filter(state__in=Choice.State.holding_a_place)

    def still_offered(self) -> "ChoiceQuerySet":
        """Those whose place stands in the application's round; a host may take one back after it was chosen."""
        return self.filter(option__round_options__round=F("application__round"))


# The option's row is locked before its places are counted: of two that give the last one, the second counts the first.
NEVER_MORE_THAN_PLACES = """
    SELECT places INTO places_there FROM applications_option WHERE id = NEW.option_id FOR NO KEY UPDATE;
    SELECT count(*) INTO places_taken FROM applications_choice
     WHERE option_id = NEW.option_id AND state IN ('offered', 'accepted') AND id <> NEW.id;
    IF places_taken + 1 > places_there THEN
        RAISE EXCEPTION 'option % has % places and all are taken', NEW.option_id, places_there
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a_place_is_never_given_twice';
    END IF;
    RETURN NEW;
"""


class ChoiceState(models.TextChoices):
    OPEN = "open", _("Not decided yet")
    OFFERED = "offered", _("Offered")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("Not answered in time")
    WAITING = "waiting", _("On the waiting list")
    NOT_OFFERED = "not_offered", _("Not offered")
    NOT_NEEDED = "not_needed", _("Not needed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


ChoiceState.holding_a_place = (ChoiceState.OFFERED, ChoiceState.ACCEPTED)


@pghistory.track()
class Choice(models.Model):
    """One option an applicant ranked, and what became of it."""

    State = ChoiceState

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="choices")
    option = models.ForeignKey(Option, on_delete=models.PROTECT, related_name="choices")
    rank = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    why = models.CharField(
        max_length=REASON_LENGTH, blank=True, help_text=_("The reason as the applicant reads it, with the numbers.")
    )

    objects = ChoiceQuerySet.as_manager()

    class Meta:
        ordering = ["application", "rank"]
        indexes = [models.Index(fields=["option", "state"], name="choice_of_an_option")]
        constraints = [
            only_choices("state", ChoiceState),
            models.UniqueConstraint(fields=["application", "option"], name="an_option_once_per_application"),
            models.UniqueConstraint(
                fields=["application", "rank"],
                name="a_rank_once_per_application",
                deferrable=models.Deferrable.DEFERRED,  # while two choices change places, both have the same rank
            ),
            models.UniqueConstraint(
                fields=["application"], condition=Q(state__in=["offered", "accepted"]), name="one_place_per_application"
            ),
            models.CheckConstraint(condition=Q(rank__gte=1), name="ranks_begin_at_one"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="never_more_than_places",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Condition("NEW.state IN ('offered', 'accepted')"),
                declare=[("places_there", "integer"), ("places_taken", "integer")],
                func=NEVER_MORE_THAN_PLACES,
            )
        ]

    def __str__(self) -> str:
        return f"{self.rank}. {self.option}"
