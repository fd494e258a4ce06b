"""Whose turn it is with a cotutelle, as its reader sees it: one sentence, why, and what can be done next."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.models import User
from programmes.cotutelles.gaps import missing_papers, missing_words
from programmes.models import Cotutelle, Side, Turn
from programmes.permissions import is_the_candidate, sides_of
from programmes.turns import since_words

State = Cotutelle.State
Shown = dict[str, Any]

# What happens next, for whoever only reads; the state's own words stand above it.
NEXT = {
    State.DRAFT: gettext_lazy("The candidate writes the file, then requests the opening."),
    State.SENT_BACK: gettext_lazy("The candidate mends the file, then requests the opening again."),
    State.REQUESTED: gettext_lazy("Both universities look at it. Each agrees, sends it back, or refuses."),
    State.HOME_AGREED: gettext_lazy("The partner university decides; with its yes the convention is drawn up."),
    State.PARTNER_AGREED: gettext_lazy("The home university decides; with its yes the convention is drawn up."),
    State.CONVENTION: gettext_lazy("The universities exchange drafts until both have signed."),
    State.SIGNED: gettext_lazy("The candidate enrols at both; then a university records that the doctorate has begun."),
    State.RUNNING: gettext_lazy("The candidate works on the thesis; a university records the defence."),
    State.DEFENDED: gettext_lazy("The thesis is defended. This file is closed."),
    State.ENDED: gettext_lazy("It has ended without a defence. This file is closed."),
    State.REFUSED: gettext_lazy("A university could not agree. This file is closed."),
    State.WITHDRAWN: gettext_lazy("The candidate has withdrawn. This file is closed."),
}


def turn_of(cotutelle: Cotutelle, user: User, now: datetime) -> Shown:
    """The turn on the file's page; two queries while it is being written, else none."""
    if is_the_candidate(user, cotutelle):
        return _of_the_candidate(cotutelle, now)
    sides = sides_of(user, cotutelle)
    return _of_a_desk(cotutelle, sides, now) if sides else _of_a_reader(cotutelle, now)


def address(act: str, cotutelle: Cotutelle) -> str:
    return reverse(f"programmes:cotutelle_{act}", args=[cotutelle.reference])


def _link(act: str, label: str, cotutelle: Cotutelle, **more: Any) -> dict[str, Any]:
    return {"url": address(act, cotutelle), "label": label, **more}


def _since(cotutelle: Cotutelle, now: datetime) -> str:
    return _("Your turn %(since)s") % {"since": since_words(cotutelle.waits_since, now)}


def _of_a_reader(cotutelle: Cotutelle, now: datetime) -> Shown:
    """Whose turn it is, for somebody who waits."""
    whose = cotutelle.turn_on(timezone.localdate(now))
    if whose == Turn.NOBODY:
        return {"caps": str(cotutelle.get_state_display()), "title": str(NEXT[cotutelle.state])}
    words = {"who": _whose(whose, cotutelle), "since": since_words(cotutelle.waits_since, now)}
    return {"caps": _("%(who)s: turn %(since)s") % words, "title": str(NEXT[cotutelle.state])}


def _whose(whose: Turn, cotutelle: Cotutelle) -> str:
    if whose == Turn.CANDIDATE:
        return str(cotutelle.candidate)
    if whose == Turn.BOTH:
        return _("%(home)s and %(partner)s") % {"home": cotutelle.home, "partner": cotutelle.partner}
    return str(cotutelle.university_at(Side.HOME if whose == Turn.HOME else Side.PARTNER))


def _of_the_candidate(cotutelle: Cotutelle, now: datetime) -> Shown:
    if not cotutelle.is_in_hands:
        return _of_a_reader(cotutelle, now)
    edit = _link("edit", _("Edit"), cotutelle, quiet=True)
    words, papers = missing_words(cotutelle), missing_papers(cotutelle)
    turn: Shown = {"caps": _since(cotutelle, now), "mine": True}
    if words or papers:
        why = _("Still missing: %(list)s.") % {"list": ", ".join(words + papers)}
        send = {"url": "#papers", "label": _("Add the papers")}
        # Words before papers: they are missing in the form, the papers are added on this page.
        acts = [edit | {"quiet": False}] if words else [send, edit]
        return turn | {"title": _("Complete the file."), "why": why, "actions": acts}
    request = _link("request", _("Request the opening"), cotutelle, post=True)
    if cotutelle.state == State.SENT_BACK:  # mending comes first: the same file again would come back again
        acts = [edit | {"quiet": False}, request | {"label": _("Request the opening again"), "quiet": True}]
        return turn | {"title": _("A university asks for a change."), "why": cotutelle.reason, "actions": acts}
    why = _("Both universities and your supervisors read the file from then on.")
    title = _("Everything is there: request the opening.")
    return turn | {"title": title, "why": why, "actions": [request, edit]}


def _of_a_desk(cotutelle: Cotutelle, sides: list[Side], now: datetime) -> Shown:
    """A university's turn, while it has something to do."""
    undecided = [side for side in sides if not cotutelle.has_agreed(side)]
    turn: Shown = {"caps": _since(cotutelle, now), "mine": True}
    if cotutelle.state in State.deciding and undecided:
        return turn | {
            "title": _("Agree for %(university)s?") % {"university": cotutelle.university_at(undecided[0])},
            "why": _("Read the plan and the papers; the other side decides on its own."),
            "actions": [
                _link("agree", _("Agree"), cotutelle),
                _link("send_back", _("Send back"), cotutelle, quiet=True),
                _link("refuse", _("Refuse"), cotutelle, quiet=True),
            ],
        }
    if cotutelle.state == State.CONVENTION:
        return turn | {
            "title": _("Draw up the convention with the other side."),
            "why": _("Put drafts under Papers. Once both have signed, keep the signed convention here."),
            "actions": [_link("sign", _("Keep the signed convention"), cotutelle)],
        }
    if cotutelle.state == State.SIGNED:
        title = _("Record that the doctorate has begun.")
        why = _("Once the candidate is enrolled at both universities.")
        return turn | {"title": title, "why": why, "actions": [_link("start", _("It has begun"), cotutelle)]}
    return _running_or_read(cotutelle, now)


def _running_or_read(cotutelle: Cotutelle, now: datetime) -> Shown:
    shown = _of_a_reader(cotutelle, now)
    if cotutelle.state != State.RUNNING:
        return shown
    defend = _link("defend", _("Record the defence"), cotutelle, quiet=cotutelle.ends_on >= timezone.localdate(now))
    if cotutelle.turn_on(timezone.localdate(now)) == Turn.BOTH:
        title = _("The planned end has passed: record the defence, or that it has ended.")
        return {"caps": _since(cotutelle, now), "mine": True, "title": title, "actions": [defend]}
    return shown | {"actions": [defend]}


def other_acts(cotutelle: Cotutelle, user: User) -> list[dict[str, Any]]:
    """What can be done beside the next step: the menu of the page."""
    acts = []
    if is_the_candidate(user, cotutelle) and cotutelle.can("withdraw"):
        acts.append(_link("withdraw", _("Withdraw"), cotutelle))
    if user.has_perm("programmes.decide_cotutelle", cotutelle):
        if cotutelle.state == State.CONVENTION:
            acts.append(_link("refuse", _("Refuse"), cotutelle))
        if cotutelle.can("end"):
            acts.append(_link("end", _("End without a defence"), cotutelle))
    return acts
