"""What this room holds of a person: their applications with documents and letters, who opened them, their reviews."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.applicant_view import SHOWN
from applications.kept import ERASED, WORDS, forget_appeals
from applications.models import (
    Appeal,
    AppealFile,
    Application,
    Choice,
    Decision,
    DocumentFile,
    DocumentSlot,
    FileAccess,
    Review,
)
from members.models import Act
from members.personal_data import HeldFile, Holding, blank_history, register_personal_data, told

State = Application.State
READ = ("choices__option__host", "document_slots__files", "appeals__files")
IN_THE_WAY = tuple(state for state in State.live if state != State.ACCEPTED)


def _applications(user: Any) -> QuerySet[Application]:
    return Application.objects.filter(applicant=user)


def application_rows(user: Any) -> list[dict[str, Any]]:
    """As the applicant sees them: nothing of a decision that is not released."""
    mine = _applications(user).select_related("round__university", "decision")
    return [_application(each) for each in mine.prefetch_related(*READ)]


def _application(application: Application) -> dict[str, Any]:
    decision = getattr(application, "decision", None)
    released = decision is not None and decision.released_at is not None
    return {
        "reference": application.reference,
        "round": application.round.title,
        "university": application.round.university.name,
        "state": str(SHOWN[application.state].label),
        "begun_at": application.created_at,
        "submitted_at": application.submitted_at,
        "motivation": application.motivation,
        "phone": application.phone,
        "referee": application.referee,
        "notes": application.notes,
        "asked_for": application.asked_for,
        "data_as_submitted": application.profile,
        "choices": [_choice(choice, released=released) for choice in application.choices.all()],
        "documents": [
            {"document": slot.name, "file": held.name, "uploaded_at": held.uploaded_at}
            for slot in application.document_slots.all()
            for held in slot.files.all()
        ],
        "letter": {"subject": decision.subject, "text": decision.letter} if released else None,
        "appeals": [_appeal(appeal) for appeal in application.appeals.all()],
    }


def _appeal(appeal: Appeal) -> dict[str, Any]:
    """Who answered it is told to nobody."""
    return {
        "state": str(appeal.get_state_display()),
        "filed_at": appeal.filed_at,
        "answer_by": appeal.answer_by,
        "grounds": appeal.grounds,
        "papers": [{"file": held.name, "uploaded_at": held.uploaded_at} for held in appeal.files.all()],
        "answered_at": appeal.decided_at,
        "reasons": appeal.reasons,
    }


def _choice(choice: Choice, *, released: bool) -> dict[str, Any]:
    return {
        "rank": choice.rank,
        "university": choice.option.host.name,
        "answer": choice.get_state_display() if released else "",
        "reason": choice.why if released else "",
    }


def _documents(user: Any) -> QuerySet[DocumentFile]:
    return DocumentFile.objects.filter(slot__application__applicant=user)


def _papers(user: Any) -> QuerySet[AppealFile]:
    return AppealFile.objects.filter(appeal__application__applicant=user)


def application_files(user: Any) -> Iterator[HeldFile]:
    for held in _documents(user).select_related("slot__application"):
        folder = held.slot.application.reference
        yield HeldFile(name=f"{folder}/{held.code[:6]}-{held.name}", file=held.file)
    for paper in _papers(user).select_related("appeal__application"):
        folder = paper.appeal.application.reference
        yield HeldFile(name=f"{folder}/appeal/{paper.code[:6]}-{paper.name}", file=paper.file)


def erase_applications(user: Any, now: datetime) -> int:
    """Every word and file goes, from the rows and from their history; that there was an application, and how it
    ended, stays for the counts of places."""
    keys = list(_applications(user).values_list("pk", flat=True))
    Application.objects.filter(pk__in=keys).update(**WORDS)
    blank_history(Application, keys, **WORDS)
    letters = {"subject": "", "letter": "", "reason": gettext(ERASED)}  # a round's own subject may name the applicant
    decisions = list(Decision.objects.filter(application__in=keys).values_list("pk", flat=True))
    Decision.objects.filter(pk__in=decisions).update(**letters)
    blank_history(Decision, decisions, **letters)
    # The reason of a decision stands at each choice too, in the same words.
    choices = list(Choice.objects.filter(application__in=keys).values_list("pk", flat=True))
    Choice.objects.filter(pk__in=choices).update(why="")
    blank_history(Choice, choices, why="")
    reviews = list(Review.objects.filter(application__in=keys).values_list("pk", flat=True))
    said = {"comment": "", "feedback": "", "reason": ""}
    Review.objects.filter(pk__in=reviews).update(**said)
    blank_history(Review, reviews, **said)
    slots = DocumentSlot.objects.filter(application__in=keys)
    slots.exclude(reason="").update(reason=gettext(ERASED))  # the database wants one where a document was refused
    appeals = Appeal.objects.filter(application__in=keys)
    forget_appeals(appeals, gettext(ERASED))
    kind = ContentType.objects.get_for_model(Application)
    Act.objects.filter(content_type=kind, object_id__in=keys).update(reason="", details={})
    _erase_files(user)
    return len(keys)


def _erase_files(user: Any) -> None:
    """The rows now, the files once that is certain: a rolled back erasure must not have lost them."""
    for files in (_documents(user), _papers(user)):
        stored = list(files.values_list("file", flat=True))
        files.delete()
        for name in stored:
            transaction.on_commit(lambda name=name: default_storage.delete(name))


def open_application(user: Any, now: datetime) -> Any:
    if Appeal.objects.filed().filter(application__applicant=user).exists():
        return _("An appeal of yours waits for its answer. Take it back, or wait for the answer, first.")
    if _applications(user).filter(state__in=IN_THE_WAY).exists():
        return _("An application of yours is still open. Withdraw it, or wait for its decision, first.")
    return ""


def access_rows(user: Any) -> list[dict[str, Any]]:
    opened = FileAccess.objects.filter(application__applicant=user)
    return told(opened, application="application__reference", by="person__email", reason="reason", at="at")


def review_rows(user: Any) -> list[dict[str, Any]]:
    mine = Review.objects.filter(reviewer=user)
    return told(mine, round="application__round__title", state="state")


def answer_rows(user: Any) -> list[dict[str, Any]]:
    answered = Appeal.objects.filter(decided_by=user)
    return told(answered, round="application__round__title", state="state", at="decided_at")


def register() -> None:
    register_personal_data(
        Holding(
            key="applications", title=_("Your applications, documents and letters"), rows=application_rows,
            files=application_files, erase=erase_applications, hindrance=open_application,
            purpose=_("The office and its reviewers decide on them."),
            afterwards=_("Words, documents and letters are deleted. That somebody applied and how it ended stays, "
                         "without your name: places are counted by it."),
            count=lambda user: _applications(user).count(),
        ),
        Holding(
            key="file-accesses", title=_("Who opened your applications from outside the office"), rows=access_rows,
            purpose=_("Shows you who looked, when, and for which reason."),
            afterwards=_("It stays without your name, as proof that somebody looked."),
            count=lambda user: FileAccess.objects.filter(application__applicant=user).count(),
        ),
        Holding(
            key="reviews", title=_("Reviews you were asked for"), rows=review_rows,
            purpose=_("Your points count in other people's decisions."),
            afterwards=_("They stay without your name: decisions about others rest on them."),
            count=lambda user: Review.objects.filter(reviewer=user).count(),
        ),
        Holding(
            key="appeal-answers", title=_("Appeals you answered"), rows=answer_rows,
            purpose=_("Shows that somebody answered who had no part in the decision."),
            afterwards=_("They stay without your name: decisions about others rest on them."),
            count=lambda user: Appeal.objects.filter(decided_by=user).count(),
        ),
    )  # fmt: skip
