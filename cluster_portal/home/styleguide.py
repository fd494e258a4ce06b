"""The living style page: every part of a page on light and on dark paper. It exists only with DEBUG."""

from datetime import UTC, datetime, timedelta

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.shortcuts import render

from members import maps

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


class SampleForm(forms.Form):
    """One field of each kind; bound with gaps, it shows its errors."""

    title = forms.CharField(help_text="As students will read it in the catalogue.")
    starts_on = forms.DateField(label="First day", widget=forms.DateInput(attrs={"type": "date"}))
    places = forms.IntegerField(min_value=1, help_text="How many students you can take.")
    level = forms.ChoiceField(choices=[("", "Choose a level"), ("7", "Master"), ("8", "Doctorate")])
    words = forms.CharField(label="Description", widget=forms.Textarea, required=False)
    terms = forms.MultipleChoiceField(
        choices=[("a", "Autumn"), ("s", "Spring")], widget=forms.CheckboxSelectMultiple, label="Terms"
    )
    answer = forms.ChoiceField(
        choices=[("y", "Yes, with conditions"), ("n", "No")], widget=forms.RadioSelect, label="Your answer"
    )
    transcript = forms.FileField(help_text="PDF, up to 10 MB.", required=False)
    agreed = forms.BooleanField(label="The facts are right", help_text="Your name and the day are shown beside them.")


@login_not_required
def styleguide(request):
    """Every part with sample content; the same template twice, once in each scheme."""
    context = _samples(datetime.now(UTC))
    wrong = {"title": "", "starts_on": "2026-13-45", "places": "0", "terms": ["x"], "answer": "", "level": ""}
    context["schemes"] = [
        {
            "name": name,
            "form": SampleForm(prefix=name),
            "wrong": _bound(wrong, f"{name}-wrong"),
            "facets": _facets(name),
        }
        for name in ("light", "dark")
    ]
    return render(request, "styleguide/styleguide.html", context)


def _bound(values, prefix):
    return SampleForm({f"{prefix}-{key}": value for key, value in values.items()}, prefix=prefix)


def _facets(scheme):
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


def _samples(now):
    points = [
        maps.MapPoint(slug, label, lat, lon, "#", "seeep" if lon > 100 else "associate" if lon < -20 else "member")
        for slug, label, lat, lon in CITIES
    ]
    arcs = [maps.MapArc(start, end, weight, f"{weight} dual degrees") for start, end, weight in PAIRS]
    return (
        _words(now)
        | _lists()
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
        "tones": ["", "due", "ok", "quiet", "wait"],
        "room_keys": ["members", "programmes", "exchange", "funding", "policy", "practices"],
    }
