"""What this room announces to the rooms below: tasks, deadlines, its list, and a section of each university's page."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, TextField, Value
from django.db.models.functions import MD5, Cast, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from members.models import University, User
from members.registries import SectionRow, UniversitySection
from notifications.catalogues import WatchedList
from notifications.registries import Deadline, Task
from policy.actions.events import WHEN_AND_WHERE
from policy.filters import EventFilter, events_for
from policy.models import Body, BodyMembership, Event, EventInvitation, Registration

SECTION_SHOWS = 6
DEADLINES_SHOWN = 40


def find_events(asker: Any, now: datetime) -> EventFilter:
    """The calendar as the page shows it to `asker`: a request, or somebody who watches the list."""
    rows = events_for(asker.user, now).annotate(what_matters=_what_matters())
    return EventFilter(asker.GET, rows, request=asker)


def _what_matters() -> MD5:
    """What those who registered are told of: whether it takes place, when and where. Short, because it is kept."""
    told = [part for column in ("state", *WHEN_AND_WHERE) for part in (Cast(column, TextField()), Value("|"))]
    return MD5(Concat(*told, output_field=TextField()))


def watched_events() -> WatchedList:
    """The list for saved searches: an event that one may see from now on, that is moved or cancelled, is news."""
    return WatchedList(
        key="events", label=gettext_lazy("Events"), room="policy", url_name="policy:event_list", find=find_events,
        mark="what_matters",
    )  # fmt: skip


def tasks(user: User, now: datetime) -> Iterator[Task]:
    """Invitations to answer, registrations to approve, drafts to publish; four queries at most."""
    if not user.is_authenticated:
        return
    yield from _invitations(user, now)
    kept = _run_by(user, now)
    if kept is not None:
        yield from _to_approve(kept, now)
        yield from _drafts(kept)


def _invitations(user: User, now: datetime) -> Iterator[Task]:
    open_ones = EventInvitation.objects.reaching(user, timezone.localdate(now)).filter(
        state=EventInvitation.State.OPEN, event__state=Event.State.PUBLISHED, event__ends_at__gte=now
    )
    for invitation in open_ones.select_related("event__host", "university", "seat__person", "seat__university"):
        yield Task(
            since=invitation.invited_at,
            title=_("Answer the invitation: %(event)s") % {"event": invitation.event.title},
            detail=_("As %(who)s; you can name somebody who comes instead") % {"who": invitation.invited},
            url=invitation.get_absolute_url(),
            room="policy",
            state=_("invited"),
            with_whom=invitation.event.where,
            due_at=invitation.event.last_moment,
            time_zone=invitation.event.time_zone,
        )


def _run_by(user: User, now: datetime) -> Any:
    """The events this person decides about; None for nobody's. The secretariat looks after those without a body."""
    chaired = BodyMembership.objects.filled_by(user, timezone.localdate(now)).filter(
        role__in=BodyMembership.Role.keeping
    )
    bodies = list(Body.objects.filter(pk__in=chaired.values("body")).values_list("pk", flat=True))
    # Not `kept_by`: the office of the host helps, but decides about nobody.
    found = Event.objects.filter(body__in=bodies)
    if user.has_perm("members.curate"):
        found |= Event.objects.filter(body__isnull=True)
    return found if bodies or user.has_perm("members.curate") else None


def _to_approve(kept: Any, now: datetime) -> Iterator[Task]:
    waiting = Registration.objects.filter(
        state=Registration.State.ASKED, event__in=kept.values("pk"), event__ends_at__gte=now
    )
    rows = waiting.order_by().values("event__slug", "event__title").annotate(n=Count("pk"), since=Min("asked_at"))
    for row in rows:
        yield Task(
            since=row["since"],
            title=ngettext("Approve a registration", "Approve %(n)d registrations", row["n"]) % {"n": row["n"]},
            detail=row["event__title"],
            url=f"{reverse('policy:registration_list', args=[row['event__slug']])}?state=asked",
            room="policy",
            state=_("waits for approval"),
        )


def _drafts(kept: Any) -> Iterator[Task]:
    for event in kept.filter(state=Event.State.DRAFT).select_related("host").order_by("starts_at"):
        yield Task(
            since=event.state_since,
            title=_("Publish the event: %(title)s") % {"title": event.title},
            detail=event.when,
            url=event.get_absolute_url(),
            room="policy",
            state=_("draft"),
            with_whom=event.where,
        )


def deadlines(user: Any, now: datetime) -> Iterator[Deadline]:
    """Until when one may register, for events `user` may see and is not registered for; two queries."""
    reader = user if user is not None else _nobody()
    # Only where a closing was set: until an event begins one may register without a deadline of its own.
    coming = Event.objects.visible_to(reader).open_for_registration(now).filter(registration_closes_at__isnull=False)
    mine = set()
    if reader.is_authenticated:
        mine = set(Registration.objects.live().filter(person=reader).values_list("event_id", flat=True))
    for event in coming.select_related("host").order_by("registration_closes_at")[:DEADLINES_SHOWN]:
        if event.pk in mine:
            continue
        yield Deadline(
            key=f"event-registration:{event.pk}", at=event.registration_closes_at, time_zone=event.time_zone,
            title=_("Registration closes: %(event)s") % {"event": event.title}, where=event.where,
            url=event.get_absolute_url(), room="policy", kind="registration",
            calendar_url=reverse("policy:event_calendar", args=[event.slug]),
        )  # fmt: skip


def _nobody() -> Any:
    from django.contrib.auth.models import AnonymousUser

    return AnonymousUser()


def section(university: University, user: Any, now: datetime) -> UniversitySection:
    """The coming events at a university, on its page."""
    coming = Event.objects.visible_to(user).shown().upcoming(now).filter(host=university)
    rows = list(coming.order_by("starts_at", "pk")[:SECTION_SHOWS])
    return UniversitySection(
        title=_("Events here"),
        room="policy",
        rows=[
            SectionRow(title=row.title, url=row.get_absolute_url(), detail=row.when, is_sample=row.is_sample)
            for row in rows
        ],
        total=len(rows) if len(rows) < SECTION_SHOWS else coming.count(),
        more_url=f"{reverse('policy:event_list')}?host={university.slug}",
        more_label=_("All events at %(host)s") % {"host": university.short_name},
    )
