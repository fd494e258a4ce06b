"""What this room announces to the rooms below: tasks on the dashboard, deadlines on home, dashboard and calendar."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from funding.filters import CallFilter, calls_at
from funding.models import Call, CallFollow, CallStage
from members.history import last_change_of
from members.models import User
from notifications.catalogues import WatchedList
from notifications.registries import Deadline, Task


def find_calls(asker: Any, now: datetime) -> CallFilter:
    """The catalogue as the page shows it; `asker` is a request or somebody who watches the list."""
    return CallFilter(asker.GET, queryset=calls_at(now), request=asker)


def watched_calls() -> WatchedList:
    """The list for saved searches: a change in something that matters is news."""
    return WatchedList(
        key="calls", label=gettext_lazy("Funding calls"), room="funding", url_name="funding:call_list",
        find=find_calls, mark="news_at",
    )  # fmt: skip


def tasks(user: User, now: datetime) -> Iterator[Task]:
    """Proposed calls to look through, for the secretariat; drafts to finish, for grant offices. Two queries at most."""
    if not user.is_authenticated:
        return
    if user.has_perm("funding.publish_call"):
        yield from _proposed()
    # A person may sit at both desks, and has then both kinds of task.
    if offices := user.universities_as(*Call.DESK, day=localdate(now)):
        yield from _drafts(offices)


def _proposed() -> Iterator[Task]:
    rows = Call.objects.filter(state=Call.State.PROPOSED).select_related("office", "programme").order_by("state_since")
    for call in rows[:20]:
        yield Task(
            since=call.state_since,
            title=_("Look through a proposed call"),
            detail=call.title,
            url=call.get_absolute_url(),
            room="funding",
            state=_("proposed"),
            with_whom=call.office.short_name if call.office else "",
        )


def _drafts(offices: list[Any]) -> Iterator[Task]:
    rows = Call.objects.filter(state=Call.State.DRAFT, office__in=offices).select_related("office")
    for call in rows.order_by("state_since")[:20]:
        yield Task(
            since=call.state_since,
            title=_("Finish your call and propose it"),
            detail=call.title,
            url=call.get_absolute_url(),
            room="funding",
            state=_("draft"),
            with_whom=call.office.short_name,
        )


def deadlines(user: Any, now: datetime) -> Iterable[Deadline]:
    """Deadlines of published calls: of open ones for the public, of those one follows for people who are signed in.

    One query.
    """
    stages = CallStage.objects.filter(call__state=Call.State.PUBLISHED, deadline__gt=now)
    if user is not None and user.is_authenticated:
        stages = stages.filter(Exists(CallFollow.objects.filter(call=OuterRef("call"), user=user.pk)))
    else:
        # The public board shows what one can answer now; what comes is in the catalogue.
        stages = stages.filter(Q(opens_at__isnull=True) | Q(opens_at__lte=now))
    stages = stages.annotate(changed_at=last_change_of(CallStage))
    for stage in stages.select_related("call__programme").order_by("deadline", "pk")[:200]:
        yield Deadline(
            key=stage.deadline_key,
            at=stage.deadline,
            time_zone=stage.time_zone,
            title=stage.call.title,
            where=stage.call.programme.framework,
            url=stage.call.get_absolute_url(),
            room="funding",
            kind="call",
            calendar_url=reverse("funding:call_calendar", args=[stage.call.slug]),
            changed_at=stage.changed_at,
        )
