"""What stands above a round's board: how many applications are where, how full the places are, what comes next."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from applications.models import Appeal, Application, Choice, Round

State = Application.State

STAGES = [
    (gettext_lazy("Submitted"), None),
    (gettext_lazy("To check"), (State.SUBMITTED,)),
    (gettext_lazy("With the student"), (State.MORE_INFO,)),
    (gettext_lazy("Eligible"), (State.ELIGIBLE,)),
    (gettext_lazy("Offered"), (State.OFFERED,)),
    (gettext_lazy("Accepted"), (State.ACCEPTED,)),
    (gettext_lazy("Waiting list"), (State.WAITLISTED,)),
    (gettext_lazy("Ended without a place"), (*State.ended, State.INELIGIBLE)),
]


def board(round: Round, now: datetime) -> dict[str, Any]:
    """The stages with their numbers, the occupancy of each place, and the next step of the round; four queries."""
    rows = round.applications.exclude(submitted_at=None).values_list("state").annotate(n=Count("pk"))
    counts: dict[str, int] = dict(rows.order_by())
    here = reverse("applications:round_desk", args=[round.slug])
    stages = [
        {
            "label": label,
            "count": sum(counts.get(state, 0) for state in states) if states else sum(counts.values()),
            "url": here + ("?" + "&".join(f"state={state}" for state in states) if states else ""),
        }
        for label, states in STAGES
    ]
    return {
        "stages": stages,
        "most": max((stage["count"] for stage in stages), default=0) or 1,
        **_by_demand(occupancy(round)),
        "turn": appeals_turn(round) or next_step(round, counts, now),
    }


def _by_demand(options: list[Any]) -> dict[str, Any]:
    """The places somebody wants, holds or waits for apart from the others: of a hundred places a few need a look."""
    wanted = [option for option in options if option.wishes or option.taken or option.waiting]
    return {"wanted": wanted, "unwanted": [option for option in options if option not in wanted]}


def occupancy(round: Round) -> list[Any]:
    """The round's options with places, taken, wishes and first wishes, the most wanted first; one query."""
    wished = Q(choices__application__round=round) & ~Q(choices__application__submitted_at=None)
    rows = round.options.select_related("host").with_places_left().annotate(
        wishes=Count("choices", filter=wished, distinct=True),
        first_wishes=Count("choices", filter=wished & Q(choices__rank=1), distinct=True),
        waiting=Count("choices", filter=Q(choices__state=Choice.State.WAITING), distinct=True),
    )  # fmt: skip
    return list(rows.order_by("-wishes", "host__short_name", "title"))


def appeals_turn(round: Round) -> dict[str, Any] | None:
    """The appeals that wait for their answer, as `components/turn.html` reads it; None when none does."""
    filed = Appeal.objects.filed().filter(application__round=round).count()
    if not filed:
        return None
    title = ngettext("Answer %(n)d appeal", "Answer %(n)d appeals", filed) % {"n": filed}
    url = reverse("applications:round_desk", args=[round.slug]) + f"?appeal={Appeal.State.FILED}"
    why = _("By somebody who neither prepared nor released the decision, nor was asked to review it.")
    return _turn(title, why, actions=[{"label": _("Show them"), "url": url}])


def next_step(round: Round, counts: dict[str, int], now: datetime) -> dict[str, Any]:
    """Whose turn the round is and what to do now, as `components/turn.html` reads it."""
    decisions = reverse("applications:round_decisions", args=[round.slug])
    unchecked = counts.get(State.SUBMITTED, 0)
    if ahead := _before_it_opens(round, now):
        return ahead
    if unchecked:
        url = reverse("applications:round_desk", args=[round.slug]) + "?state=submitted"
        return _turn(
            ngettext("Check %(n)d application", "Check %(n)d applications", unchecked) % {"n": unchecked},
            _("Find each eligible or not, or ask the student for what is missing."),
            actions=[{"label": _("Show them"), "url": url}],
        )
    if round.state == Round.State.PUBLISHED:
        return _turn(_("Nothing to check"), _("New applications arrive until the round closes."), mine=False)
    if round.state == Round.State.CLOSED:
        return _turn(
            _("Decide"),
            _("Every application is checked. Propose by score, read, then release all at once."),
            actions=[{"label": _("Decisions"), "url": decisions}],
        )
    offered = counts.get(State.OFFERED, 0)
    waiting = ngettext("%(n)d offer waits for its answer", "%(n)d offers wait for their answer", offered)
    return _turn(
        waiting % {"n": offered} if offered else _("No offer waits for an answer"),
        _("Unanswered offers end by themselves and the waiting list moves up."),
        mine=False,
        actions=[{"label": _("Decisions"), "url": decisions, "quiet": True}],
    )


def _before_it_opens(round: Round, now: datetime) -> dict[str, Any] | None:
    if round.state == Round.State.DRAFT:
        return _turn(_("It is a draft"), _("Nobody can apply before it is published."), mine=False)
    if round.state == Round.State.PUBLISHED and now < round.opens_at:
        return _turn(_("It opens by itself"), _("Students see it already and can prepare."), mine=False)
    return None


def _turn(title: str, why: str, *, mine: bool = True, actions: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    caps = _("Your turn") if mine else _("Nobody’s turn")
    return {"caps": caps, "title": title, "why": why, "mine": mine, "actions": actions or []}
