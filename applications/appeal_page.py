"""An appeal as its readers see it: on the applicant's page, in the office's file, and where it is answered."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from applications import deliberation
from applications.models import Appeal, AppealFile, Application
from applications.permissions import appeal_judges
from applications.sentences import with_moment
from applications.turns import how_long
from members.models import User

TONES: dict[str, str] = {
    Appeal.State.FILED: "wait",
    Appeal.State.UPHELD: "ok",
    Appeal.State.DISMISSED: "quiet",
    Appeal.State.WITHDRAWN: "quiet",
}


def newest_of(application: Application) -> tuple[Appeal | None, list[AppealFile]]:
    """The appeal filed last, with its files; two queries at most."""
    appeal = application.appeals.select_related("choice__option__host").prefetch_related("files").first()
    if appeal is None:
        return None, []
    appeal.application = application
    files = list(appeal.files.all())
    for file in files:
        file.appeal = appeal  # its address asks for the application, and would ask anew for every paper
    return appeal, files


def of_applicant(application: Application, now: datetime) -> dict[str, Any] | None:
    """What the applicant reads of appealing; None where the decision is not out or cannot be appealed."""
    decision = getattr(application, "decision", None)
    if decision is None or decision.released_at is None or decision.appeal_by is None:
        return None
    appeal, files = newest_of(application)
    # One that was taken back is none: it may be filed again until the last moment.
    standing = appeal is not None and appeal.state != Appeal.State.WITHDRAWN
    may = application.applicant.has_perm("applications.file_appeal", application)
    if appeal is None and not may:  # a place came after all
        return None
    return {
        "appeal": appeal,
        "files": files,
        "tone": TONES[appeal.state] if appeal else "",
        "may_file": may and not standing and decision.may_be_appealed_at(now),
        "is_over": may and not standing and not decision.may_be_appealed_at(now),
        "by": decision.appeal_by,
    }


def turn_of_applicant(application: Application, part: dict[str, Any], now: datetime) -> dict[str, Any] | None:
    """Whose turn it is while an appeal waits; None when there is none."""
    appeal = part["appeal"]
    if appeal is None or not appeal.is_filed:
        return None
    why = with_moment(
        _("Somebody who had no part in the decision answers with reasons by {moment}. You need to do nothing."),
        appeal.answer_by, application.round.time_zone, now,
    )  # fmt: skip
    caps = _("The office’s turn %(since)s") % {"since": how_long(appeal.filed_at, now)}
    return {"caps": caps, "title": _("Your appeal is looked at"), "why": why, "mine": False, "actions": []}


def with_answer_to_come(steps: list[dict[str, Any]], part: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The timeline with the answer among what comes, while an appeal waits."""
    appeal = part["appeal"] if part else None
    if appeal is None or not appeal.is_filed:
        return steps
    happened = [step for step in steps if step["state"] != "next"]
    answer = {"label": _("The office answers your appeal at the latest"), "state": "next", "at": appeal.answer_by}
    return [*happened, answer, *steps[len(happened) :]]


def right_to_appeal(application: Application, part: dict[str, Any], now: datetime) -> tuple[SafeString, dict[str, Any]]:
    """The sentence that says until when, and the step that leads there."""
    sentence = with_moment(
        _("You can appeal this decision until {moment}."), part["by"], application.round.time_zone, now
    )
    address = reverse("applications:appeal_new", args=[application.reference])
    return sentence, {"label": _("Appeal"), "url": address, "quiet": True}


def of_desk(application: Application, reader: User, now: datetime) -> dict[str, Any] | None:
    """What the office reads: the appeal, its papers, who may answer it; None without one, and for reviewers."""
    if not reader.has_perm("applications.read_appeal", application):
        return None
    appeal, files = newest_of(application)
    if appeal is None:
        return None
    judges = judges_of(appeal) if appeal.is_filed else []
    return {
        "appeal": appeal,
        "files": files,
        "tone": "due" if appeal.is_filed and now > appeal.answer_by else TONES[appeal.state],
        "judges": judges,
        "may_answer": reader in judges,
    }


def judges_of(appeal: Appeal) -> list[User]:
    """Who may answer a filed appeal today."""
    asked = list(Appeal.objects.filed().filter(pk=appeal.pk).with_what_it_is_about())
    return appeal_judges(asked, localdate()).get(appeal.pk, [])


def turn_of_desk(application: Application, part: dict[str, Any], now: datetime) -> dict[str, Any] | None:
    """Whose turn a file is while its appeal waits; None when none does."""
    appeal = part["appeal"]
    if not appeal.is_filed:
        return None
    sentence = _("The student was promised an answer by {moment}.")
    why = with_moment(sentence, appeal.answer_by, application.round.time_zone, now)
    since = {"since": how_long(appeal.filed_at, now)}
    if part["may_answer"]:
        address = reverse("applications:appeal_answer", args=[application.reference])
        answer = {"label": _("Answer it"), "url": address}
        caps = _("Your turn %(since)s") % since
        return {"caps": caps, "title": _("Answer the appeal"), "why": why, "mine": True, "actions": [answer]}
    title = _("Somebody else answers the appeal") if part["judges"] else _("Nobody may answer the appeal yet")
    caps = _("Waiting %(since)s") % since
    return {"caps": caps, "title": title, "why": why, "mine": False, "actions": []}


def places_of(application: Application) -> list[dict[str, Any]]:
    """Each choice with what is left of it; two queries."""
    choices = list(application.choices.select_related("option__host"))
    left = deliberation.places_left_of(application)
    return [{"choice": choice, "left": max(0, left[choice.option_id])} for choice in choices]
