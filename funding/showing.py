"""What the page of one call says: where it stands, its stages, its conditions, who is interested, what happened."""

from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from funding import eligibility
from funding.differences import in_a_line
from funding.models import Call, CallStage, Interest, Status
from members.models import Act
from members.moments import ago, how_long
from members.zones import day_in

WORDS = {
    "call.added": gettext_lazy("Written"),
    "call.changed": gettext_lazy("Changed"),
    "call.conditions_changed": gettext_lazy("Changed by its programme or its source"),
    "call.propose": gettext_lazy("Proposed to the secretariat"),
    "call.send_back": gettext_lazy("Sent back"),
    "call.publish": gettext_lazy("Published"),
    "call.archive": gettext_lazy("Archived"),
    "call.restore": gettext_lazy("Taken out of the archive"),
}


def page(call: Call, user: Any, now: datetime) -> dict[str, Any]:
    """The context of the detail page for `user` at `now`; a constant number of queries."""
    stages = list(call.stages.all())
    edits = user.has_perm("funding.edit_call", call)
    interests = interests_in(call, user)
    # Several, where one acts for several universities.
    mine = [interest for interest in interests if interest.person_id == user.pk]
    takes_interests = call.state == Call.State.PUBLISHED and call.status != Status.CLOSED
    expresses = takes_interests and user.has_perm("funding.express_interest")
    public = call.state == Call.State.PUBLISHED
    turn = reader_turn(call, stages, now, expresses=expresses and not mine) if public else keeper_turn(call, user, now)
    return {
        "call": call,
        "stages": [{"stage": row, "is_open": row.is_open_at(now, stages[:n])} for n, row in enumerate(stages)],
        "fields": list(call.fields.all()),
        "conditions": eligibility.sentences(call),
        "interests": interests,
        "mine": mine,
        "expresses": expresses,
        "consortium": consortium(call, interests, stages, now),
        "follows": user.is_authenticated and call.follows.filter(user=user.pk).exists(),
        "can_follow": public and user.is_authenticated,
        "takes_part": bool(interests) or (public and user.is_authenticated),
        "edits": edits,
        "curates": user.has_perm("funding.publish_call", call),
        "turn": turn,
        "steps": timeline(call) if edits else [],  # it names who decided, and why something was sent back
    }


def interests_in(call: Call, user: Any) -> list[Interest]:
    """Who is interested, as far as this reader may know: nobody for those who are not."""
    if not user.is_authenticated:
        return []
    rows = Interest.objects.active().visible_to(user).filter(call=call).with_standing(timezone.localdate())
    return list(rows.select_related("university__country", "person").order_by("university__short_name", "created_at"))


def consortium(call: Call, interests: list[Interest], stages: list[CallStage], now: datetime) -> dict[str, Any] | None:
    """The universities interested, held against the conditions on the day of the last deadline. No query."""
    if not interests:
        return None
    # Each university once: a second colleague of it is no second organisation.
    universities = list({interest.university_id: interest.university for interest in interests}.values())
    day = _last_day(stages) or localdate(now)
    findings = eligibility.check(call, universities, day)
    return {"findings": findings, "verdict": eligibility.verdict(findings), "on": day, "n": len(universities)}


def _last_day(stages: list[CallStage]) -> date | None:
    """The day of the last deadline on its own clock: who leaves the consortium on the next one still counts."""
    last = max((stage for stage in stages if stage.deadline), key=lambda stage: stage.deadline, default=None)
    return day_in(last.time_zone, last.deadline) if last else None


def reader_turn(call: Call, stages: list[CallStage], now: datetime, *, expresses: bool) -> dict[str, Any]:
    """What somebody who thinks of answering the call does next."""
    source = {"url": call.official_source[1], "label": _("Official text"), "quiet": True}
    if call.status == Status.CLOSED:
        last = max(stage.deadline for stage in stages if stage.deadline)
        title = _("It closed %(time)s.") % {"time": ago(last, now)}
        return {"caps": _("Closed"), "title": title, "actions": [source]}
    turn = {"caps": call.status_words, "title": _when(call, now), "actions": [source]}
    if expresses:
        address = reverse("funding:interest_add", args=[call.slug])
        turn["actions"] = [{"url": address, "label": _("Express interest")}, source]
        turn["why"] = _("Say what you bring; then you see who else is interested.")
    return turn


