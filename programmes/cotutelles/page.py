"""What the page of one cotutelle says: plan, people, papers, decisions, what happened and what comes."""

from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.models import Act, User
from programmes.cotutelles.turns import other_acts, turn_of
from programmes.models import Cotutelle, CotutelleFile, Side
from programmes.permissions import kinds_to_send

State = Cotutelle.State
# What is being done in each state, and how many of the stages ahead are behind it.
STAGES = (
    gettext_lazy("Both universities decide"),
    gettext_lazy("Convention drawn up and signed"),
    gettext_lazy("Doctorate begins"),
    gettext_lazy("Defence"),
)
NOW = {
    State.DRAFT: (gettext_lazy("The request is written"), 0),
    State.SENT_BACK: (gettext_lazy("The request is mended"), 0),
    State.REQUESTED: (STAGES[0], 1),
    State.HOME_AGREED: (gettext_lazy("The partner university decides"), 1),
    State.PARTNER_AGREED: (gettext_lazy("The home university decides"), 1),
    State.CONVENTION: (gettext_lazy("The convention is drawn up"), 2),
    State.SIGNED: (gettext_lazy("Enrolment at both universities"), 2),
    State.RUNNING: (gettext_lazy("Work on the thesis"), 3),
}
ACT_WORDS = {
    "cotutelle.begun": gettext_lazy("Begun"),
    "cotutelle.requested": gettext_lazy("Opening requested"),
    "cotutelle.agreed": gettext_lazy("Agreed"),
    "cotutelle.sent_back": gettext_lazy("Sent back"),
    "cotutelle.refused": gettext_lazy("Refused"),
    "cotutelle.signed": gettext_lazy("Convention signed"),
    "cotutelle.started": gettext_lazy("Doctorate begun"),
    "cotutelle.defended": gettext_lazy("Defended"),
    "cotutelle.ended": gettext_lazy("Ended without a defence"),
    "cotutelle.withdrawn": gettext_lazy("Withdrawn"),
    "cotutelle.erased": gettext_lazy("Withdrawn"),
    "cotutelle.left_alone": gettext_lazy("Withdrawn, since nobody went on with it"),
}
STOPPED = {
    "cotutelle.sent_back", "cotutelle.refused", "cotutelle.ended", "cotutelle.withdrawn", "cotutelle.erased",
    "cotutelle.left_alone",
}  # fmt: skip
DECISIONS = {"cotutelle.agreed", "cotutelle.sent_back", "cotutelle.refused", "cotutelle.ended"}


def page(cotutelle: Cotutelle, user: User, now: datetime) -> dict[str, Any]:
    """The context of the page for `user` at `now`; a constant number of queries."""
    acts = [act for act in Act.objects.about(cotutelle) if act.kind in ACT_WORDS]
    sent = papers(cotutelle)
    return {
        "cotutelle": cotutelle,
        "turn": turn_of(cotutelle, user, now),
        "acts": other_acts(cotutelle, user),
        "sides": sides(cotutelle),
        "papers": sent,
        "wanted": _wanted(cotutelle, sent),
        "kinds": kinds_to_send(user, cotutelle),
        "decisions": [_decision(act, cotutelle) for act in acts if act.kind in DECISIONS],
        "steps": timeline(cotutelle, acts),
    }


def sides(cotutelle: Cotutelle) -> list[dict[str, Any]]:
    """Each side with its university, months, supervisors, and how far it is with its yes and its signature."""
    supervisors = list(cotutelle.supervisors.all())
    return [
        {
            "side": side,
            "university": cotutelle.university_at(side),
            "months": getattr(cotutelle, f"{side}_months"),
            "supervisors": [row for row in supervisors if row.side == side],
            # In the hands of the candidate an earlier yes says nothing: both agree anew to what comes next.
            "agreed_at": getattr(cotutelle, f"{side}_agreed_at") if not cotutelle.is_in_hands else None,
            "signed_on": getattr(cotutelle, f"{side}_signed_on"),
            "defends": cotutelle.defence_side == side,
        }
        for side in Side
    ]


def papers(cotutelle: Cotutelle) -> list[dict[str, Any]]:
    """The papers by kind in their order, of each the newest and the earlier ones."""
    found = sorted(cotutelle.files.select_related("uploaded_by"), key=lambda file: (_place(file.kind), -file.number))
    rows = []
    for kind, files in groupby(found, key=lambda file: file.kind):
        newest, *older = files
        for file in (newest, *older):
            file.cotutelle = cotutelle
        rows.append({"label": CotutelleFile.Kind(kind).label, "newest": newest, "older": older, "kind": kind})
    return rows


def _wanted(cotutelle: Cotutelle, sent: list[dict[str, Any]]) -> str:
    """The kind of paper that is needed next; empty when nothing keeps the request back."""
    there = {row["kind"] for row in sent}
    needed = CotutelleFile.Kind.needed if cotutelle.is_in_hands else ()
    return next((kind.value for kind in needed if kind not in there), "")


def _place(kind: str) -> int:
    return CotutelleFile.Kind.values.index(kind)


def _decision(act: Act, cotutelle: Cotutelle) -> dict[str, Any]:
    side = act.details.get("side")
    return {
        "label": ACT_WORDS[act.kind],
        "tone": "ok" if act.kind == "cotutelle.agreed" else "due",
        "university": cotutelle.university_at(side) if side in Side.values else "",
        "by": _by(act),
        "at": act.at,
        "reason": act.reason,
    }


def _by(act: Act) -> str:
    if act.on_behalf_of:
        return _("%(person)s for %(other)s") % {"person": act.actor, "other": act.on_behalf_of}
    return str(act.actor) if act.actor else ""


def timeline(cotutelle: Cotutelle, acts: list[Act]) -> list[dict[str, Any]]:
    """What happened; while the file is live also where it stands, and what comes."""
    done = [_entry(act, cotutelle) for act in acts]
    if cotutelle.is_over:
        return done
    label, behind = NOW[cotutelle.state]
    coming = [{"label": str(stage), "state": "next"} for stage in STAGES[behind:]]
    return [*done, {"label": str(label), "state": "now"}, *coming]


def _entry(act: Act, cotutelle: Cotutelle) -> dict[str, Any]:
    side = act.details.get("side")
    label = str(ACT_WORDS[act.kind])
    if act.kind == "cotutelle.agreed" and side in Side.values:
        label = _("%(university)s agreed") % {"university": cotutelle.university_at(side)}
    return {
        "label": label,
        "state": "stopped" if act.kind in STOPPED else "done",
        "at": act.at,
        "by": _by(act),
        "detail": act.reason,
    }
