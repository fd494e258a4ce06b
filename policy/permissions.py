"""Who may do what with bodies and events. The only place that says so for this room.

Each predicate's docstring is the policy. What may be seen stands in the `visible_to` of events and materials.
"""

from typing import Any

import rules
from django.utils import timezone

from members.models import User
from members.permissions import curates
from policy.models import Body, BodyMembership, Event, EventInvitation
from policy.models.events import HOST_DESK


def seats_of(user: User) -> list[BodyMembership]:
    """The seats `user` fills today, read once per request."""
    if "policy_seats" not in user.__dict__:
        day = timezone.localdate()
        user.__dict__["policy_seats"] = list(BodyMembership.objects.filled_by(user, day).select_related("body"))
    return user.__dict__["policy_seats"]


def bodies_kept_by(user: User) -> list[Body]:
    """The bodies that `user` chairs or is secretary of today."""
    return [seat.body for seat in seats_of(user) if seat.role in BodyMembership.Role.keeping]


@rules.predicate
def keeps_the_body(user: User, thing: Any = None) -> bool:
    """Chair and secretary of the body run its events; without a thing: of any body."""
    if not user.is_authenticated:
        return False
    kept = {body.pk for body in bodies_kept_by(user)}
    if thing is None:
        return bool(kept)
    return (thing.pk if isinstance(thing, Body) else thing.body_id) in kept


@rules.predicate
def chairs_the_body(user: User, body: Body | None = None) -> bool:
    """The chair names who sits in the body."""
    if not user.is_authenticated or body is None:
        return False
    return any(seat.body_id == body.pk and seat.role == BodyMembership.Role.CHAIR for seat in seats_of(user))


@rules.predicate
def hosts_the_event(user: User, event: Event | None = None) -> bool:
    """The exchange office and the official of the host university look after place, hours and programme."""
    if not user.is_authenticated or event is None or not event.host_id:
        return False
    return any(host.pk == event.host_id for host in user.universities_as(*HOST_DESK))


@rules.predicate
def sees_the_event(user: User, event: Event | None = None) -> bool:
    """Whoever has an account and may see the event."""
    # By the same set as the lists: a second rule for one event would part from it one day.
    return event is not None and user.is_authenticated and Event.objects.visible_to(user).filter(pk=event.pk).exists()


@rules.predicate
def is_invited(user: User, invitation: EventInvitation | None = None) -> bool:
    """Whoever holds the invited mandate, or fills the invited seat, today; a deputy too."""
    if not user.is_authenticated or invitation is None:
        return False
    return any(person.pk == user.pk for person in invitation.people(timezone.localdate()))


runs_the_event = keeps_the_body | curates

rules.add_perm("policy.add_event", runs_the_event)
rules.add_perm("policy.edit_event", runs_the_event)
rules.add_perm("policy.edit_practical", runs_the_event | hosts_the_event)
rules.add_perm("policy.see_registrations", runs_the_event | hosts_the_event)
rules.add_perm("policy.decide_registration", runs_the_event)
rules.add_perm("policy.invite", runs_the_event)
rules.add_perm("policy.answer_invitation", is_invited)
rules.add_perm("policy.register", sees_the_event)
rules.add_perm("policy.edit_body_members", chairs_the_body | curates)
