"""Files that prove something: put beside the version being written, taken away again."""

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from members import uploads
from members.acts import Refused
from members.models import User
from practices.actions.guards import hold, note, version_of
from practices.models import EvidenceFile, Practice, PracticeVersion

MOST_FILES = 10


def add_file(*, practice: Practice, upload: UploadedFile, label: str, audience: str, by: User) -> EvidenceFile:
    """Check the file by its content and put it beside the version being written.

    Raises Refused with what is wrong with it.
    """
    with uploads.kept(upload, "practices") as (checked, stored):
        row = EvidenceFile(
            label=label.strip()[:120] or checked.name, audience=audience, file=stored, name=checked.name,
            content_type=checked.content_type, size=checked.size, sha256=checked.sha256, uploaded_by=by,
        )  # fmt: skip
        return _add(practice, row, by)


@transaction.atomic
def _add(practice: Practice, file: EvidenceFile, by: User) -> EvidenceFile:
    practice = hold(practice, by, "edit_practice")
    version = _with_writers(practice)
    if version.files.count() >= MOST_FILES:
        raise Refused(_("%(n)d files are there; that is as many as there can be.") % {"n": MOST_FILES})
    if version.files.filter(sha256=file.sha256).exists():
        raise Refused(_("This file is there already."))
    file.version = version
    file.save()
    note("file_added", practice, by=by, details={"file": file.name})
    return file


@transaction.atomic
def remove_file(*, practice: Practice, code: str, by: User) -> None:
    """Take it away from the version being written; the stored file goes when no other version shows it."""
    practice = hold(practice, by, "edit_practice")
    version = _with_writers(practice)
    # A shorter code would be the beginning of some digest, and take away a file that nobody meant.
    file = version.files.filter(sha256__startswith=code).first() if len(code) == EvidenceFile.CODE_LENGTH else None
    if file is None:
        raise Refused(_("This file is not there any more."))
    stored = file.file.name
    note("file_removed", practice, by=by, details={"file": file.name})
    file.delete()
    # Robust: the row is gone by then, and a store that does not answer must not look like a refusal.
    if not EvidenceFile.objects.filter(file=stored).exists():
        transaction.on_commit(lambda: default_storage.delete(stored), robust=True)


def _with_writers(practice: Practice) -> PracticeVersion:
    version = version_of(practice)
    if not version.is_with_writers:
        raise Refused(_("The curators are looking at this version; take it back before you change it."))
    return version
