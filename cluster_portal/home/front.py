"""What the home page is made of: the members on a map, the consortium in numbers, the next deadlines."""

from collections import Counter
from datetime import datetime
from itertools import combinations
from typing import Any

from django.contrib.humanize.templatetags.humanize import apnumber
from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import Option, Round
from members.maps import MapArc, MapPoint, draw
from members.models import Membership, University, User
from notifications.registries import deadlines_for
from programmes.models import Programme, ProgrammePartner

DEADLINES_SHOWN = 6
# Beyond nine Django's apnumber gives digits, which read badly in a heading.
WORDS = {
    10: gettext_lazy("ten"), 11: gettext_lazy("eleven"), 12: gettext_lazy("twelve"), 13: gettext_lazy("thirteen"),
    14: gettext_lazy("fourteen"),
}  # fmt: skip


def page(user: User, now: datetime) -> dict[str, Any]:
    """The context of the home page at `now` (aware); eight queries."""
    universities = list(University.objects.in_consortium(timezone.localdate(now)).with_kind(timezone.localdate(now)))
    members = [university for university in universities if university.kind_now == Membership.Kind.MEMBER]
    return {
        "map": draw("europe", _points(members), _arcs(members)),
        "map_label": _("Map of the %(count)d member universities and the dual degrees between them")
        % {"count": len(members)},
        "member_words": WORDS.get(len(members)) or apnumber(len(members)),
        "member_count": len(members),
        "figures": _figures(len(members), len(universities) - len(members), now),
        "deadlines": deadlines_for(user, now)[:DEADLINES_SHOWN],
        "deadlines_heading": _("Next deadlines"),
        "deadlines_empty": _("No round is open or coming just now."),
    }


def _points(members: list[University]) -> list[MapPoint]:
    return [
        MapPoint(
            slug=university.slug,
            label=university.city,
            lat=float(university.latitude),
            lon=float(university.longitude),
            url=university.get_absolute_url(),
            kind=university.kind_now,
        )
        for university in members
        if university.latitude is not None
    ]


def _arcs(members: list[University]) -> list[MapArc]:
    """One arc per pair of members with a published programme between them, the thicker the more there are."""
    slugs = {university.pk: university.slug for university in members if university.latitude is not None}
    partners: dict[int, list[int]] = {}
    published = ProgrammePartner.objects.filter(programme__in=Programme.objects.in_catalogue(), university__in=slugs)
    for programme, university in published.values_list("programme", "university"):
        partners.setdefault(programme, []).append(university)
    pairs = Counter(pair for found in partners.values() for pair in combinations(sorted(found), 2))
    return [MapArc(from_=slugs[one], to=slugs[other], weight=count) for (one, other), count in pairs.items()]


def _figures(members: int, partners: int, now: datetime) -> list[dict[str, Any]]:
    rounds = Round.objects.open_at(now)
    places = Option.objects.filter(rounds__in=rounds).distinct().aggregate(all=Sum("places"))["all"] or 0
    universities = reverse("members:university_list")
    return [
        {"value": members, "label": _("member universities"), "url": f"{universities}?kind=member"},
        {"value": partners, "label": _("associates and SEEEP partners"), "url": universities},
        {
            "value": Programme.objects.in_catalogue().count(),
            "label": _("dual degrees"),
            "url": reverse("programmes:programme_list"),
        },
        {"value": places, "label": _("places in open rounds"), "url": reverse("exchange:placement_list")},
        {"value": rounds.count(), "label": _("rounds open now"), "url": reverse("applications:round_list")},
    ]
