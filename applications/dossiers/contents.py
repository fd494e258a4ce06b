"""What stands in a dossier, by who reads it: the applicant, the staff with the file in hand, who holds a link."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from applications import appeal_page, applicant_view, application_page, file_page
from applications.actions.telling import moment
from applications.applicant_timeline import timeline
from applications.models import Application, Choice
from members.models import User
from members.zones import written

Contents = dict[str, Any]


def for_staff(application: Application, reader: User, now: datetime) -> Contents:
    """As the desk, a reviewer, or somebody with a logged reason reads the file; `file_page` leaves out what is not
    for them.
    """
    page = file_page.read(application, reader, now)
    return _common(application, now, str(reader), page["facts"]) | {
        "state": str(application.get_state_display()),
        "choices": _choices(page["choices"], {}),
        "notes": _paragraphs(application.notes),
        "reviews": [_review(entry) for entry in page["reviews"]],
        "sees_reviews": page["sees_reviews"],
        "decision": _decision(page["decision"]),
        "appeal": _appeal(page["appealing"], application),
        "papers": page["appealing"]["files"] if page["appealing"] else [],
        "timeline": _events(page["timeline"], application),
    }


def for_applicant(application: Application, now: datetime) -> Contents:
    """As the applicant reads it: no review, no note of the office, and no result before the release."""
    decided = applicant_view.is_decided(application)
    score = application_page.score_of(application) if decided else []
    steps = timeline(application, applicant_view.acts_for(application), score)
    appealing = appeal_page.of_applicant(application, now) if decided else None
    return _common(application, now, str(application.applicant), file_page.facts_of(application)) | {
        "state": str(applicant_view.shown(application).label),
        "choices": _choices(file_page.choices_of(application, now), _results(application)),
        "notes": _paragraphs(application.notes),
        "appeal": _appeal(appealing, application),
        "papers": appealing["files"] if appealing else [],
        "timeline": _events([step for step in steps if step["state"] != "next"], application),
    }


def for_link(application: Application, whom: str, now: datetime) -> Contents:
    """As somebody outside reads it: what was handed in and what the student was told; no address, no phone."""
    # What is needed for the purpose and no more (GDPR, article 5.1 c): the reader judges and writes to nobody.
    facts = [fact for fact in file_page.facts_of(application) if fact["label"] != _("Phone")]
    return _common(application, now, whom, facts) | {
        "state": str(applicant_view.shown(application).label),
        "choices": _choices(file_page.choices_of(application, now), _results(application)),
    }


def _common(application: Application, now: datetime, reader: str, facts: list[dict[str, Any]]) -> Contents:
    """What every reader gets; the other parts are empty until they are put in."""
    round = application.round
    own = [
        (_("Round"), f"{round.title}, {round.when}"),
        (_("Run by"), round.university.name),
        (_("Handed in"), moment(application.submitted_at, round)),
    ]
    return {
        "reference": application.reference,
        # The name as it was handed in: the account may be called otherwise, or be erased, when the dossier is read.
        "name": application.profile.get("name") or application.applicant.get_full_name(),
        "made": _("Made for %(reader)s on %(moment)s") % {"reader": reader, "moment": moment(now, round)},
        "facts": [*own, *((str(fact["label"]), str(fact["value"])) for fact in facts)],
        "motivation": _paragraphs(application.motivation),
        "notes": [],
        "reviews": [],
        "sees_reviews": False,
        "decision": [],
        "appeal": [],
        "papers": [],
        "timeline": [],
    }


def _paragraphs(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def _results(application: Application) -> dict[int, tuple[str, str]]:
    """Result and reason of each choice as the applicant is told them."""
    return {row.choice.pk: (row.result, row.why) for row in application_page.choice_rows(application)}


def _choices(entries: Iterable[dict[str, Any]], told: dict[int, tuple[str, str]]) -> list[dict[str, Any]]:
    """The ranked choices; without `told` their result is the one that the desk sees."""
    return [_choice(entry["choice"], entry["verdicts"], told) for entry in entries]


def _choice(choice: Choice, verdicts: Iterable[Any], told: dict[int, tuple[str, str]]) -> dict[str, Any]:
    result, why = told.get(choice.pk, (str(choice.get_state_display()), choice.why))
    words = {True: _("Met"), False: _("Not met"), None: _("Look")}
    return {
        "rank": choice.rank,
        "place": choice.option.place,
        "result": result,
        "why": why,
        "verdicts": [{"word": words[verdict.met], "sentence": verdict.sentence} for verdict in verdicts],
    }


def _review(entry: dict[str, Any]) -> dict[str, Any]:
    review = entry["review"]
    points = [f"{score.criterion.name} {score.points}/{score.criterion.max_points}" for score in entry["scores"]]
    return {
        "reviewer": str(review.reviewer),
        "state": str(review.get_state_display()),
        "total": "" if entry["total"] is None else str(entry["total"]),
        "points": ", ".join(points),
        "words": _paragraphs(review.comment),
    }


def _decision(decision: Any) -> list[str]:
    """Outcome and reason; a decision that was not released says so."""
    if decision is None:
        return []
    state = _("released") if decision.released_at else _("prepared, not released")
    return [f"{decision.get_outcome_display()} ({state})", decision.reason]


def _appeal(part: dict[str, Any] | None, application: Application) -> list[str]:
    """What was said and what was answered, with the dates; nothing where nobody appealed."""
    appeal = part["appeal"] if part else None
    if appeal is None:
        return []
    round = application.round
    filed = {"at": moment(appeal.filed_at, round), "by": moment(appeal.answer_by, round)}
    head = _("Filed %(at)s, to be answered by %(by)s: %(state)s") % {**filed, "state": appeal.get_state_display()}
    answered = [_("Answered %(at)s:") % {"at": moment(appeal.decided_at, round)}] if appeal.decided_at else []
    return [head, *_paragraphs(appeal.grounds), *answered, *_paragraphs(appeal.reasons)]


def _events(steps: Iterable[dict[str, Any]], application: Application) -> list[dict[str, str]]:
    zone = application.round.time_zone
    return [
        {
            "at": written(step["at"], zone) if step.get("at") else "",
            "label": str(step["label"]),
            "detail": " · ".join(filter(None, [str(step.get("by") or ""), str(step.get("detail") or "")])),
        }
        for step in steps
    ]
