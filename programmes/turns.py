"""Whose turn it is with a programme: the directors', the secretariat's, or the reader's who wants to study it."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from members.models import StudentProfile
from members.moments import how_long
from programmes.models import Intake, Programme, Revision


def turn_of(
    programme: Programme, user: Any, profile: StudentProfile | None, ahead: list[Intake], now: datetime
) -> dict[str, Any] | None:
    """Whose turn it is, as this reader sees it."""
    if user.has_perm("programmes.edit_programme", programme):
        revision = programme.revisions.being_written().first()
        turn = version_turn(programme, revision, user, now)
        if turn:
            return turn
    return None if programme.state == Programme.State.ARCHIVED else _reader_turn(programme, profile, ahead, now)


def since_words(at: datetime, now: datetime) -> str:
    return _("since %(time)s") % {"time": how_long(at, now)}


def version_turn(programme: Programme, revision: Revision | None, user: Any, now: datetime) -> dict[str, Any] | None:
    """Who has to do what with the version being written."""
    if revision is None:
        if programme.is_public:
            return None
        return _director_turn(programme, _("Your turn"), _("Write the programme, then submit it."), "")
    since = since_words(revision.state_since, now)
    if revision.state == Revision.State.RETURNED:
        caps = _("Your turn %(since)s") % {"since": since}
        return _director_turn(programme, caps, _("The secretariat asks for a change."), revision.comment)
    if revision.state == Revision.State.DRAFT:
        caps = _("Being written %(since)s") % {"since": since}
        why = _("The public page stays as it is until the secretariat publishes this version.")
        return _director_turn(
            programme, caps, _("A new version waits to be submitted."), why if programme.is_public else ""
        )
    return _review_turn(programme, user, since)


def _director_turn(programme: Programme, caps: str, title: str, why: str) -> dict[str, Any]:
    url = reverse("programmes:programme_edit", args=[programme.slug, "basics"])
    return {
        "caps": caps,
        "title": title,
        "why": why,
        "mine": True,
        "actions": [{"label": _("Go on writing"), "url": url}],
    }


def _review_turn(programme: Programme, user: Any, since: str) -> dict[str, Any]:
    curate = reverse("programmes:programme_curate", args=[programme.slug])
    if user.has_perm("programmes.curate_programme"):
        return {
            "caps": _("Your turn %(since)s") % {"since": since},
            "title": _("Compare this version with the public page, then publish or return it."),
            "mine": True,
            "actions": [{"label": _("Compare"), "url": curate}],
        }
    return {
        "caps": _("The secretariat's turn %(since)s") % {"since": since},
        "title": _("A new version waits to be published."),
        "why": _("You are told when it is published or returned."),
        "actions": [{"label": _("See what changes"), "url": curate, "quiet": True}],
    }


def _reader_turn(
    programme: Programme, profile: StudentProfile | None, ahead: list[Intake], now: datetime
) -> dict[str, Any]:
    """What somebody who wants to study it does next."""
    if programme.listing == Programme.Listing.STANDBY:
        return {"caps": _("Standby"), "title": _("This programme takes nobody at present.")}
    if profile and not any(side.university_id == profile.university_id and side.awards for side in programme.sides):
        names = ", ".join(str(side.university) for side in programme.sides if side.awards)
        return {"caps": _("Not for you"), "title": _("For students of %(names)s.") % {"names": names}}
    begins = {pathway.home for pathway in programme.pathways.all()}
    if profile and begins and profile.university not in begins:
        names = ", ".join(sorted(str(home) for home in begins))
        return {"caps": _("Not for you"), "title": _("Its pathways begin at %(names)s.") % {"names": names}}
    # Visitors are shown every window: the portal does not know yet whose students they are.
    fitting = [i for i in ahead if profile is None or i.home_id in (None, profile.university_id)]
    if not fitting and programme.kind == Programme.Kind.COTUTELLE:
        return _cotutelle_turn(programme, profile)
    return _intake_turn(fitting, now) if fitting else _nothing_open(programme)


def _cotutelle_turn(programme: Programme, profile: StudentProfile | None) -> dict[str, Any]:
    """A dual doctorate has no intakes: each candidate begins a file of their own."""
    turn = {
        "caps": _("At any time"),
        "title": _("Each candidate writes a file; both universities decide on it."),
        "why": _("Find a supervisor at each side first."),
    }
    if profile is None or not profile.is_confirmed:
        return turn
    begin = f"{reverse('programmes:cotutelle_begin')}?programme={programme.slug}"
    return turn | {"mine": True, "actions": [{"label": _("Begin a cotutelle"), "url": begin}]}


def _intake_turn(fitting: list[Intake], now: datetime) -> dict[str, Any]:
    intake = next((intake for intake in fitting if intake.is_open), fitting[0])
    named = {"start": intake}
    if intake.apply_url:
        return {
            "caps": _("Open now"),
            "title": _("Apply for the start in %(start)s.") % named,
            "why": _("Your home university's year comes first: check with its director before you apply."),
            "mine": True,
            "actions": [{"label": _("Apply"), "url": intake.apply_url}],
        }
    if intake.is_open:
        return {
            "caps": _("Open now"),
            "title": _("Apply for the start in %(start)s at your home university.") % named,
            "why": intake.note or _("This intake is not run through the portal; the contacts on this page know how."),
        }
    return {
        "caps": _("Opens in %(time)s") % {"time": timesince(now, intake.opens, depth=1)},
        "title": _("Applications for the start in %(start)s come next.") % named,
        "why": intake.note,
    }


def _nothing_open(programme: Programme) -> dict[str, Any]:
    return {
        "caps": _("Not open"),
        "title": _("No intake is open or announced."),
        "why": _("The yearly dates below tell when to ask again.")
        if programme.yearly_dates.all()
        else _("The contacts on this page know when the next one comes."),
    }
