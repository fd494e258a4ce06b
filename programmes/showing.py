"""What the page of one programme says: whose turn it is, pathways, partners, requirements, intakes, whom to ask."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.eligibility import Verdict, as_row, check
from applications.models import Round
from members.maps import Map, MapArc, MapDrawing, MapPoint, draw
from members.models import Act, Contact, StudentProfile, University
from members.tagging import chips_of
from programmes.course_pages import course_list_of
from programmes.models import Intake, Programme, Seats, WishListItem
from programmes.turns import turn_of


def page(programme: Programme, user: Any, now: datetime) -> dict[str, Any]:
    """The context of the detail page for `user` at `now`; a constant number of queries."""
    profile = user.student_profile_or_none if user.is_authenticated else None
    edits = user.has_perm("programmes.edit_programme", programme)
    intakes = intakes_of(programme, now)
    ahead = [intake for intake in intakes if intake.is_ahead]
    return {
        "programme": programme,
        "pathways": _pathways(programme),
        "tags": chips_of(programme.tags.all(), "programmes:programme_list"),
        "partners": programme.sides,
        "told": told_of_partners(programme),
        "requirements": requirements_of(programme, profile, now),
        "has_profile": profile is not None,
        "ahead": ahead,
        "past": [intake for intake in intakes if not intake.is_ahead][:4],
        "course_places": course_list_of(programme, localdate(now)),
        "courses_url": reverse("programmes:programme_courses", args=[programme.slug]) if edits else "",
        "yearly_dates": list(programme.yearly_dates.select_related("university")),
        "contacts": _contacts(programme, user, now),
        "map": map_of(programme),
        "wished": is_wished(programme, user),
        "edits": edits,
        "turn": turn_of(programme, user, profile, ahead, now),
        "steps": timeline_of(programme) if edits or user.has_perm("programmes.curate_programme") else [],
    }


def _pathways(programme: Programme) -> list[dict[str, Any]]:
    """Each pathway with its strip and the sum of its credits in a sentence."""
    drawn = []
    for pathway in programme.pathways.all():
        adds_up, sentence = pathway.credit_sentence(programme.ects_total) if pathway.ects else (True, "")
        drawn.append({"pathway": pathway, "sentence": sentence, "adds_up": adds_up})
    return drawn


def told_of_partners(programme: Programme) -> dict[str, bool]:
    """Which columns of the board of partners hold anything."""
    sides = programme.sides
    return {
        "degree": any(side.degree for side in sides),
        "ects": any(side.ects is not None for side in sides),
        "money": any(side.tuition_eu is not None or side.tuition_non_eu is not None for side in sides),
    }


def intakes_of(programme: Programme, now: datetime) -> list[Intake]:
    """All intakes with their windows and seats, the next closing first; `is_ahead`, `is_open` and `status` are set."""
    free = Seats.objects.with_places_left().select_related("pathway__home", "pathway__host").order_by("pathway")
    rows = programme.intakes.with_window().select_related("round", "home").prefetch_related(Prefetch("seats", free))
    found = sorted(rows, key=lambda intake: intake.closes)
    for intake in found:
        intake.programme = programme
        decided = intake.round is not None and intake.round.state not in {Round.State.DRAFT, Round.State.PUBLISHED}
        intake.is_ahead = intake.closes > now and not decided
        intake.is_open = intake.is_ahead and intake.opens <= now
        intake.apply_url = intake.round.get_absolute_url() if intake.round and intake.round.is_open_at(now) else ""
    return found


def requirements_of(programme: Programme, profile: StudentProfile | None, now: datetime) -> list[dict[str, Any]]:
    """What is asked, each with its verdict for the student; what the own university asks of comers is left unjudged."""
    rows = list(programme.requirements.all())
    verdicts = check(rows, profile, localdate(now))
    return [_told(row, verdict, profile) for row, verdict in zip(rows, verdicts, strict=True)]


def _told(row: Any, verdict: Verdict, profile: StudentProfile | None) -> dict[str, Any]:
    told = as_row(verdict, judged=profile is not None) | {"asked_by": row.asked_by}
    if profile is not None and row.asked_by_id == profile.university_id:
        # What a partner asks of those who come to it is not asked of its own students (suited_to says the same).
        told |= {"label": _("not asked of you"), "tone": "quiet", "lacks_data": False}
    return told


def _contacts(programme: Programme, user: Any, now: datetime) -> list[Contact]:
    """Whom to ask about dual degrees at the partners, as far as the reader may see."""
    places = [side.university_id for side in programme.sides]
    asked = Contact.objects.filter(university__in=places, purpose=Contact.Purpose.DUAL_DEGREES, unit__isnull=True)
    return list(asked.in_force(localdate(now)).visible_to(user).select_related("university"))


def map_of(programme: Programme) -> MapDrawing | None:
    """Arcs between the places of study; none where fewer than two places are known."""
    places = [side.university for side in programme.sides if side.university.latitude is not None]
    if len(places) < 2:
        return None
    points = [_point(place) for place in places]
    ends = {(path.home.slug, path.host.slug) for path in programme.pathways.all()}
    arcs = [MapArc(one, other) for one, other in ends or {(points[0].slug, point.slug) for point in points[1:]}]
    europe = Map("europe")
    return draw("europe" if all(europe.shows(point.lat, point.lon) for point in points) else "world", points, arcs)


def _point(place: University) -> MapPoint:
    return MapPoint(
        slug=place.slug,
        label=place.short_name,
        lat=float(place.latitude),
        lon=float(place.longitude),
        url=place.get_absolute_url(),
    )


def is_wished(programme: Programme, user: Any) -> bool:
    return user.is_authenticated and WishListItem.objects.filter(user=user, programme=programme).exists()


ACT_WORDS = {
    "programme.created": gettext_lazy("Begun"),
    "programme.edited": gettext_lazy("Edited"),
    "programme.submitted": gettext_lazy("Submitted"),
    "programme.taken_back": gettext_lazy("Taken back"),
    "programme.returned": gettext_lazy("Returned"),
    "programme.published": gettext_lazy("Published"),
    "programme.dropped": gettext_lazy("Version dropped"),
    "programme.archived": gettext_lazy("Archived"),
    "programme.restored": gettext_lazy("Restored as a draft"),
    "programme.intake_added": gettext_lazy("Intake added"),
    "programme.intake_edited": gettext_lazy("Intake edited"),
    "programme.intake_removed": gettext_lazy("Intake removed"),
    "programme.courses_edited": gettext_lazy("Course list edited"),
    "programme.round_made": gettext_lazy("Application round made"),
}


def timeline_of(programme: Programme, last: int = 12) -> list[dict[str, Any]]:
    """The newest acts, the newest first; the same act of the same person in a row is told once."""
    told: list[dict[str, Any]] = []
    # Four times as many as are told: saves in a row become one line, and enough lines have to be left.
    for act in Act.objects.about(programme).order_by("-at", "-pk")[: 4 * last]:
        entry = _entry(act)
        if not told or (told[-1]["label"], told[-1]["by"]) != (entry["label"], entry["by"]):
            told.append(entry)
    return told[:last]


def _entry(act: Act) -> dict[str, Any]:
    by = str(act.actor) if act.actor else ""
    if act.on_behalf_of:
        by = _("%(person)s for %(other)s") % {"person": act.actor, "other": act.on_behalf_of}
    return {
        "label": str(ACT_WORDS.get(act.kind, act.kind)),
        "state": "stopped" if act.kind == "programme.returned" else "done",
        "at": act.at,
        "by": by,
        "detail": act.reason or act.details.get("intake", ""),
    }


def next_intakes(now: datetime) -> Prefetch:
    """Prefetch `ahead`: the intakes of each programme not yet over at `now`, the next closing first, with seats."""
    rows = Intake.objects.ahead_of(now).prefetch_related("seats").order_by("closes", "pk")
    return Prefetch("intakes", rows, to_attr="ahead")


def wished_among(programmes: Iterable[Programme], user: Any) -> set[int]:
    """Which of `programmes` stand on the wish list of `user`: one query, none for visitors."""
    if not user.is_authenticated:
        return set()
    mine = WishListItem.objects.filter(user=user, programme__in=[programme.pk for programme in programmes])
    return set(mine.values_list("programme_id", flat=True))
