"""What the page of one call says: where it stands, its stages, its conditions, who is interested, what happened."""

from datetime import datetime
from typing import Any

from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from funding import eligibility
from funding.models import Call, CallStage, Status
from members.models import Act

WORDS = {
    "call.added": _("Written"),
    "call.changed": _("Changed"),
    "call.propose": _("Proposed to the secretariat"),
    "call.send_back": _("Sent back"),
    "call.publish": _("Published"),
    "call.archive": _("Archived"),
    "call.restore": _("Taken out of the archive"),
}


def page(call: Call, user: Any, now: datetime) -> dict[str, Any]:
    """The context of the detail page for `user` at `now`; a constant number of queries."""
    stages = list(call.stages.all())
    edits = user.has_perm("funding.edit_call", call)
    return {
        "call": call,
        "stages": [{"stage": stage, "is_open": stage.is_open_at(now)} for stage in stages],
        "fields": list(call.fields.all()),
        "conditions": eligibility.sentences(call),
        "edits": edits,
        "turn": reader_turn(call, stages, now),
        "steps": timeline(call) if edits else [],
    }


def reader_turn(call: Call, stages: list[CallStage], now: datetime) -> dict[str, Any]:
    """What somebody who thinks of answering the call does next."""
    source = {"url": call.official_source[1], "label": _("Official text"), "quiet": True}
    if call.status == Status.CLOSED:
        last = max(stage.deadline for stage in stages if stage.deadline)
        title = _("It closed %(time)s ago.") % {"time": timesince(last, now, depth=1)}
        return {"caps": _("Closed"), "title": title, "actions": [source]}
    if call.status == Status.OPEN and call.due_at:
        title = _("Proposals are taken for %(time)s more.") % {"time": timesince(now, call.due_at, depth=1)}
    elif call.status == Status.OPEN:
        title = _("Proposals are taken until further notice.")
    elif call.opens_next:
        title = _("It opens in %(time)s.") % {"time": timesince(now, call.opens_next, depth=1)}
    else:
        title = _("Its dates are not known yet.")
    return {"caps": call.status_words, "title": title, "actions": [source]}


def timeline(call: Call) -> list[dict[str, Any]]:
    """What happened to it, newest last; for those who keep it."""
    return [
        {
            "label": WORDS.get(act.kind, act.kind),
            "state": "done",
            "at": act.at,
            "by": act.actor.get_full_name() if act.actor else "",
            "detail": act.reason or ", ".join(change["what"] for change in act.details.get("changes", [])),
        }
        for act in Act.objects.about(call)
    ]
