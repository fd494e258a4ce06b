"""What the style page draws its parts with: invented words, real cities."""

from datetime import timedelta
from types import SimpleNamespace

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator

from members import maps
from members.models import User

CITIES = [
    ("aalto", "Espoo", 60.18, 24.83),
    ("kth", "Stockholm", 59.35, 18.07),
    ("tcd", "Dublin", 53.34, -6.25),
    ("tue", "Eindhoven", 51.45, 5.49),
    ("kuleuven", "Leuven", 50.88, 4.70),
    ("uclouvain", "Louvain-la-Neuve", 50.67, 4.61),
    ("tuda", "Darmstadt", 49.87, 8.66),
    ("kit", "Karlsruhe", 49.01, 8.41),
    ("grenoble", "Grenoble", 45.19, 5.77),
    ("polito", "Torino", 45.06, 7.66),
    ("upc", "Barcelona", 41.39, 2.11),
    ("ist", "Lisboa", 38.74, -9.14),
    ("shanghai", "Shanghai", 31.03, 121.43),
    ("atlanta", "Atlanta", 33.78, -84.40),
]
PAIRS = [
    ("aalto", "kth", 3),
    ("aalto", "ist", 1),
    ("kth", "polito", 4),
    ("tuda", "upc", 2),
    ("tcd", "grenoble", 1),
    ("kit", "grenoble", 3),
    ("ist", "polito", 2),
    ("upc", "kuleuven", 1),
    ("tue", "kth", 2),
    ("aalto", "shanghai", 2),
]


def samples(now):
    """Everything but forms, for a style page read at `now` (aware)."""
    points = [
        maps.MapPoint(slug, label, lat, lon, "#", "seeep" if lon > 100 else "associate" if lon < -20 else "member")
        for slug, label, lat, lon in CITIES
    ]
    arcs = [maps.MapArc(start, end, weight, f"{weight} dual degrees") for start, end, weight in PAIRS]
    return (
        _words(now)
        | _lists()
        | _plots()
        | _sheet()
        | _above_all(now)
        | {
            "europe": maps.draw("europe", points, arcs),
            "world": maps.draw("world", points, arcs),
            "soon": now + timedelta(days=3, hours=4, minutes=20),
            "later": now + timedelta(days=24),
            "gone": now - timedelta(days=2),
        }
    )


def _words(now):
    return {
        "turn": {
            "caps": "Your turn since 2 days",
            "title": "Accept or decline your place at KTH",
            "why": "Answer by Tuesday 4 May, 12:00 in Stockholm (13:00 for you in Espoo). "
            "After that the place goes to the next student.",
            "mine": True,
            "actions": [{"label": "Accept the place", "url": "#"}, {"label": "Decline", "url": "#", "quiet": True}],
        },
        "their_turn": {
            "caps": "Turn of KTH since 5 days",
            "title": "KTH checks your learning agreement",
            "why": "Usually 3 days.",
        },
        "timeline": [
            {"label": "Submitted", "at": now - timedelta(days=60), "state": "done"},
            {
                "label": "Ranked, score 84.0",
                "detail": "motivation 26/30, grades 41/50, language 17/20",
                "state": "done",
            },
            {"label": "Place offered", "at": now - timedelta(days=2), "detail": "Your turn.", "state": "now"},
            {"label": "Nominated to KTH", "detail": "by your exchange office, usually 3 days", "state": "next"},
            {"label": "Arrival", "detail": "23 August", "state": "next"},
        ],
        "steps": [
            {"label": "Your choices", "url": "#", "state": "done"},
            {"label": "Documents", "url": "#", "state": "wrong"},
            {"label": "Motivation", "state": "now"},
            {"label": "Check and submit", "state": "todo"},
        ],
    }


def _lists():
    return {
        "semesters": [
            {"label": "TU/e", "there": False},
            {"label": "TU/e", "there": False},
            {"label": "KTH", "there": True},
            {"label": "KTH", "there": True},
        ],
        "figures": [
            {"value": 12, "label": "member universities", "url": "#"},
            {"value": 15, "label": "associates and SEEEP partners"},
            {"value": 48, "label": "dual degrees"},
            {"value": 163, "label": "places open for autumn"},
        ],
        "facts": [
            {"label": "Erasmus code", "value": "SF ESPOO12"},
            {"label": "Students", "value": "20,100", "note": "in 2025"},
            {"label": "Site", "value": "aalto.fi", "url": "#"},
        ],
        "tags": [{"label": "0714 Electronics and automation", "url": "#"}, {"label": "English C1"}],
        "tabs": [
            {"label": "Open", "url": "#", "current": True, "count": 12},
            {"label": "Past", "url": "#", "current": False, "count": 40},
        ],
        "chips": [
            {"label": "Level", "value": "Master", "remove_url": "?"},
            {"label": "Taught in", "value": "English", "remove_url": "?"},
        ],
        "page_obj": Paginator(range(200), 20).page(4),
        "export_choice": {
            "columns": [{"name": "name", "label": "Name"}, {"name": "city", "label": "City"}],
            "carried": [],
        },
        "export_urls": {"csv": "?export=csv", "xlsx": "?export=xlsx"},
        "colours": ["paper", "sheet", "sunk", "ink", "muted", "rule", "rule-strong", "control", "due", "ok"],
        "steps_of_type": ["-1", "0", "1", "2", "3", "4"],
        "tones": ["", "due", "ok", "quiet", "wait"],
        "room_keys": ["members", "programmes", "exchange", "funding", "policy", "practices"],
    }


