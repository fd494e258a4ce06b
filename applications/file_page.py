"""One application as the office and its reviewers read it: student, choices, documents, points, what happened."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import appeal_page, eligibility, nominations
from applications.application_page import is_missing, slot_label
from applications.models import Application, DocumentSlot, Review, Round
from applications.nominations import Nomination
from applications.standing import Standing
from applications.turns import Who, how_long, turn_of
from members.models import Act, User

State = Application.State

WORDS_OF_ACTS = {
    "appeal.dismissed": gettext_lazy("Appeal dismissed"),
    "appeal.filed": gettext_lazy("Appeal filed"),
    "appeal.upheld": gettext_lazy("Appeal upheld"),
    "appeal.withdrawn": gettext_lazy("Appeal taken back"),
    "application.started": gettext_lazy("Draft begun"),
    "application.submitted": gettext_lazy("Submitted"),
    "application.found_eligible": gettext_lazy("Found eligible"),
    "application.found_ineligible": gettext_lazy("Found not eligible"),
    "application.more_asked": gettext_lazy("Asked for more"),
    "application.answered": gettext_lazy("Answered"),
    "application.offered": gettext_lazy("Place offered"),
    "application.accepted": gettext_lazy("Place accepted"),
    "application.declined": gettext_lazy("Place declined"),
    "application.expired": gettext_lazy("Offer expired"),
    "application.withdrawn": gettext_lazy("Withdrawn"),
    "application.lapsed": gettext_lazy("Not submitted when the round closed"),
    "application.revived": gettext_lazy("Draft again, as the round opened again"),
    "application.rejected": gettext_lazy("No place"),
    "application.waitlisted": gettext_lazy("Put on the waiting list"),
    "application.opened": gettext_lazy("Opened by somebody outside the office"),
    "application.moved_up": gettext_lazy("Moved up from the waiting list"),
    "decision.prepared": gettext_lazy("Decision prepared"),
    "decision.released": gettext_lazy("Decision released"),
    "document.received": gettext_lazy("Document received"),
    "document.validated": gettext_lazy("Document checked"),
    "document.refused": gettext_lazy("Document refused"),
    "document.asked": gettext_lazy("Document asked for"),
    "dossier.opened": gettext_lazy("Dossier taken as PDF"),
    "dossier.opened_by_link": gettext_lazy("Dossier opened by a link"),
    "dossier.revoked": gettext_lazy("Link to the dossier revoked"),
    "dossier.shared": gettext_lazy("Dossier shared by a link"),
    "letter.edited": gettext_lazy("Letter changed"),
    "review.assigned": gettext_lazy("Review asked for"),
    "review.finished": gettext_lazy("Review finished"),
    "review.recused": gettext_lazy("Reviewer stepped back"),
    "review.reopened": gettext_lazy("Review opened again"),
}


def read(application: Application, reader: User, now: datetime) -> dict[str, Any]:
    """The context of a file's page for `reader` at `now`; a constant number of queries.

    What the reader may not see (other reviews, the decision) is left out here, not in the template.
    """
    decides = reader.has_perm("applications.decide_application", application)
    sees_reviews = reader.has_perm("applications.see_reviews", application)
    sees_decision = reader.has_perm("applications.see_decision", application)
    appealing = appeal_page.of_desk(application, reader, now)
    slots = application.document_slots.prefetch_related("files")
    nomination = nominations.of_application(application)
    checks = decides and application.state in State.live
    return {
        "application": application,
        "round": application.round,
        "facts": facts_of(application),
        "choices": choices_of(application, now),
        "slots": [_slot(application, slot, nomination, checks=checks) for slot in slots],
        "reviews": _reviews(application) if sees_reviews else [],
        "sees_reviews": sees_reviews,
        "decision": getattr(application, "decision", None) if sees_decision else None,
        "sees_decision": sees_decision,
        "appealing": appealing,
        "can_decide": decides,
        "can_share": reader.has_perm("applications.share_dossier", application),
        "can_check": decides
        and application.state in State.in_review
        and application.round.state != Round.State.RELEASED,
        "timeline": timeline_of(application) if sees_decision else [],
        "turn": _turn(application, appealing, now) if sees_decision else None,
    }


def facts_of(application: Application) -> list[dict[str, Any]]:
    """The student's data as they stood at submission."""
    standing = Standing.from_snapshot(application.profile)
    if standing is None:
        return []
    rows = [
        (_("Home university"), standing.home),
        (_("Degree programme"), standing.programme),
        (_("Level"), standing.level_name),
        (_("Field"), standing.field_name),
        (_("Semester"), standing.semester),
        (_("ECTS credits"), eligibility.plain(standing.ects) if standing.ects is not None else ""),
        (_("Average grade"), standing.grade_in_words),
        (_("Languages"), ", ".join(standing.language_names)),
        (_("Phone"), application.phone),
    ]
    return [{"label": label, "value": value} for label, value in rows if value not in ("", None)]


def choices_of(application: Application, now: datetime) -> list[dict[str, Any]]:
    """The ranked choices, each with its verdicts by the data as submitted."""
    choices = list(application.choices.select_related("option__host").order_by("rank"))
    # As handed in: by the profile of today a verdict could turn while the office is deciding.
    standing = Standing.from_snapshot(application.profile)
    day = now.astimezone(application.round.zone).date()
    verdicts = eligibility.of_round(application.round, [c.option for c in choices], standing, day)
    return [
        {"choice": choice, "verdicts": verdicts.of_round + verdicts.of_options[choice.option_id]} for choice in choices
    ]


