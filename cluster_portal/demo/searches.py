"""Searches that people of the demo keep, in the lists of several rooms."""

from collections.abc import Callable
from datetime import datetime

from cluster_portal.demo.world import World
from members.models import User
from notifications import searches
from notifications.models import SavedSearch

SEARCHES = (
    ("grants.kth", "calls", "Open calls on energy and engineering", "field=07&status=open", "at_once", "kth"),
    ("grants.kth", "calls", "Doctoral networks", "action=msca", "weekly", ""),
    ("grants.aalto", "calls", "Everything in Erasmus+", "framework=Erasmus%2B", "daily", "aalto"),
    ("grants.upc", "calls", "Calls that open soon", "status=forthcoming", "daily", ""),
    ("head.kuleuven", "calls", "Large budgets", "sort=budget&status=open", "weekly", ""),
    ("director.polito", "calls", "Joint masters", "line=E%2B-EMJM", "never", ""),
    ("head.kuleuven", "events", "Meetings I can still register for", "open=yes&when=0", "weekly", ""),
    ("student.kth", "events", "What is coming", "when=0", "daily", ""),
    (
        "director.polito",
        "practices",
        "Teaching that others already took over",
        "adopted=yes&pillar=education",
        "weekly",
        "",
    ),
    ("coordinator.kth", "practices", "Campus development", "pillar=campus_development", "daily", "kth"),
)


def make(world: World) -> None:
    """Saved a few days ago; what came since was told by the clock."""
    for key, catalogue, name, query, rhythm, slug in SEARCHES:
        person, shared = world.people[key], world.universities.get(slug)
        search = SavedSearch(catalogue=catalogue, query=query, name=name, rhythm=rhythm, university=shared)
        world.diary.plan(world.calendar.at(-1, 8), _saving(search, person))
    world.diary.play()


def _saving(search: SavedSearch, person: User) -> Callable[[datetime], object]:
    return lambda at: searches.save_search(search=search, by=person, now=at)
