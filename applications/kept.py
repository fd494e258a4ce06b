"""What of this room has an end: the documents and the words of applications that came to nothing."""

from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from applications.models import Appeal, AppealFile, Application, DocumentFile
from members.personal_data import blank_history
from members.retention import Kept, register_retention

OVER = gettext_noop("Deleted after its time was over.")
ERASED = gettext_noop("Erased at the person's request.")
WORDS = {"motivation": "", "phone": "", "referee": "", "notes": "", "asked_for": "", "profile": {}}


def documents_of_ended(before: datetime) -> QuerySet:
    """Files of applications that were refused, declined, withdrawn or never sent; not while an appeal waits."""
    ended = Application.objects.filter(state__in=Application.State.ended, state_since__lt=before)
    appealed = Appeal.objects.filed().values("application")
    return DocumentFile.objects.filter(slot__application__in=ended).exclude(slot__application__in=appealed)


def forget_documents(keys: list[Any], rows: QuerySet) -> None:
    """The rows now, the files once that is certain; the slot says that there was one."""
    _delete_with_files(DocumentFile.objects.filter(pk__in=keys))


def papers_of_closed_appeals(before: datetime) -> QuerySet:
    """Files of appeals that were answered or taken back."""
    closed = Appeal.objects.exclude(state=Appeal.State.FILED).filter(answer_by__lt=before)
    return AppealFile.objects.filter(appeal__in=closed)


def forget_papers(keys: list[Any], rows: QuerySet) -> None:
    _delete_with_files(AppealFile.objects.filter(pk__in=keys))


def _delete_with_files(files: QuerySet) -> None:
    stored = list(files.values_list("file", flat=True))
    files.delete()
    for name in stored:
        transaction.on_commit(lambda name=name: default_storage.delete(name))


def ended_with_words(before: datetime) -> QuerySet:
    nothing_said = Q(**WORDS)
    return Application.objects.filter(~nothing_said, state__in=Application.State.ended, state_since__lt=before)


def forget_words(keys: list[Any], rows: QuerySet) -> None:
    """Also in what the triggers wrote down; that somebody applied and how it ended stays for the counts."""
    Application.objects.filter(pk__in=keys).update(**WORDS)
    blank_history(Application, keys, **WORDS)


def closed_appeals_with_words(before: datetime) -> QuerySet:
    closed = Appeal.objects.exclude(state=Appeal.State.FILED).filter(answer_by__lt=before)
    return closed.exclude(grounds=gettext(OVER)).exclude(grounds=gettext(ERASED))


def forget_words_of_appeals(keys: list[Any], rows: QuerySet) -> None:
    """That somebody appealed, and how it ended, stays for the counts."""
    forget_appeals(Appeal.objects.filter(pk__in=keys), gettext(OVER))


def forget_appeals(appeals: QuerySet, instead: str) -> None:
    """Put `instead` in place of the words, also in what the triggers wrote down; an answer keeps having been given."""
    keys = list(appeals.values_list("pk", flat=True))
    answered = Appeal.objects.filter(pk__in=keys).exclude(reasons="")
    spoken = list(answered.values_list("pk", flat=True))
    Appeal.objects.filter(pk__in=keys).update(grounds=instead)
    Appeal.objects.filter(pk__in=spoken).update(reasons=instead)
    blank_history(Appeal, keys, grounds=instead, reasons="")


def register() -> None:
    register_retention(
        Kept(
            key="applications.documents", title=_("Documents of applications that came to nothing"), days=365,
            at_least=90, why=_("Complaints are possible for a year after the decision."), over=documents_of_ended,
            purge=forget_documents,
        ),
        Kept(
            key="applications.words", title=_("Words and data of applications that came to nothing"), days=1095,
            at_least=365, why=_("Only the count and the outcome are needed for statistics after that."),
            over=ended_with_words, purge=forget_words,
        ),
        Kept(
            key="applications.appeal_papers", title=_("Papers of appeals that were answered or taken back"), days=365,
            at_least=90, why=_("Complaints about the answer are possible for a year."),
            over=papers_of_closed_appeals, purge=forget_papers,
        ),
        Kept(
            key="applications.appeals", title=_("Words of appeals and of their answers"), days=1095, at_least=365,
            why=_("Only the count and the outcome are needed for statistics after that."),
            over=closed_appeals_with_words, purge=forget_words_of_appeals,
        ),
    )  # fmt: skip
