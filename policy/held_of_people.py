"""What this room holds of a person: seats, registrations with their answers, answered invitations, files."""

from datetime import datetime
from typing import Any

from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.kept import ERASED
from members.personal_data import Holding, blank_history, register_personal_data, told
from policy import actions
from policy.kept import forget_reasons, forget_words
from policy.models import BodyMembership, EventInvitation, Material, Registration


def seat_rows(user: Any) -> list[dict[str, Any]]:
    return told(
        BodyMembership.objects.filter(person=user), body="body__name", role="role", university="university__name",
        starts_on="starts_on", ends_on="ends_on", note="note",
    )  # fmt: skip


def registration_rows(user: Any) -> list[dict[str, Any]]:
    mine = Registration.objects.filter(person=user)
    return told(
        mine, event="event__title", begins="event__starts_at", state="state", asked_at="asked_at", answers="answers",
        reason="reason",
    )  # fmt: skip


def erase_registrations(user: Any, now: datetime) -> int:
    """Places still to come go to who waits; answers and reasons go, from the rows and from their history."""
    mine = Registration.objects.filter(person=user)
    coming = mine.live().filter(event__starts_at__gt=now, event__state="published").select_related("event", "person")
    for registration in coming.order_by("event", "pk"):
        if registration.can("cancel"):
            actions.leave(registration=registration, by=user, now=now)
    # After the places were given back: leaving writes to the row and to its history once more.
    keys = list(mine.values_list("pk", flat=True))
    gone = Registration.objects.filter(pk__in=keys)
    gone.update(answers={})
    gone.exclude(reason="").update(reason=gettext(ERASED))  # the database wants one where somebody was refused
    blank_history(Registration, keys, answers={}, reason="")
    forget_reasons(Registration, keys)
    return len(keys)


def _invitations(user: Any) -> Any:
    return EventInvitation.objects.filter(Q(answered_by=user) | Q(delegate=user))


def invitation_rows(user: Any) -> list[dict[str, Any]]:
    """The words only to who wrote them: a delegate never saw what was said to the organisers."""
    own = Case(When(answered_by=user, then=F("words")), default=Value(""))
    return told(
        _invitations(user).annotate(own_words=own), event="event__title", role="role", university="university__name",
        answer="state", answered_at="answered_at", words="own_words",
    )  # fmt: skip


def erase_words(user: Any, now: datetime) -> int:
    mine = EventInvitation.objects.filter(answered_by=user)
    keys = list(mine.values_list("pk", flat=True))
    forget_words(keys, mine)
    return len(keys)


def material_rows(user: Any) -> list[dict[str, Any]]:
    return told(
        Material.objects.filter(uploaded_by=user), event="event__title", title="title", uploaded_at="uploaded_at"
    )


def register() -> None:
    register_personal_data(
        Holding(
            key="seats", title=_("Your seats in bodies of the consortium"), rows=seat_rows,
            purpose=_("Say who decided and worked where, and when."),
            afterwards=_("They stay without your name: decisions rest on who sat there."),
            count=lambda user: BodyMembership.objects.filter(person=user).count(),
        ),
        Holding(
            key="registrations", title=_("Your registrations for events"), rows=registration_rows,
            erase=erase_registrations, purpose=_("The organisers prepare the event by them."),
            afterwards=_("Your answers and what was answered to you are deleted, and places still to come are given "
                         "back. That somebody came stays, without your name."),
            count=lambda user: Registration.objects.filter(person=user).count(),
        ),
        Holding(
            key="event-invitations", title=_("Invitations to events that you answered"), rows=invitation_rows,
            erase=erase_words, purpose=_("The organisers know who comes for which university."),
            afterwards=_("Your words are deleted; the answer of the university stays without your name."),
            count=lambda user: _invitations(user).count(),
        ),
        Holding(
            key="event-materials", title=_("Files you handed out at events"), rows=material_rows,
            purpose=_("Participants read them."),
            afterwards=_("They belong to the event and stay without your name."),
            count=lambda user: Material.objects.filter(uploaded_by=user).count(),
        ),
    )  # fmt: skip
