"""Invitations go to mandates and seats; whoever holds them on the day accepts, declines, or names a delegate."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import models, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from members.acts import Refused
from members.models import University, User
from policy.actions import telling
from policy.actions.guards import hold, log, refuse_when_over, step
from policy.actions.registering import register_invited
from policy.actions.waiting import fill_free_places
from policy.models import Body, BodyMembership, Event, EventInvitation, Registration

States = EventInvitation.State


@transaction.atomic
def invite_role(
    *, event: Event, role: str, universities: Collection[University], by: User, now: datetime
) -> list[EventInvitation]:
    """Invite whoever holds `role` at each of `universities`; who is invited already is not invited twice.

    Returns the new invitations, those taken back earlier among them. Raises Refused for an event nobody can come to.
    """
    event = hold(event)  # a cancellation tells the invitations it finds: none may come in behind its back
    _refuse_unless_published(event, now)
    wanted = [EventInvitation(event=event, role=role, university=university) for university in universities]
    known = EventInvitation.objects.filter(event=event, role=role, university__in=universities)
    return _invite(event, wanted, {one.university_id: one for one in known}, "university_id", by=by, now=now)


@transaction.atomic
def invite_body(*, event: Event, body: Body, by: User, now: datetime) -> list[EventInvitation]:
    """Invite everybody who sits in `body` on the day of `now`, each by the seat; see `invite_role`."""
    event = hold(event)
    _refuse_unless_published(event, now)
    seats = BodyMembership.objects.in_force(localdate(now)).filter(body=body).select_related("person", "university")
    wanted = [EventInvitation(event=event, seat=seat) for seat in seats.in_rank()]
    known = EventInvitation.objects.filter(event=event, seat__body=body)
    return _invite(event, wanted, {one.seat_id: one for one in known}, "seat_id", by=by, now=now)


def _invite(
    event: Event,
    wanted: Sequence[EventInvitation],
    known: dict[int, EventInvitation],
    key: str,
    *,
    by: User,
    now: datetime,
) -> list[EventInvitation]:
    made = []
    for invitation in wanted:
        there = known.get(getattr(invitation, key))
        if there is not None:
            unanswered = {"answered_at": None, "answered_by": None, "delegate": None, "words": ""}
            if there.move("invite_again", invited_at=now, invited_by=by, **unanswered):
                made.append(there)
            continue
        invitation.invited_at, invitation.invited_by = now, by
        invitation.save()
        made.append(invitation)
    for invitation in made:
        log("invitation.sent", invitation, by=by, event=event, after=invitation.state)
        telling.invited(invitation, now)
    if made:
        log("event.invited", event, by=by, event=event, details={"what": ", ".join(i.invited for i in made)[:400]})
    return made


@transaction.atomic
def withdraw_invitation(*, invitation: EventInvitation, by: User, now: datetime) -> EventInvitation:
    """Take an invitation back; who registered by it keeps the registration."""
    # Without the lock of the event: no place changes hands by it.
    before = invitation.state
    if not invitation.move("withdraw"):
        raise Refused(_("This invitation was taken back already."))
    log("invitation.withdrawn", invitation, by=by, event=invitation.event, before=before, after=invitation.state)
    return invitation


@transaction.atomic
def accept(*, invitation: EventInvitation, by: User, now: datetime, words: str = "") -> Registration:
    """Accept for oneself: registers at once, without approval. Raises Refused when the event is over or cancelled."""
    # The event before the invitation: the order of locks (policy/actions/__init__.py).
    hold(invitation.event)
    _answer(invitation, "accept", by=by, now=now, words=words, delegate=None)
    return register_invited(invitation=invitation, person=by, by=by, now=now)


@transaction.atomic
def decline(*, invitation: EventInvitation, by: User, now: datetime, words: str = "") -> EventInvitation:
    """Decline; whoever was registered by this invitation gives the place up, and the next in line moves up.

    Raises Refused when the event is over or cancelled: who was there was there.
    """
    event = hold(invitation.event)
    refuse_when_over(event, now)
    _answer(invitation, "decline", by=by, now=now, words=words, delegate=None)
    _free_the_seat(invitation, event, by=by, now=now)
    fill_free_places(event=event, now=now)
    return invitation


@transaction.atomic
def delegate(*, invitation: EventInvitation, delegate: User, by: User, now: datetime, words: str = "") -> Registration:
    """Name who comes instead: somebody who holds a mandate at the same university today; that person is registered.

    Raises Refused for oneself, for somebody of another university, and when the event is over or cancelled.
    """
    event = hold(invitation.event)
    if delegate.pk == by.pk:
        raise Refused(_("You cannot be your own delegate; accept the invitation instead."))
    if delegate not in possible_delegates(invitation, now):
        raise Refused(_("Choose somebody who acts for the same university today."))
    _answer(invitation, "delegate", by=by, now=now, words=words, delegate=delegate)
    _free_the_seat(invitation, event, by=by, now=now, but=delegate)
    registration = register_invited(invitation=invitation, person=delegate, by=by, now=now)
    # Only now: the place that was given up is for the delegate; what is left over goes to who waits.
    fill_free_places(event=event, now=now)
    registration.refresh_from_db()
    telling.delegated(invitation, by=by)
    return registration


def possible_delegates(invitation: EventInvitation, now: datetime) -> models.QuerySet[User]:
    """Everybody who holds a mandate at the invited university on the day of `now`; nobody for a seat without one."""
    from members.models import Mandate

    held = Mandate.objects.in_force(localdate(now)).filter(university=invitation.home, university__isnull=False)
    return User.objects.filter(is_active=True, pk__in=held.values("person")).order_by("family_name", "given_name", "pk")


def _answer(
    invitation: EventInvitation, transition: str, *, by: User, now: datetime, words: str, delegate: User | None
) -> None:
    before = invitation.state
    changes = {"answered_at": now, "answered_by": by, "words": words.strip(), "delegate": delegate}
    if not invitation.move(transition, **changes):
        raise Refused(_("This invitation was answered, or taken back, meanwhile."))
    log(
        f"invitation.{invitation.state}", invitation, by=by, event=invitation.event, before=before,
        after=invitation.state, reason=words.strip(),
    )  # fmt: skip
    telling.answered(invitation, now)


def _free_the_seat(
    invitation: EventInvitation, event: Event, *, by: User, now: datetime, but: User | None = None
) -> None:
    """Cancel what this invitation had registered, except for `but`; the caller fills the places that come free.

    A deputy may undo what the holder answered, and the holder a delegation: whoever loses a place that way is told.
    """
    held = Registration.objects.live().filter(invitation=invitation).select_related("person")
    for registration in held.exclude(person=but) if but else held:
        registration.event = event
        # Who was noted as present stays so, whatever is answered afterwards.
        if not registration.can("cancel"):
            continue
        before = registration.state
        step(registration, "cancel", now=now, line=None)
        log("registration.cancelled", registration, by=by, event=event, before=before, after=registration.state)
        if registration.person_id != by.pk:
            telling.left(registration, by=by)


def _refuse_unless_published(event: Event, now: datetime) -> None:
    if event.state != Event.State.PUBLISHED or event.is_over(now):
        raise Refused(_("People can be invited once the event is published, and until it is over."))
