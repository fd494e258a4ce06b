"""What this room tells the others: who has to do something with a practice, its list, and what a university shares."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from members.models import University
from members.registries import SectionRow, UniversitySection
from notifications.catalogues import WatchedList
from notifications.registries import Task
from practices.filters import PracticeFilter, catalogue
from practices.models import Practice, PracticeVersion

ROOM = "practices"
SECTION_ROWS = 6
MOST_TASKS = 50
State = PracticeVersion.State


def find_practices(asker: Any, now: datetime) -> PracticeFilter:
    """The catalogue as the page shows it; `asker` is a request or somebody who watches the list."""
    return PracticeFilter(asker.GET, queryset=catalogue(), request=asker)


def watched_practices() -> WatchedList:
    """The list for saved searches: a practice that is published is news, and each version of it that is."""
    return WatchedList(
        key="practices", label=gettext_lazy("Practices"), room=ROOM, url_name="practices:practice_list",
        find=find_practices, mark="published_at",
    )  # fmt: skip


def tasks_for(user: Any, now: datetime) -> Iterator[Task]:
    """Changes to answer and refusals to read for who keeps a practice, versions to judge for curators: two queries."""
    if not user.is_authenticated:
        return
    if user.has_perm("practices.add_practice"):
        yield from _to_change(user)
    if user.has_perm("practices.curate_practice"):
        yield from _to_judge(user)


def _to_change(user: Any) -> Iterator[Task]:
    own = Practice.objects.written_by(user).exclude(state=Practice.State.ARCHIVED)
    asked = own.filter(latest__state=State.CHANGES_ASKED).select_related("latest", "university")
    for practice in asked.order_by("latest__state_since")[:MOST_TASKS]:
        yield Task(
            since=practice.latest.state_since,
            title=_("Change what the curators ask for"),
            detail=practice.latest.title,
            url=reverse("practices:practice_edit", args=[practice.reference]),
            room=ROOM,
            state=str(practice.latest.get_state_display()),
            with_whom=_("Curators"),
        )


def _to_judge(user: Any) -> Iterator[Task]:
    waiting = Practice.objects.to_curate_for(user).select_related("latest", "university")
    for practice in waiting.order_by("latest__state_since")[:MOST_TASKS]:
        yield Task(
            since=practice.latest.state_since,
            title=_("Judge a practice"),
            detail=practice.latest.title,
            url=reverse("practices:practice_curate", args=[practice.reference]),
            room=ROOM,
            state=str(practice.latest.get_state_display()),
            with_whom=practice.university.short_name,
        )


def section_of(university: University, user: Any, now: datetime) -> UniversitySection:
    """The published practices of a university, the most adopted first."""
    shared = Practice.objects.published().filter(university=university)
    rows = shared.with_adopters().select_related("live").order_by("-adopters", "-published_at")[:SECTION_ROWS]
    return UniversitySection(
        title=_("Practices"),
        room=ROOM,
        rows=[
            SectionRow(
                title=practice.live.title,
                url=practice.get_absolute_url(),
                detail=_detail(practice),
                is_sample=practice.is_sample,
            )
            for practice in rows
        ],
        total=shared.count(),
        more_url=f"{reverse('practices:practice_list')}?university={university.slug}",
        more_label=_("All practices of %(university)s") % {"university": university.short_name},
    )


def _detail(practice: Practice) -> str:
    adopted = ngettext("adopted by %(n)d university", "adopted by %(n)d universities", practice.adopters)
    told = adopted % {"n": practice.adopters} if practice.adopters else _("not adopted yet")
    return f"{practice.live.get_maturity_display()} · {told}"
