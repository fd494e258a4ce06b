"""What of this room has an end: documents, words and letters of applications that came to nothing, names on links."""

from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from applications.models import Appeal, AppealFile, Application, Choice, Decision, DocumentFile, DossierLink
from members.models import Act
from members.personal_data import blank_history
from members.retention import Kept, register_retention

OVER = gettext_noop("Deleted after its time was over.")
ERASED = gettext_noop("Erased at the person's request.")
NAMING_A_RECIPIENT = ("dossier.shared", "dossier.revoked", "dossier.opened_by_link")
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


def letters_of_ended(before: datetime) -> QuerySet:
    """What the office wrote to those whose application came to nothing; not while an appeal against it waits."""
    ended = Application.objects.filter(state__in=Application.State.ended, state_since__lt=before)
    appealed = Appeal.objects.filed().values("application")
    return Decision.objects.exclude(letter="").filter(application__in=ended).exclude(application__in=appealed)


def forget_letters(keys: list[Any], rows: QuerySet) -> None:
    """Also in what the triggers wrote down, and the reasons in the log; the outcome stays for the counts."""
    letters = {"subject": "", "letter": "", "reason": gettext(OVER)}
    Decision.objects.filter(pk__in=keys).update(**letters)
    blank_history(Decision, keys, **letters)
    applications = Decision.objects.filter(pk__in=keys).values("application")
    choices = list(Choice.objects.filter(application__in=applications).values_list("pk", flat=True))
    Choice.objects.filter(pk__in=choices).update(why="")  # the reason of the decision, in the same words
    blank_history(Choice, choices, why="")
    _acts().filter(object_id__in=applications).exclude(reason="").update(reason="")


def links_with_names(before: datetime) -> QuerySet:
    return DossierLink.objects.filter(expires_at__lt=before).exclude(whom=gettext(OVER))


def forget_names_on_links(keys: list[Any], rows: QuerySet) -> None:
    """That a link was made, until when it worked and how often it was opened stays; for whom it was does not."""
    gone = gettext(OVER)
    # By name and time: the log tells of the application, which may have another link, to somebody else or made later.
    link = DossierLink.objects.filter(
        pk__in=keys, application=OuterRef("object_id"), whom=OuterRef("told"), expires_at__gte=OuterRef("at")
    )
    told = _acts().filter(kind__in=NAMING_A_RECIPIENT).annotate(told=KT("details__whom"))
    told.filter(Exists(link)).update(details={"whom": gone})
    DossierLink.objects.filter(pk__in=keys).update(whom=gone)


def _acts() -> QuerySet[Act]:
    return Act.objects.filter(content_type=ContentType.objects.get_for_model(Application))


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
            key="applications.letters", title=_("Letters and reasons of applications that came to nothing"), days=1095,
            at_least=365, why=_("Only the count and the outcome are needed for statistics after that."),
            over=letters_of_ended, purge=forget_letters,
        ),
        Kept(
            key="applications.link_names", title=_("Names on links to applications"), days=365, at_least=90,
            why=_("Students may ask for a year to whom their file was shown."), over=links_with_names,
            purge=forget_names_on_links,
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