def _slot(
    application: Application, slot: DocumentSlot, nomination: Nomination | None, *, checks: bool
) -> dict[str, Any]:
    files = list(slot.files.all())
    asked, missing = slot.state == DocumentSlot.State.ASKED, is_missing(application, slot)
    waiting = slot.state == DocumentSlot.State.RECEIVED
    return {
        "slot": slot,
        "newest": files[0] if files else None,
        "older": files[1:],
        "can_validate": checks and waiting,
        "can_refuse": checks and slot.state in (DocumentSlot.State.RECEIVED, DocumentSlot.State.VALIDATED),
        "label": slot_label(slot, missing=missing),
        "tone": "quiet" if asked and not missing else TONES_OF_SLOTS[slot.state],
        "nomination": nomination if slot.needed == DocumentSlot.Needed.LATER else None,
    }


TONES_OF_SLOTS = {
    DocumentSlot.State.TO_ASK: "quiet",
    DocumentSlot.State.ASKED: "wait",
    DocumentSlot.State.RECEIVED: "",
    DocumentSlot.State.VALIDATED: "ok",
    DocumentSlot.State.REFUSED: "due",
}


def _reviews(application: Application) -> list[dict[str, Any]]:
    reviews = application.reviews.select_related("reviewer").prefetch_related("scores__criterion")
    found = []
    for review in reviews:
        scores = list(review.scores.all())
        total = sum((score.points for score in scores), 0) if review.state == Review.State.FINISHED else None
        found.append({"review": review, "scores": scores, "total": total})
    return found


def timeline_of(application: Application) -> list[dict[str, Any]]:
    """What happened, the newest first, as `components/timeline.html` reads it."""
    acts = reversed(Act.objects.about(application))
    return [
        {
            "label": WORDS_OF_ACTS.get(act.kind, act.kind),
            "state": "done",
            "at": act.at,
            "by": _by(act),
            "detail": act.reason or act.details.get("document") or act.details.get("whom", ""),
        }
        for act in acts
    ]


def _by(act: Act) -> str:
    if act.kind == "dossier.opened_by_link":
        return ""
    if act.actor is None:
        return _("by the clock")
    if act.on_behalf_of:
        return _("%(deputy)s for %(holder)s") % {"deputy": act.actor, "holder": act.on_behalf_of}
    return str(act.actor)


WHY = {
    State.SUBMITTED: gettext_lazy("Compare the data with the documents, then say whether it is eligible."),
    State.ELIGIBLE: gettext_lazy("Decisions are prepared for the whole round, once it has closed."),
    State.INELIGIBLE: gettext_lazy("The reason goes out with the decisions."),
    State.OFFERED: gettext_lazy("Unanswered, the offer ends by itself and the place goes to the next in line."),
    State.WAITLISTED: gettext_lazy("A place that comes free is offered by itself."),
    State.ACCEPTED: gettext_lazy("The place is taken."),
}


def _turn(application: Application, appealing: dict[str, Any] | None, now: datetime) -> dict[str, Any]:
    """An appeal that waits comes before everything else."""
    waits = appeal_page.turn_of_desk(application, appealing, now) if appealing else None
    return waits or desk_turn(application, now)


def desk_turn(application: Application, now: datetime) -> dict[str, Any]:
    """Whose turn a file is and what the office can do, as `components/turn.html` reads it."""
    turn = turn_of(application)
    mine = turn.who == Who.OFFICE
    words = {"who": turn.who.label, "since": how_long(turn.since, now)}
    caps = _("Your turn %(since)s") % words if mine else _("%(who)s: %(since)s") % words
    why = application.asked_for if application.state == State.MORE_INFO else WHY.get(application.state, "")
    return {"caps": caps, "title": turn.step, "why": why, "mine": mine, "actions": _desk_actions(application)}


def _desk_actions(application: Application) -> list[dict[str, Any]]:
    """The acts of the office; while the student is asked for more they stand back, for what arrived another way."""
    asked = application.state == State.MORE_INFO
    ask = _action(application, _("Ask the student"), "application_ask_more", quiet=True)
    if application.state == State.SUBMITTED or asked:
        return [
            _action(application, _("It is eligible"), "application_find_eligible", quiet=asked),
            _action(application, _("Not eligible"), "application_find_ineligible", quiet=True),
            *([] if asked else [ask]),
        ]
    if application.state == State.INELIGIBLE:  # a "no" can be looked at again until it leaves with the release
        return [_action(application, _("It is eligible after all"), "application_find_eligible", quiet=True), ask]
    if application.state == State.ELIGIBLE:
        decide = _action(application, _("Decide by hand"), "decision_edit")
        again = _action(application, _("Not eligible after all"), "application_find_ineligible", quiet=True)
        return [*([decide] if application.round.state == Round.State.CLOSED else []), again, ask]
    return []


def _action(application: Application, label: str, name: str, *, quiet: bool = False) -> dict[str, Any]:
    return {"label": label, "url": reverse(f"applications:{name}", args=[application.reference]), "quiet": quiet}
