"""What of this room has an end: the documents and the words of applications that came to nothing."""

from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from applications.models import Application, DocumentFile
from members.personal_data import blank_history
from members.retention import Kept, register_retention

WORDS = {"motivation": "", "phone": "", "referee": "", "notes": "", "profile": {}}


def documents_of_ended(before: datetime) -> QuerySet:
    """Files of applications that were refused, declined, withdrawn or never sent."""
    ended = Application.objects.filter(state__in=Application.State.ended, state_since__lt=before)
    return DocumentFile.objects.filter(slot__application__in=ended)


def forget_documents(keys: list[Any], rows: QuerySet) -> None:
    """The rows now, the files once that is certain; the slot says that there was one."""
    files = DocumentFile.objects.filter(pk__in=keys)
    stored = list(files.values_list("file", flat=True))
    files.delete()
    for name in stored:
        transaction.on_commit(lambda name=name: default_storage.delete(name))


def ended_with_words(before: datetime) -> QuerySet:
    said = ~Q(motivation="") | ~Q(phone="") | ~Q(referee="") | ~Q(notes="") | ~Q(profile={})
    return Application.objects.filter(said, state__in=Application.State.ended, state_since__lt=before)


def forget_words(keys: list[Any], rows: QuerySet) -> None:
    """Also in what the triggers wrote down; that somebody applied and how it ended stays for the counts."""
    Application.objects.filter(pk__in=keys).update(**WORDS)
    blank_history(Application, keys, **WORDS)


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
    )  # fmt: skip
