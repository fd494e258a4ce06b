"""Pages of universities that wait to be called correct, and their directory as a list that people watch.

The ground floor cannot announce that upwards by itself.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from members.filters import UniversityFilter
from members.models import Factsheet, Role, University, User
from members.models.universities import STALE_AFTER, unconfirmed_at
from notifications.catalogues import WatchedList
from notifications.registries import Task


def find_universities(asker: Any, now: datetime) -> UniversityFilter:
    """The directory as the page shows it; `asker` is somebody who watches the list."""
    day = timezone.localdate(now)
    rows = University.objects.visible_to(asker.user).with_kind(day).select_related("country")
    return UniversityFilter(asker.GET, queryset=rows, request=asker)


def watched_universities() -> WatchedList:
    """The list for saved searches: a university that is new in it is news."""
    return WatchedList(
        key="universities", label=gettext_lazy("Universities"), room="universities",
        url_name="members:university_list", find=find_universities,
    )  # fmt: skip


def tasks(user: User, now: datetime) -> Iterator[Task]:
    """Keepers confirm page and factsheet once a year; the secretariat looks after all of them. Three queries."""
    if not user.is_authenticated:
        return
    day = timezone.localdate(now)
    kept = [university.pk for university in user.universities_as(Role.OFFICIAL, Role.EXCHANGE, day=day)]
    if kept:
        for university in University.objects.visible_to(user).filter(pk__in=kept).stale(now):
            yield _confirm(university, university, _("Confirm your university's page"), now)
        stale = Factsheet.objects.filter(unconfirmed_at(now), university__in=kept, university__archived_at__isnull=True)
        for factsheet in stale.select_related("university"):
            yield _confirm(factsheet, factsheet.university, _("Confirm your factsheet"), now, "#factsheet")
    if user.has_perm("members.curate"):
        yield from _all_stale_pages(now)


def _confirm(page: University | Factsheet, university: University, title: str, now: datetime, part: str = "") -> Task:
    since = page.confirmed_at + STALE_AFTER if page.confirmed_at else None
    detail = _("Last confirmed more than a year ago.") if since else _("Nobody has confirmed it yet.")
    return Task(
        since=since or now,
        title=title,
        detail=detail,
        url=f"{university.get_absolute_url()}{part}",
        room="universities",
        state=_("to confirm"),
        with_whom=str(university),
    )


def _all_stale_pages(now: datetime) -> Iterator[Task]:
    present: Any = University.objects.in_consortium(timezone.localdate(now)).filter(archived_at__isnull=True)
    number = present.stale(now).count()
    if number:
        yield Task(
            since=now,
            title=ngettext("A page is unconfirmed", "%(n)d pages are unconfirmed", number) % {"n": number},
            detail=_("Nobody of the university called it right in the last twelve months."),
            url=f"{reverse('members:university_quality')}?gap=profile",
            room="universities",
            state=_("to look after"),
        )
