"""The papers of a cotutelle: PDFs, checked by their content, each kind with its versions."""

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from members import uploads
from members.acts import Refused
from members.models import User
from programmes.actions.cotutelle_guards import hold, note
from programmes.actions.cotutelle_telling import tell
from programmes.models import Cotutelle, CotutelleFile
from programmes.permissions import kinds_to_send

FOLDER = "cotutelles"
MOST_FILES = 60


def put_file(*, cotutelle: Cotutelle, kind: str, upload: UploadedFile, by: User) -> CotutelleFile:
    """Put a PDF in front of the earlier ones of its kind. Raises Refused with what is wrong with it."""
    with uploads.kept(upload, FOLDER) as (checked, stored), transaction.atomic():
        only_pdf(checked)
        cotutelle = hold(cotutelle, by, "put_cotutelle_file")
        if kind not in kinds_to_send(by, cotutelle):
            raise Refused(_("This kind of paper is not yours to send now."))
        file = store(cotutelle, kind, checked, stored, by)
        details = {"kind": kind, "number": file.number}
        act = note("file_added", cotutelle, by=by, details=details)
        if kind == CotutelleFile.Kind.DRAFT:
            tell("drafted", cotutelle, act, by=by)
    return file


def only_pdf(checked: uploads.Checked) -> None:
    """Papers that are signed and printed are PDFs; a photograph of a page is not."""
    if checked.content_type != "application/pdf":
        raise Refused(_("Send it as a PDF."))


def store(cotutelle: Cotutelle, kind: str, checked: uploads.Checked, stored: str, by: User) -> CotutelleFile:
    """The row of a stored file. Call it under the lock of the cotutelle's row, by which versions are counted.

    The signed convention is always taken: annexes come from three sides, none is thrown away, and it ends the wait; one
    of them may be the very file that both sides signed.
    """
    files = CotutelleFile.objects.filter(cotutelle=cotutelle)
    if kind != CotutelleFile.Kind.CONVENTION:
        if files.filter(sha256=checked.sha256).exists():
            raise Refused(_("This file is there already."))
        if files.count() >= MOST_FILES:
            raise Refused(_("%(most)d papers are kept, as many as there can be.") % {"most": MOST_FILES})
    last = files.filter(kind=kind).aggregate(last=Max("number"))["last"] or 0
    return CotutelleFile.objects.create(
        cotutelle=cotutelle, kind=kind, number=last + 1, file=stored, name=checked.name,
        content_type=checked.content_type, size=checked.size, sha256=checked.sha256, uploaded_by=by,
    )  # fmt: skip
