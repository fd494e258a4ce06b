"""What the page of one event says: whose turn it is, when on both clocks, programme, materials, who comes."""

from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.models import Act
from policy import turns
from policy.models import Event, EventInvitation, Material, ProgrammeItem, Registration

SERIES_SHOWS = 12


def page(event: Event, user: Any, now: datetime) -> dict[str, Any]:
    """The context of the detail page for `user` at `now`; the event carries `taken` and `queued`."""
    registration = own_registration(event, user)
    runs = user.has_perm("policy.edit_event", event)
    helps = runs or user.has_perm("policy.edit_practical", event)
    invitation = own_invitation(event, user, now)
    return {
        "event": event,
        "registration": registration,
        "invitation": invitation,
        "turn": turns.of(event, user, now, registration=registration, invitation=invitation, runs=runs),
        "days": programme_by_day(event),
        "materials": list(Material.objects.visible_to(user).filter(event=event).select_related("event")),
        "may_join": helps or (registration is not None and registration.state in Registration.State.holding_a_place),
        "shows_places": event.takes_registrations and event.quota and event.state == Event.State.PUBLISHED,
        "runs": runs,
        "helps": helps,
        "is_over": event.is_over(now),
        "registration_is_open": event.is_registration_open(now),
        "steps": timeline(event) if helps else [],
    }


def own_registration(event: Event, user: Any) -> Registration | None:
    if not user.is_authenticated:
        return None
    return Registration.objects.filter(event=event, person=user).first()


def own_invitation(event: Event, user: Any, now: datetime) -> EventInvitation | None:
    """The invitation this person may answer today, an unanswered one first."""
    if not user.is_authenticated:
        return None
    mine = EventInvitation.objects.standing().reaching(user, timezone.localdate(now)).filter(event=event)
    found = list(mine.select_related("university", "seat__person", "seat__university", "delegate"))
    return min(found, key=lambda one: not one.is_open, default=None)


def may_join_online(event: Event, user: Any) -> bool:
    """Whether the link to take part is shown: to who has a place, and to organisers."""
    if user.has_perm("policy.edit_practical", event):
        return True
    registration = own_registration(event, user)
    return registration is not None and registration.state in Registration.State.holding_a_place


def programme_by_day(event: Event) -> list[dict[str, Any]]:
    """The programme, day by day on the event's clock, each hour also on the reader's where that differs."""
    items = list(event.programme.all())
    # The model sorts them by their hour, which groupby relies on.
    by_day = groupby(items, key=lambda item: item.starts_at.astimezone(event.zone).date())
    return [{"day": day, "items_of_day": [_line(item, event, day) for item in group]} for day, group in by_day]


def _line(item: ProgrammeItem, event: Event, day: date) -> dict[str, Any]:
    reader = timezone.get_current_timezone()
    there, here = _span(item, event.zone), _span(item, reader)
    starts_here = item.starts_at.astimezone(reader)
    # An hour of the evening in Leuven may be the next morning for a reader in Shanghai.
    if starts_here.date() != day:
        here = f"{date_format(starts_here, 'j M')}, {here}"
    return {
        "hours": there,
        "for_reader": "" if there == here else _("%(time)s for you") % {"time": here},
        "title": item.title,
        "speaker": item.speaker,
        "room": item.room,
    }


def _span(item: ProgrammeItem, zone: Any) -> str:
    first = date_format(item.starts_at.astimezone(zone), "H:i")
    return f"{first}–{date_format(item.ends_at.astimezone(zone), 'H:i')}" if item.ends_at else first


WORDS = {
    "event.added": gettext_lazy("Added"),
    "event.changed": gettext_lazy("Changed"),
    "event.publish": gettext_lazy("Published"),
    "event.cancel": gettext_lazy("Cancelled"),
    "event.archive": gettext_lazy("Archived"),
    "event.restore": gettext_lazy("Taken out of the archive"),
    "event.invited": gettext_lazy("Invited"),
    "material.added": gettext_lazy("Material added"),
    "material.removed": gettext_lazy("Material removed"),
}


def timeline(event: Event) -> list[dict[str, Any]]:
    """What happened to it, newest last; for organisers."""
    return [
        {
            "label": str(WORDS.get(act.kind, act.kind)),
            "state": "done",
            "at": act.at,
            "by": _by(act),
            "detail": act.reason or _detail(act),
        }
        for act in Act.objects.about(event)
    ]


def _by(act: Act) -> str:
    """Who did it; of a deputy also for whom."""
    name = act.actor.get_full_name() if act.actor else ""
    return _("%(person)s for %(other)s") % {"person": name, "other": act.on_behalf_of} if act.on_behalf_of else name


def _detail(act: Act) -> str:
    if "fields" in act.details:
        return ", ".join(str(Event._meta.get_field(name).verbose_name) for name in act.details["fields"])
    return str(act.details.get("what", ""))
