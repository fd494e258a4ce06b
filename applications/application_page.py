"""What the applicant's own page is made of: the turn, the choices with result and reason, the documents."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Avg, Prefetch
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from applications import appeal_page, applicant_view, nominations
from applications.actions.waiting import places_in_line as waiting_places
from applications.applicant_timeline import timeline
from applications.models import Application, Choice, DocumentFile, DocumentSlot, LetterTemplate, Review, Score
from applications.nominations import Nomination
from applications.sentences import with_moment
from applications.turns import how_long

State = Application.State


def read(application: Application, now: datetime) -> dict[str, Any]:
    """The context of the page, in a constant number of queries."""
    decided = applicant_view.is_decided(application)
    score = score_of(application) if decided else []
    documents = document_rows(application)
    appealing = appeal_page.of_applicant(application, now)
    steps = timeline(application, applicant_view.acts_for(application), score)
    return {
        "application": application,
        "round": application.round,
        "shown": applicant_view.shown(application),
        "turn": turn_panel(application, documents, appealing, now),
        "appealing": appealing,
        "choices": choice_rows(application),
        "has_results": _has_results(application),
        "documents": documents,
        "steps": appeal_page.with_answer_to_come(steps, appealing),
        "letter": application.decision if decided else None,  # a prepared one is the desk's alone
        "letter_is_past": decided and _was_waiting(application),
        "feedback": feedback(application) if decided else [],
        "may_withdraw": application.state in State.live,
    }


def _was_waiting(application: Application) -> bool:
    """The letter spoke of the waiting list, and the line has moved since: what it says holds no more."""
    return application.decision.outcome == LetterTemplate.Outcome.WAIT and application.state != State.WAITLISTED


@dataclass(frozen=True)
class ChoiceRow:
    choice: Choice
    result: str
    tone: str | None
    why: str


def choice_rows(application: Application) -> list[ChoiceRow]:
    """The ranked choices; before the release they have no result, whatever the rows hold."""
    choices = list(application.choices.all())
    if not _has_results(application):
        return [ChoiceRow(choice, "", None, "") for choice in choices]
    ranks = places_in_line(choices)
    return [
        ChoiceRow(
            choice, choice.get_state_display(), applicant_view.CHOICE_TONES.get(choice.state),
            " ".join(filter(None, [choice.why, ranks.get(choice.pk)])),
        )
        for choice in choices
    ]  # fmt: skip


def _has_results(application: Application) -> bool:
    # Who took it back has “withdrawn” at each choice, which tells nothing of what was prepared.
    return applicant_view.is_decided(application) or application.state == State.WITHDRAWN


def places_in_line(choices: Iterable[Choice]) -> dict[int, str]:
    """For each waiting choice, how many wait for the same place before it: one query for all."""
    waiting = [choice for choice in choices if choice.state == Choice.State.WAITING]
    places = waiting_places(waiting) if waiting else {}
    return {pk: _("You are number %(place)d on the waiting list.") % {"place": place} for pk, place in places.items()}


def score_of(application: Application) -> list[dict[str, Any]]:
    """The mean of the finished reviews per criterion: `name`, `points`, `most`."""
    finished = Score.objects.filter(review__application=application, review__state=Review.State.FINISHED)
    rows = finished.order_by("criterion__position", "criterion").values("criterion__name", "criterion__max_points")
    return [
        {"name": row["criterion__name"], "most": row["criterion__max_points"], "points": row["mean"]}
        for row in rows.annotate(mean=Avg("points"))
    ]


def feedback(application: Application) -> list[str]:
    """The reviewers' words for the applicant, without names."""
    reviews = application.reviews.filter(state=Review.State.FINISHED).exclude(feedback="")
    return list(reviews.order_by("pk").values_list("feedback", flat=True))


@dataclass(frozen=True)
class DocumentRow:
    slot: DocumentSlot
    current: DocumentFile | None
    older: list[DocumentFile]
    wanted: bool
    tone: str
    nomination: Nomination | None = None

    @property
    def label(self) -> str:
        """What is not there is missing only where, and when, it is needed."""
        return slot_label(self.slot, missing=self.tone == "due")

    @property
    def kind(self) -> str:
        """PDF, PNG or JPEG."""
        return self.current.content_type.rsplit("/", 1)[-1].upper() if self.current else ""


DOCUMENT_TONES: dict[str, str] = {
    DocumentSlot.State.VALIDATED: "ok",
    DocumentSlot.State.REFUSED: "due",
}


def document_rows(application: Application) -> list[DocumentRow]:
    """Every slot with its newest file, the older ones, whether a file may be sent now, and the host's date where the
    nomination waits for it; three queries at most.
    """
    slots = application.document_slots.prefetch_related(Prefetch("files", to_attr="versions"))
    nomination = nominations.of_application(application)
    return [_document_row(application, slot, nomination) for slot in slots]


def _document_row(application: Application, slot: DocumentSlot, nomination: Nomination | None) -> DocumentRow:
    slot.application = application
    for version in slot.versions:
        version.slot = slot  # its address asks for the application: without this a query for each version
    current, *older = slot.versions or [None]
    tone = "due" if is_missing(application, slot) else DOCUMENT_TONES.get(slot.state, "")
    wanted = application.applicant.has_perm("applications.put_document", slot)
    by = nomination if slot.needed == DocumentSlot.Needed.LATER else None
    return DocumentRow(slot=slot, current=current, older=older, wanted=wanted, tone=tone, nomination=by)


