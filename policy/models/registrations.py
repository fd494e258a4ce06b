"""Who comes: one row per person and event, its states, and the database's last word on places."""

import uuid

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext_lazy as _

from members.acts import Machine
from members.constraints import only_choices
from members.models import University
from policy.models.events import Event
from policy.models.invitations import EventInvitation


class RegistrationState(models.TextChoices):
    ASKED = "asked", _("Waits for approval")
    APPROVED = "approved", _("Comes")
    WAITING = "waiting", _("On the waiting list")
    REFUSED = "refused", _("Not accepted")
    CANCELLED = "cancelled", _("Cancelled")
    ATTENDED = "attended", _("Was there")


RegistrationState.holding_a_place = (RegistrationState.APPROVED, RegistrationState.ATTENDED)
RegistrationState.live = (
    RegistrationState.ASKED, RegistrationState.APPROVED, RegistrationState.WAITING, RegistrationState.ATTENDED,
)  # fmt: skip

# The lock on the event comes before the count: two who take the last place at once would each count it as free.
NEVER_MORE_THAN_THE_QUOTA = """
    SELECT quota INTO places_there FROM policy_event WHERE id = NEW.event_id FOR NO KEY UPDATE;
    IF places_there IS NULL THEN
        RETURN NEW;
    END IF;
    SELECT count(*) INTO places_taken FROM policy_registration
     WHERE event_id = NEW.event_id AND state IN ('approved', 'attended') AND id <> NEW.id;
    IF places_taken + 1 > places_there THEN
        RAISE EXCEPTION 'event % has % places and all are taken', NEW.event_id, places_there
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a_seat_is_never_given_twice';
    END IF;
    RETURN NEW;
"""


class RegistrationQuerySet(models.QuerySet):
    def live(self) -> "RegistrationQuerySet":
        return self.filter(state__in=RegistrationState.live)

    def holding_a_place(self) -> "RegistrationQuerySet":
        return self.filter(state__in=RegistrationState.holding_a_place)

    def waiting(self) -> "RegistrationQuerySet":
        """The waiting list, the next in line first."""
        return self.filter(state=RegistrationState.WAITING).order_by("line", "pk")

    def by_turn(self) -> "RegistrationQuerySet":
        """Annotate `rank`: first who waits for an answer, then the waiting list, then who comes, at last the others."""
        order = (
            RegistrationState.ASKED, RegistrationState.WAITING, RegistrationState.APPROVED, RegistrationState.ATTENDED,
        )  # fmt: skip
        whens = [When(state=state, then=Value(rank)) for rank, state in enumerate(order)]
        return self.annotate(rank=Case(*whens, default=Value(len(whens))))


@pghistory.track()
class Registration(Machine):
    """One person and one event; `line` orders the waiting list, the smallest number moves up first."""

    State = RegistrationState

    TRANSITIONS = {
        "approve": ({State.ASKED}, State.APPROVED),
        "queue": ({State.ASKED}, State.WAITING),
        "move_up": ({State.WAITING}, State.APPROVED),
        "refuse": ({State.ASKED, State.WAITING}, State.REFUSED),
        "cancel": ({State.ASKED, State.WAITING, State.APPROVED}, State.CANCELLED),
        "ask_again": ({State.CANCELLED, State.REFUSED}, State.ASKED),
        "attend": ({State.APPROVED}, State.ATTENDED),
        "unattend": ({State.ATTENDED}, State.APPROVED),
    }

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="registrations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="registrations")
    university = models.ForeignKey(
        University, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("for")
    )
    invitation = models.ForeignKey(
        EventInvitation, on_delete=models.PROTECT, null=True, blank=True, related_name="registrations"
    )
    state = models.CharField(max_length=10, choices=RegistrationState, default=RegistrationState.ASKED)
    state_since = models.DateTimeField()
    asked_at = models.DateTimeField()
    line = models.IntegerField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    answers = models.JSONField(default=dict, blank=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        ordering = ["event", "asked_at", "pk"]
        verbose_name, verbose_name_plural = _("registration"), _("registrations")
        indexes = [
            models.Index(fields=["event", "state"], name="registration_of_an_event"),
            models.Index(fields=["person"], name="registration_of_a_person"),
        ]
        constraints = [
            only_choices("state", RegistrationState),
            # Whatever its state: who cancels and asks again takes the same row, so that a refusal is not forgotten.
            models.UniqueConstraint(
                fields=["event", "person"],
                name="a_person_registers_once",
                violation_error_message=_("This person is registered already."),
            ),
            models.UniqueConstraint(
                fields=["event", "line"], condition=Q(state="waiting"), name="everybody_waits_in_line"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", line__isnull=False) | (~Q(state="waiting") & Q(line__isnull=True)),
                name="who_waits_has_a_place_in_line",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""),
                name="a_refused_registration_says_why",
                violation_error_message=_("Say why; the person reads it."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="never_more_than_the_quota",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Condition("NEW.state IN ('approved', 'attended')"),
                declare=[("places_there", "integer"), ("places_taken", "integer")],
                func=NEVER_MORE_THAN_THE_QUOTA,
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.event}"

    @property
    def tone(self) -> str:
        """How its state is drawn."""
        tones = {"approved": "ok", "attended": "ok", "waiting": "wait", "asked": "wait"}
        return tones.get(self.state, "quiet")

    @property
    def is_live(self) -> bool:
        return self.state in RegistrationState.live


def next_in_line(event: Event, *, first: bool = False) -> int:
    """The number behind the last who waits, or before the first; call it under the lock of the event's row."""
    waiting = Registration.objects.filter(event=event, line__isnull=False)
    at = waiting.order_by("line" if first else "-line").values_list("line", flat=True).first()
    if at is None:
        return 0
    return at - 1 if first else at + 1
