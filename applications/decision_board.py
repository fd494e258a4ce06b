"""The board of decisions: everybody by score with what is prepared for each, and what speaks against a release."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import Application, Decision, LetterTemplate, Round
from applications.round_board import occupancy

State = Application.State
Outcome = LetterTemplate.Outcome
# Of who took it back a decision may have been prepared; no release sends it, so no figure counts it.
UNDECIDED = (State.DRAFT, State.WITHDRAWN, State.LAPSED)
PER_PAGE = 50


def decisions_of(round: Round, now: datetime, number: str | None = None) -> dict[str, Any]:
    """The context of the decision pages at `now`, with page `number` of the applications; a constant number of queries.

    Figures and places count the whole round, whatever page is shown.
    """
    shown = Paginator(_by_score(round), PER_PAGE).get_page(number)
    for row in shown:
        row.prepared = getattr(row, "decision", None)
    prepared = Decision.objects.filter(application__round=round).exclude(application__state__in=UNDECIDED).order_by()
    outcomes = Counter(dict(prepared.values_list("outcome").annotate(n=Count("pk"))))
    left = shown.paginator.count - outcomes.total()
    return {
        "round": round,
        "page_obj": shown,
        "options": _filled_by(prepared.filter(outcome=Outcome.OFFER, released_at=None), round),
        "figures": [
            {"value": shown.paginator.count, "label": _("applications")},
            {"value": outcomes[Outcome.OFFER], "label": _("offers")},
            {"value": outcomes[Outcome.WAIT], "label": _("on the waiting list")},
            {"value": outcomes[Outcome.REJECT], "label": _("without a place")},
            {"value": left, "label": _("not decided yet")},
        ],
        "is_closed": round.state == Round.State.CLOSED,
        "turn": _turn(round, left, outcomes.total(), now),
    }


def _by_score(round: Round) -> QuerySet[Application]:
    """Everybody to be decided, the highest score first, those without one last."""
    rows = Application.objects.on_the_desk_of(round).exclude(state__in=UNDECIDED)
    joined = rows.select_related("decision__choice__option__host")
    return joined.order_by(F("score").desc(nulls_last=True), "submitted_at", "reference")


def _filled_by(offers: QuerySet[Decision], round: Round) -> list[Any]:
    """The places of the round with how many are `prepared`, and how many are taken `after` these offers."""
    options = occupancy(round)
    counts = dict(offers.values_list("choice__option").annotate(n=Count("pk")))
    for option in options:
        option.prepared = counts.get(option.pk, 0)
        option.after = option.taken + option.prepared
    return options


def _turn(round: Round, left: int, prepared: int, now: datetime) -> dict[str, Any]:
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
