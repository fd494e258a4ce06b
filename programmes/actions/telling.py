"""Writing down who did what to a programme, and telling those who work on it."""

from typing import Any

from django.db.models import Q
from django.utils import timezone

from members.acts import record
from members.models import Mandate, Role, User
from notifications.actions import notify
from notifications.models import Topic
from programmes.models import Programme


def note(kind: str, programme: Programme, *, by: User, **more: Any) -> None:
    """One line of the programme's timeline; who acts as a deputy does so on the holder's behalf."""
    places = {partner.university_id for partner in programme.partners.all()}
    used = [m for m in by.mandates_on(timezone.localdate()) if m.role == Role.DIRECTOR and m.university_id in places]
    behalf = used[0].on_behalf_of(by) if used else None
    record(f"programme.{kind}", programme, by=by, on_behalf_of=behalf, **more)


def tell_secretariat(programme: Programme, *, subject: str, body: str, key: str, url: str) -> None:
    _tell(Q(role=Role.SECRETARIAT), None, subject=subject, body=body, key=key, url=url)


def tell_directors(programme: Programme, *, but: User, subject: str, body: str, key: str, url: str) -> None:
    """The directors of all partner universities, except who did it."""
    places = programme.partners.values("university")
    _tell(Q(role=Role.DIRECTOR, university__in=places), but, subject=subject, body=body, key=key, url=url)


def _tell(held: Q, but: User | None, **words: str) -> None:
    """Tell holders and their deputies of today, each once."""
    day = timezone.localdate()
    mandates = Mandate.objects.in_force(day).filter(held).select_related("person", "deputy")
    # A set: somebody may be director at two partners, or deputy of two directors.
    able = {p for m in mandates for p in (m.person, m.deputy) if p is not None and m.may_be_used_by(p, day)}
    notify(recipients=able - {but}, topic=Topic.CATALOGUE, **words)