def _when(call: Call, now: datetime) -> str:
    if call.status == Status.OPEN and call.due_at:
        return _("Proposals are taken for %(time)s more.") % {"time": timesince(now, call.due_at, depth=1)}
    if call.status == Status.OPEN:
        return _("Proposals are taken until further notice.")
    if call.opens_next:
        return _("It opens in %(time)s.") % {"time": timesince(now, call.opens_next, depth=1)}
    return _("Its dates are not known yet.")


def keeper_turn(call: Call, user: Any, now: datetime) -> dict[str, Any]:
    """What the grant office or the secretariat does next with a call that is not public."""
    since, before = how_long(call.state_since, now), ago(call.state_since, now)
    curates = user.has_perm("funding.publish_call", call)
    if call.state == Call.State.ARCHIVED:
        actions = [_action(call, "restore", _("Take it out"))] if curates else []
        return {"caps": _("Archived %(time)s") % {"time": before}, "title": _("It is put away."), "actions": actions}
    if call.state == Call.State.PROPOSED and not curates:
        title = _("The secretariat looks through it.")
        return {"caps": _("Proposed %(time)s") % {"time": before}, "title": title, "actions": []}
    if call.state == Call.State.PROPOSED:
        actions = [_action(call, "publish", _("Publish")), _action(call, "send_back", _("Send back"), quiet=True)]
        office = call.office.short_name if call.office else _("the secretariat")
        title = _("%(office)s proposes this call: publish it, or send it back.") % {"office": office}
        return {"caps": _("Your turn since %(time)s") % {"time": since}, "title": title, "mine": True,
                "actions": actions}  # fmt: skip
    return _draft_turn(call, since, curates=curates)


def _draft_turn(call: Call, since: str, *, curates: bool) -> dict[str, Any]:
    missing = call.missing_to_publish(list(call.stages.all()))
    turn = {"caps": _("Your turn since %(time)s") % {"time": since}, "mine": True}
    edit = _action(call, "edit", _("Edit"), quiet=not missing)
    if asked := sent_back_with(call):
        turn |= {"title": _("Sent back. Mend it, then propose it again."), "why": asked}
        again = [] if missing or curates else [_action(call, "propose", _("Propose"), quiet=True)]
        return turn | {"actions": [_action(call, "edit", _("Edit")), *again]}
    if missing:
        why = _("Still missing: %(missing)s.") % {"missing": ", ".join(missing)}
        return turn | {"title": _("Complete it, then hand it on."), "why": why, "actions": [edit]}
    if curates:
        return turn | {"title": _("It is complete: publish it."),
                       "actions": [_action(call, "publish", _("Publish")), edit]}  # fmt: skip
    return turn | {"title": _("It is complete: propose it to the secretariat."),
                   "actions": [_action(call, "propose", _("Propose")), edit]}  # fmt: skip


def sent_back_with(call: Call) -> str:
    """What the secretariat asked for, while the office has not proposed the draft anew; one query."""
    last = Act.objects.about(call).exclude(kind__in=["call.changed", "call.conditions_changed"]).last()
    return last.reason if last is not None and last.kind == "call.send_back" else ""


def _action(call: Call, act: str, label: str, *, quiet: bool = False) -> dict[str, Any]:
    return {"url": reverse(f"funding:call_{act}", args=[call.slug]), "label": label, "quiet": quiet}


def timeline(call: Call) -> list[dict[str, Any]]:
    """What happened to it, newest last; for those who keep it."""
    return [
        {
            "label": WORDS.get(act.kind, act.kind),
            "state": "done",
            "at": act.at,
            "by": _by(act),
            "detail": act.reason or in_a_line(act.details.get("changes", [])),
        }
        for act in Act.objects.about(call)
    ]


def _by(act: Act) -> str:
    """Who did it; of a deputy also for whom."""
    name = act.actor.get_full_name() if act.actor else ""
    return _("%(person)s for %(other)s") % {"person": name, "other": act.on_behalf_of} if act.on_behalf_of else name
