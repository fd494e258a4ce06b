"""The board of decisions: everybody by score with what is prepared for each, and what speaks against a release."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import Application, LetterTemplate, Round
from applications.round_board import occupancy

State = Application.State
Outcome = LetterTemplate.Outcome


def decisions_of(round: Round, now: datetime) -> dict[str, Any]:
    """The context of the decision pages at `now`; five queries however many applications."""
    undecided = (State.DRAFT, State.WITHDRAWN, State.LAPSED)
    rows = list(
        Application.objects.on_the_desk_of(round)
        .exclude(state__in=undecided)
        .select_related("decision__choice__option__host")
        .order_by("-score", "submitted_at", "reference")
    )
    rows.sort(key=lambda row: (row.score is None, -(row.score or 0), row.submitted_at, row.reference))
    for row in rows:
        row.prepared = getattr(row, "decision", None)
    prepared = [row.prepared for row in rows if row.prepared]
    outcomes = Counter(decision.outcome for decision in prepared)
    options = occupancy(round)
    offers = Counter(d.choice.option_id for d in prepared if d.outcome == Outcome.OFFER and d.released_at is None)
    for option in options:
        option.prepared = offers[option.pk]
        option.after = option.taken + option.prepared
    return {
        "round": round,
        "rows": rows,
        "options": options,
        "figures": [
            {"value": len(rows), "label": _("applications")},
            {"value": outcomes[Outcome.OFFER], "label": _("offers")},
            {"value": outcomes[Outcome.WAIT], "label": _("on the waiting list")},
            {"value": outcomes[Outcome.REJECT], "label": _("without a place")},
            {"value": len(rows) - len(prepared), "label": _("not decided yet")},
        ],
        "is_closed": round.state == Round.State.CLOSED,
        "can_release": round.state == Round.State.CLOSED and bool(rows) and len(prepared) == len(rows),
        "turn": _turn(round, rows, len(prepared), now),
    }


def _turn(round: Round, rows: list[Application], prepared: int, now: datetime) -> dict[str, Any]:
    slug = [round.slug]
    if round.state != Round.State.CLOSED:
        why = _("They were released together; the letters can be read below.") if round.released_at else ""
        title = _("All decisions are out") if round.released_at else _("The round is still open")
        return {"caps": _("Nobody’s turn"), "title": title, "why": why, "mine": False, "actions": []}
    propose = {
        "label": _("Propose by score"),
        "url": reverse("applications:round_propose", args=slug),
        "post": True,
        "quiet": bool(prepared),
    }
    left = len(rows) - prepared
    if left:
        title = ngettext("%(n)d application is not decided yet", "%(n)d applications are not decided yet", left) % {
            "n": left
        }
        why = _("A proposal gives each the highest choice with a place left, by score. What you decided by hand stays.")
        return {"caps": _("Your turn"), "title": title, "why": why, "mine": True, "actions": [propose]}
    release = {"label": _("Release all decisions"), "url": reverse("applications:round_release", args=slug)}
    why = _("Read the letters; nothing has left yet. After the release nobody can take one back.")
    title = _("Everything is prepared")
    return {"caps": _("Your turn"), "title": title, "why": why, "mine": True, "actions": [release, propose]}
