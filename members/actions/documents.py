"""Documents on a university's page: put a file there, forget the files of those that were taken away."""

from functools import partial
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from members import uploads
from members.acts import Refused, record
from members.models import University, UniversityDocument, User

MOST_DOCUMENTS = 40


def add_document(*, university: University, upload: UploadedFile, by: User, **words: Any) -> UniversityDocument:
    """Check the file by its content and put it behind the ones that stand there; `words` are the fields of its form.

    Raises Refused with what is wrong with it, when it is there already, or when there are as many as there can be.
    """
    # Read and scanned outside of the transaction: a slow scanner must hold no lock on the university.
    with uploads.kept(upload, "universities/documents") as (checked, stored):
        return _add(university, checked, stored, by=by, **words)


@transaction.atomic
def _add(
    university: University, checked: uploads.Checked, stored: str, *, by: User, **words: Any
) -> UniversityDocument:
    # The university's row is the lock of everything on its page: two uploads at once get two positions.
    University.objects.select_for_update(no_key=True).get(pk=university.pk)
    documents = UniversityDocument.objects.filter(university=university)
    if documents.filter(sha256=checked.sha256).exists():
        raise Refused(_("This file is among the documents already."))
    if documents.count() >= MOST_DOCUMENTS:
        raise Refused(
            _("%(most)d documents stand here, as many as there can be. Take one away first.") % {"most": MOST_DOCUMENTS}
        )
    last = documents.aggregate(last=Max("position"))["last"]
    document = UniversityDocument.objects.create(
        university=university, file=stored, name=checked.name, content_type=checked.content_type, size=checked.size,
        sha256=checked.sha256, uploaded_by=by, position=0 if last is None else last + 1, **words,
    )  # fmt: skip
    record("document.added", university, by=by, reason=document.title, details={"audience": document.audience})
    return document


def forget_files(documents: list[UniversityDocument]) -> None:
    """Delete the files of removed documents once their removal is committed."""
    for document in documents:
        transaction.on_commit(partial(document.file.storage.delete, document.file.name), robust=True)
