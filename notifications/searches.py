"""Saved searches: keeping one, changing how one hears of it, and looking whether there is something new."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.acts import Refused, clean_or_refuse
from members.lists import Catalogue, words_of
from members.models import User
from notifications.actions import notify
from notifications.catalogues import Asker, WatchedList, watched_list
from notifications.models import Notice, SavedSearch, Topic

MOST_PER_PERSON = 100
MOST_MATCHES = 5000
NAMED = 10
LONGEST_DESCRIPTION = 300
NOT_SAVED = ("page", "export", "csrfmiddlewaretoken")


def tidy(query: str) -> str:
    """The narrowing and the sorting of an address, in a fixed order: equal searches are equal texts."""
    asked = QueryDict(query.lstrip("?"))
    pairs = QueryDict(mutable=True)
    for name in sorted(asked):
        # PostgreSQL keeps no NUL, and would refuse the search with it each time somebody looks.
        values = sorted({value for value in asked.getlist(name) if value and "\x00" not in value})
        if values and name not in NOT_SAVED:
            pairs.setlist(name, values)
    return pairs.urlencode()


@transaction.atomic
def save_search(*, search: SavedSearch, by: Any, now: datetime) -> SavedSearch:
    """Keep `search` as a search of `by`; what it finds now is known, only later finds are news.

    Raises Refused when it was saved before, when the list is unknown, and for the hundred-and-first.
    """
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)  # a button pressed twice queues here
    search.user, search.query, search.looked_at = by, tidy(search.query), now
    if watched_list(search.catalogue) is None:
        raise Refused(_("This list cannot be saved."))
    if SavedSearch.objects.filter(user=by).count() >= MOST_PER_PERSON:
        raise Refused(_("You have %(n)d saved searches; delete one first.") % {"n": MOST_PER_PERSON})
    search.seen, search.narrowed_to = matches(search, now), described(search, now)
    clean_or_refuse(search)
    search.save()
    return search


@transaction.atomic
def change_search(*, search: SavedSearch, now: datetime) -> SavedSearch:
    """Save a new name, rhythm or sharing. Who had not wanted to hear hears of what comes from now on."""
    stored = SavedSearch.objects.select_for_update().get(pk=search.pk)
    if watched_list(stored.catalogue) is None:
        raise Refused(_("The list of this search is no longer there; delete the search."))
    fields = ["name", "rhythm", "university"]
    if stored.rhythm == SavedSearch.Rhythm.NEVER and search.rhythm != stored.rhythm:
        search.seen, search.looked_at = matches(search, now), now
        fields += ["seen", "looked_at"]
    clean_or_refuse(search)
    search.save(update_fields=fields)
    return search


def matches(search: SavedSearch, now: datetime) -> dict[str, str]:
    """What the search finds at `now` for its owner: the keys of the rows with their marks; one query.

    Of a search that finds more than MOST_MATCHES the newest rows are kept: what comes in is among them.
    """
    watched = watched_list(search.catalogue)
    found = _found(search, watched, now).filtered().order_by("-pk")
    rows = found.values_list("pk", watched.mark or "pk")[:MOST_MATCHES]
    # Texts, because JSON has no other keys, and what is compared next time comes out of JSON.
    return {str(pk): str(mark) if watched.mark else "" for pk, mark in rows}


@transaction.atomic
def look_again(*, search: SavedSearch, now: datetime) -> int:
    """Tell the owner of what is new or changed since the last look; returns how many rows that were.

    The row is the lock: a second worker finds it taken and goes on. What was found and that it was told stand or fall
    together, so a job that is killed or runs twice tells nothing twice and forgets nothing.
    """
    held = SavedSearch.objects.select_for_update(of=("self",), skip_locked=True).due(now).filter(pk=search.pk)
    search = held.select_related("user").first()
    watched = watched_list(search.catalogue) if search else None
    if watched is None:
        return 0
    seen = matches(search, now)
    oldest_seen = min(map(int, search.seen)) if len(search.seen) >= MOST_MATCHES else 0
    # An older row than any that was seen only moved up into a full window, because a newer one went.
    news = [pk for pk, mark in seen.items() if search.seen.get(pk) != mark and int(pk) >= oldest_seen]
    changed = search.seen.keys() & {*news}
    search.seen, search.looked_at = seen, now
    if news:
        search.told, search.told_at = search.told + 1, now
        _tell(search, watched, news, changed, now)
    search.save(update_fields=["seen", "looked_at", "told", "told_at"])
    return len(news)


def _found(search: SavedSearch, watched: WatchedList, now: datetime) -> Catalogue:
    return watched.find(Asker(user=search.user, GET=QueryDict(search.query)), now)


def _tell(search: SavedSearch, watched: WatchedList, news: list[str], changed: set[str], now: datetime) -> None:
    rows = _found(search, watched, now).filtered().filter(pk__in=news[:NAMED]).order_by("pk")
    lines = [f"– {row} ({_('changed')})" if str(row.pk) in changed else f"– {row}" for row in rows]
    more = len(news) - len(lines)
    if more > 0:
        lines.append(ngettext("and %(n)d more", "and %(n)d more", more) % {"n": more})
    words = {"n": len(news), "name": search.name, "list": watched.label}
    subject = ngettext("One find in “%(name)s”", "%(n)d finds in “%(name)s”", len(news)) % words
    body = _("New or changed in your saved search in the list “%(list)s”:") % words
    notify(
        recipients=[search.user],
        topic=Topic.SEARCHES,
        subject=subject,
        body=f"{body}\n\n{chr(10).join(lines)}",
        key=f"search:{search.pk}:{search.told}",
        url=_way_back(search),
    )


def _way_back(search: SavedSearch) -> str:
    """The list as it was narrowed; one's searches where that is longer than a notice keeps of an address."""
    longest = Notice._meta.get_field("url").max_length
    return search.address if len(search.address) <= longest else reverse("notifications:search_list")


def described(search: SavedSearch, now: datetime) -> str:
    """What the search is narrowed to, in the words of its list; empty for the whole list."""
    words = words_of(_found(search, watched_list(search.catalogue), now))
    return ", ".join(words)[:LONGEST_DESCRIPTION]


def found_now(search: SavedSearch, now: datetime) -> int:
    """How many rows the search finds for its owner."""
    return _found(search, watched_list(search.catalogue), now).filtered().count()
