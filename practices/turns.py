"""Whose turn it is with a practice: its writers', the curators', or a reader's who may use it too."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from members.moments import ago, how_long
from practices.models import SHARING, Adoption, Practice, PracticeVersion

Turn = dict[str, Any]


def turn_of(practice: Practice, user: Any, adoptions: Collection[Adoption], now: datetime) -> Turn | None:
    """Whose turn it is, as this reader sees it; none where nobody has to do anything."""
    if practice.state == Practice.State.ARCHIVED:
        return None
    version = practice.being_written
    waits = version is not None and version.state == PracticeVersion.State.SUBMITTED
    # Before the keeper's turn: the secretariat may be both, and then it is the decision that waits.
    if waits and user.has_perm("practices.curate_practice", practice):
        return judges_turn(practice, version, now)
    if user.has_perm("practices.edit_practice", practice):
        return _keepers_turn(practice, now)
    if practice.state == Practice.State.PUBLISHED:
        return _readers_turn(practice, user, adoptions)
    return None


def since_words(at: datetime, now: datetime) -> str:
    return _("since %(time)s") % {"time": how_long(at, now)}


def judges_turn(practice: Practice, version: PracticeVersion, now: datetime) -> Turn:
    return {
        "caps": _("Your turn %(since)s") % {"since": since_words(version.state_since, now)},
        "title": _("Read version %(number)d, then publish it, ask for changes, or refuse it.")
        % {"number": version.number},
        "mine": True,
        "actions": [_action(practice, "practice_curate", _("Read and decide"))],
    }


def _keepers_turn(practice: Practice, now: datetime) -> Turn:
    version = practice.being_written
    if version is None:
        return _nothing_written(practice, now)
    since = since_words(version.state_since, now)
    go_on = _action(practice, "practice_edit", _("Go on writing"))
    if version.state == PracticeVersion.State.CHANGES_ASKED:
        return {
            "caps": _("Your turn %(since)s") % {"since": since},
            "title": _("The curators ask for a change."),
            "why": version.comment,
            "mine": True,
            "actions": [go_on],
        }
    if version.state == PracticeVersion.State.DRAFT:
        return {
            "caps": _("Your turn %(since)s") % {"since": since},
            "title": _("Finish version %(number)d, then submit it.") % {"number": version.number},
            "why": _("Everybody reads the published version until then.") if practice.live else "",
            "mine": True,
            "actions": [go_on],
        }
    return {
        "caps": _("The curators' turn %(since)s") % {"since": since},
        "title": _("Version %(number)d waits to be judged.") % {"number": version.number},
        "why": _("You are told what they decide."),
        "actions": [
            _action(practice, "practice_take_back", _("Take it back"), quiet=True, post=True),
        ],
    }


def _nothing_written(practice: Practice, now: datetime) -> Turn:
    begin = _action(practice, "practice_revise", _("Write a new version"), quiet=True, post=True)
    latest = practice.latest
    if practice.live is None and latest is not None:
        refused = latest.state == PracticeVersion.State.REFUSED
        caps = _("Refused %(time)s") if refused else _("Dropped %(time)s")
        return {
            "caps": caps % {"time": ago(latest.state_since, now)},
            "title": _("This version is not published. You can write a new one."),
            "why": latest.comment,
            "mine": True,
            "actions": [begin | {"quiet": False}],
        }
    # A later version that was refused: `latest` points at the live one again, so it is looked for by its number.
    refused = practice.versions.filter(number__gt=practice.live.number).order_by("-number").first()
    told = refused is not None and refused.state == PracticeVersion.State.REFUSED
    return {
        "caps": _("Published %(time)s") % {"time": ago(practice.published_at, now)},
        "title": _("Everybody reads version %(number)d.") % {"number": practice.live.number},
        "why": _("Version %(number)d was refused: %(comment)s") % {"number": refused.number, "comment": refused.comment}
        if told
        else _("A new version is judged again; this one stays until then."),
        "actions": [begin],
    }


def _readers_turn(practice: Practice, user: Any, adoptions: Collection[Adoption]) -> Turn | None:
    """Somebody of another university: do you use it too?"""
    if not user.has_perm("practices.adopt_practice", practice):
        return None
    by_place = {adoption.university_id: adoption for adoption in adoptions}
    own = [place for place in user.universities_as(*SHARING) if place.pk != practice.university_id]
    open_to = [place for place in own if place.pk not in by_place]
    if open_to:
        names = ", ".join(place.short_name for place in open_to)
        return {
            "caps": _("For %(universities)s") % {"universities": names},
            "title": _("Do you use this practice, or a part of it?"),
            "why": _("Say so: the owner is told, and readers see that it works elsewhere."),
            "actions": [_action(practice, "adoption_add", _("We adopted this"))],
        }
    if not own:
        return None
    adoption = by_place[own[0].pk]
    return {
        "caps": _("Adopted by %(university)s") % {"university": own[0]},
        "title": _("Tell the others what came of it."),
        "actions": [
            {
                "label": _("Add to it"),
                "url": reverse("practices:adoption_edit", args=[practice.reference, own[0].slug]),
                "quiet": bool(adoption.result),
            }
        ],
    }


def _action(practice: Practice, name: str, label: str, *, quiet: bool = False, post: bool = False) -> dict[str, Any]:
    url = reverse(f"practices:{name}", args=[practice.reference])
    return {"label": label, "url": url, "quiet": quiet, "post": post}
