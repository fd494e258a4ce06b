"""What happened and what comes, as the applicant reads it beside the application."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import applicant_view
from applications.allocation import shown
from applications.eligibility import plain
from applications.models import Application
from members.models import Act

State = Application.State

LABELS: dict[str, Any] = {
    "application.started": gettext_lazy("Draft begun"),
    "application.submitted": gettext_lazy("Submitted"),
    "application.more_asked": gettext_lazy("The office asked for more"),
    "application.answered": gettext_lazy("You answered"),
    "application.found_eligible": gettext_lazy("Eligible"),
    "application.offered": gettext_lazy("Place offered"),
    "application.moved_up": gettext_lazy("Place offered from the waiting list"),
    "application.waitlisted": gettext_lazy("On the waiting list"),
    "application.rejected": gettext_lazy("No place"),
    "application.accepted": gettext_lazy("You accepted the place"),
    "application.declined": gettext_lazy("You declined the place"),
    "application.expired": gettext_lazy("The offer expired"),
    "application.withdrawn": gettext_lazy("You withdrew"),
    "application.lapsed": gettext_lazy("The round closed"),
    "application.revived": gettext_lazy("The round opened again"),
    "appeal.filed": gettext_lazy("You appealed"),
    "appeal.withdrawn": gettext_lazy("You took the appeal back"),
    "appeal.upheld": gettext_lazy("Appeal upheld"),
    "appeal.dismissed": gettext_lazy("Appeal dismissed"),
    "application.opened": gettext_lazy("Somebody outside the office opened your file"),
    "dossier.shared": gettext_lazy("The office shared your file"),
    "dossier.revoked": gettext_lazy("The office took the shared file back"),
    "document.asked": gettext_lazy("A document was asked for"),
    "document.refused": gettext_lazy("A document was refused"),
}
STOPS = frozenset(
    f"application.{word}" for word in ("rejected", "declined", "expired", "withdrawn", "lapsed")
)  # fmt: skip
DECISIONS = frozenset(f"application.{word}" for word in ("offered", "waitlisted", "rejected"))
# The office speaks as one. Who opens a file from outside it was told that the own name will stand here.
NAMED = frozenset({"application.opened"})

COMING: dict[str, list[Any]] = {
    State.DRAFT: [gettext_lazy("Submit"), gettext_lazy("The office checks"), gettext_lazy("Decision for all at once")],
    State.SUBMITTED: [gettext_lazy("Decision for all at once"), gettext_lazy("Your answer, if a place is offered")],
    State.MORE_INFO: [gettext_lazy("Your answer"), gettext_lazy("Decision for all at once")],
    State.OFFERED: [gettext_lazy("Your answer"), gettext_lazy("Nomination by your exchange office")],
    State.WAITLISTED: [gettext_lazy("A place comes free, or the round ends")],
    State.ACCEPTED: [
        gettext_lazy("Nomination by your exchange office"), gettext_lazy("Learning agreement"), gettext_lazy("Arrival"),
    ],
}  # fmt: skip
COMING[State.ELIGIBLE] = COMING[State.INELIGIBLE] = COMING[State.SUBMITTED]


def timeline(application: Application, acts: Iterable[Act], score: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Steps for `components/timeline.html`: done, now, to come."""
    done: list[dict[str, Any]] = []
    for act in acts:
        if act.kind in DECISIONS and score:
            done.append(_score_step(score))
        # What has no words here is the office's own, also where nobody thought of marking it as internal.
        if act.kind in LABELS:
            done.append(_step(act))
    done += _now(application)
    if done and application.state in State.live and done[-1]["state"] == "done":
        done[-1]["state"] = "now"
    return done + [{"label": label, "state": "next"} for label in COMING.get(application.state, [])]


def _step(act: Act) -> dict[str, Any]:
    told = [act.details.get(word) for word in ("place", "document", "whom")]
    detail = " · ".join(filter(None, [*told, _reason(act)]))
    by = str(act.actor) if act.kind in NAMED and act.actor else ""
    return {
        "label": LABELS[act.kind],
        "state": "stopped" if act.kind in STOPS else "done",
        "at": act.at,
        "detail": detail,
        "by": by,
    }


def _reason(act: Act) -> str:
    """The office's note on eligibility is its own; every other reason was written for the applicant."""
    return "" if act.kind in applicant_view.TOLD_AFTER_RELEASE else act.reason


def _score_step(score: list[dict[str, Any]]) -> dict[str, Any]:
    total = sum((row["points"] for row in score), Decimal(0))
    detail = ", ".join(f"{row['name']} {plain(Decimal(shown(row['points'])))}/{row['most']}" for row in score)
    return {"label": _("Ranked, score %(score)s") % {"score": shown(total)}, "state": "done", "detail": detail}


def _now(application: Application) -> list[dict[str, Any]]:
    """Where the application stands, when no event of the applicant's own says it."""
    if applicant_view.shown(application) is not applicant_view.UNDER_CONSIDERATION:
        return []
    return [{"label": _("Being considered"), "state": "now", "detail": _("by the office")}]