def slot_label(slot: DocumentSlot, *, missing: bool) -> str:
    """The state in words, for the applicant and for the office alike."""
    if slot.state != DocumentSlot.State.ASKED or missing:
        return slot.get_state_display()
    return _("Not sent") if slot.needed == DocumentSlot.Needed.OPTIONAL else _("Needed later")


def is_missing(application: Application, slot: DocumentSlot) -> bool:
    """A document that somebody waits for now: what is needed later is, from the offer on."""
    if slot.state != DocumentSlot.State.ASKED:
        return False
    needed_now = slot.needed == DocumentSlot.Needed.LATER and application.state in (State.OFFERED, State.ACCEPTED)
    return needed_now or slot.needed == DocumentSlot.Needed.TO_APPLY


def turn_panel(
    application: Application, documents: list[DocumentRow], appealing: dict[str, Any] | None, now: datetime
) -> dict[str, Any]:
    """Whose turn it is in the applicant's words, with the one next step."""
    draw = PANELS.get(application.state)
    if draw:
        return draw(application, now)
    if later := _missing_later(application, documents, now):
        return later
    if appealing and (panel := appeal_page.turn_of_applicant(application, appealing, now)):
        return panel
    shown = applicant_view.shown(application)
    whose = _("Nobody's turn") if application.state in (*State.ended, State.WAITLISTED) else _("The office's turn")
    since = how_long(applicant_view.shown_since(application), now)
    caps = shown.label if application.state in State.ended else f"{whose} {since}"
    why, actions = shown.meaning, []
    if appealing and appealing["may_file"]:
        sentence, step = appeal_page.right_to_appeal(application, appealing, now)
        why, actions = format_html("{} {}", shown.meaning, sentence), [step]
    return {"caps": caps, "title": _headline(application, shown), "why": why, "mine": False, "actions": actions}


def _headline(application: Application, shown: applicant_view.Shown) -> str:
    if application.state == State.ACCEPTED:
        return _("Your place: %(place)s") % {"place": _place(application, Choice.State.ACCEPTED)}
    return str(shown.label)


def _place(application: Application, state: str) -> str:
    choice = next(c for c in application.choices.all() if c.state == state)
    return choice.option.place


def _my_turn(application: Application, now: datetime, **words: Any) -> dict[str, Any]:
    caps = _("Your turn %(since)s") % {"since": how_long(applicant_view.shown_since(application), now)}
    return {"caps": caps, "mine": True, **words}


def _draft(application: Application, now: datetime) -> dict[str, Any]:
    if not application.is_editable_at(now):
        return {
            "caps": _("Closed"), "title": _("The round has closed"), "mine": False, "actions": [],
            "why": _("This draft was not submitted in time. You can still read it."),
        }  # fmt: skip
    go_on = {"label": _("Go on"), "url": reverse("applications:application_edit", args=[application.reference])}
    return _my_turn(
        application, now, title=_("Finish and submit your application"), actions=[go_on],
        why=with_moment(
            _("It counts only when you submit it, by {moment}."),
            application.round.closes_at, application.round.time_zone, now,
        ),
    )  # fmt: skip


def _more_info(application: Application, now: datetime) -> dict[str, Any]:
    answer = {"label": _("Answer"), "url": reverse("applications:application_edit", args=[application.reference])}
    return _my_turn(
        application, now, title=_("The office asks you for something"), why=application.asked_for, actions=[answer]
    )


def _offered(application: Application, now: datetime) -> dict[str, Any]:
    reference = [application.reference]
    return _my_turn(
        application, now,
        title=_("Accept or decline your place: %(place)s") % {"place": _place(application, Choice.State.OFFERED)},
        actions=[
            {"label": _("Accept the place"), "url": reverse("applications:application_accept", args=reference)},
            {"label": _("Decline"), "url": reverse("applications:application_decline", args=reference), "quiet": True},
        ],
        why=with_moment(
            _("Answer by {moment}. After that the place goes to the next student."),
            application.answer_by, application.round.time_zone, now,
        ),
    )  # fmt: skip


PANELS: dict[str, Callable[[Application, datetime], dict[str, Any]]] = {
    State.DRAFT: _draft,
    State.MORE_INFO: _more_info,
    State.OFFERED: _offered,
}


def _missing_later(application: Application, documents: list[DocumentRow], now: datetime) -> dict[str, Any] | None:
    """A document that the office still needs from somebody who has a place, or refused."""
    refused = [r for r in documents if r.slot.state == DocumentSlot.State.REFUSED and r.wanted]
    needed = [r for r in documents if r.tone == "due" and r.wanted and application.state == State.ACCEPTED]
    row = next(iter(refused + needed), None)
    if row is None:
        return None
    send = {"label": _("Add it"), "url": f"#document-{row.slot.position}"}
    title = _("Send “%(name)s”") % {"name": row.slot.name}
    why = row.slot.reason or row.slot.help or _("It is needed before the nomination.")
    if row.nomination:
        sentence = _("Nominations to {host}: until {moment}.")
        by = row.nomination
        why = format_html("{} {}", why, with_moment(sentence, by.at, by.time_zone, now, host=by.host))
    return _my_turn(application, application.state_since, title=title, why=why, actions=[send]) | {
        "caps": _("Your turn")
    }