def _plots():
    """What is compared as bars: the balance of an exchange, the way of applications, fields."""
    return {
        "flows": [
            {"label": "KTH", "incoming": 41, "outgoing": 44},
            {"label": "Politecnico di Torino", "incoming": 63, "outgoing": 38, "url": "#"},
            {
                "label": "UPC · BarcelonaTech",
                "incoming": 22,
                "outgoing": 40,
                "outside": True,
                "note": "outside the band you agreed (±25 %)",
            },
        ],
        "stages": [
            {"label": "Started", "count": 84},
            {"label": "Submitted", "count": 61},
            {"label": "Eligible", "count": 55},
            {"label": "Offered", "count": 31},
            {"label": "Accepted", "count": 27},
        ],
        "bars": [
            {"label": "Electronics", "value": 9},
            {"label": "Mechanics", "value": 8},
            {"label": "Energy", "value": 7},
        ],
    }


def _sheet():
    """A sheet with one row of each outcome, as `members/sheets/` reads it."""
    return {
        "sheet_columns": [
            {"name": "title", "needed": True, "example": "Signal processing, master's thesis"},
            {"name": "places", "needed": True, "example": "4"},
            {"name": "closes_on", "needed": False, "example": "2027-04-30"},
        ],
        "sheet_counts": {"new": 1, "changed": 1, "same": 1, "wrong": 1},
        "sheet_rows": [
            _row(2, "Signal processing", "Autumn 2027", "new"),
            _row(3, "Hydrology", "Spring 2028", "changed", changes=[("places", "2", "4")]),
            _row(4, "Robotics", "Autumn 2027", "same"),
            _row(
                5, "", "", "wrong",
                errors=[
                    ("title", "", "Give a title."),
                    ("closes_on", "31.02.2027", "There is no such day. Write it like 2027-02-28."),
                ],
            ),
        ],
    }  # fmt: skip


def _row(number, title, detail, outcome, *, changes=(), errors=()):
    return {
        "number": number, "title": title, "detail": detail, "outcome": outcome, "changes": changes, "errors": errors,
    }  # fmt: skip


def _above_all(now):
    """What stands on top of a page: messages, a visit of support, the notices not yet read."""
    return {
        "sample_messages": [
            Message(messages.SUCCESS, "The place is saved and public."),
            Message(messages.INFO, "You are signed in."),
            Message(messages.WARNING, "Row 5 is left out. There is no country “XX”."),
            Message(messages.ERROR, "The file is 52 MB; up to 10 MB can be taken."),
        ],
        "sample_visit": SimpleNamespace(person="Elina Mäkinen", ends_at=now + timedelta(minutes=24)),
        "sample_person": _person(),
    }  # fmt: skip


def _person():
    """An account that was never saved: it may everything, so that every line of the menu is drawn."""
    person = User(given_name="Elina", family_name="Mäkinen", email="exchange.aalto@demo.example", is_superuser=True)
    person.every_mandate = []
    return person


def facets(scheme):
    """Two groups of filters; their names differ by `scheme`, for both stand on one page."""

    def option(label, count, selected=False):
        return {"value": label.lower(), "label": label, "count": count, "selected": selected, "url": "?"}

    fields = [option("Electronics and automation", 9), option("Mechanics", 8), option("Energy", 7, selected=True)]
    return [
        {
            "name": f"level-{scheme}",
            "label": "Level",
            "options": [option("Master", 41, selected=True), option("Doctorate", 7)],
            "more": [],
        },
        {
            "name": f"field-{scheme}",
            "label": "Field",
            "options": fields,
            "more": [option("Civil engineering", 6), option("Chemistry", 0)],
        },
    ]


def page_samples():
    """What a list and its plain table read beside the parts."""
    headings = ("Place", "Host", "Closes", "Places")
    return {
        "facets": facets("one"),
        "search": "",
        "sort": {
            "current": "closing", "label": "Closing soon",
            "options": [
                {"value": "closing", "label": "Closing soon", "selected": True},
                {"value": "name", "label": "Name", "selected": False},
            ],
        },
        "total": 27, "all_total": 48, "clear_url": "?", "querystring": "",
        "headings": headings,
        "rows": [
            list(zip(headings, ("Signal processing", "KTH", "30 April 2027", 4), strict=True)),
            list(zip(headings, ("Structures in a warming climate", "UPC", "15 May 2027", 2), strict=True)),
        ],
        "cut": False, "most": 5000, "back": "/styleguide/",
        "crumbs": [{"label": "Style", "url": "/styleguide/"}, {"label": "A page of its own"}],
        "confirm_label": "Publish it", "cancel_url": "/styleguide/", "missing": [],
    }  # fmt: skip
