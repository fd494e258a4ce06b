"""Documents: put one into its slot, check it, refuse it, ask for another."""

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.actions import telling
from applications.actions.guards import hold, log, may_or_refuse, words_or_refuse
from applications.models import Application, DocumentFile, DocumentSlot
from members import uploads
from members.acts import Refused
from members.models import User


def put_document(*, slot: DocumentSlot, upload: UploadedFile, by: User) -> DocumentFile:
    """Check the file by its content and put it into the slot; older files stay behind it.

    The same file sent again is recognised and not stored twice. Raises Refused with what is wrong with it.
    """
    with uploads.kept(upload, "applications") as (checked, stored):
        document = _put(slot, checked, stored, by)
    # It was there already; the copy that was stored to be looked at goes again.
    if document.file.name != stored:
        default_storage.delete(stored)
    return document


@transaction.atomic
def _put(slot: DocumentSlot, checked: uploads.Checked, stored: str, by: User) -> DocumentFile:
    hold(slot.application)
    # Under the lock: while the file was on its way the office may have checked the one before, or refused it.
    slot.refresh_from_db(fields=["state", "reason", "needed"])
    may_or_refuse(by, "applications.put_document", slot)
    # By its digest: a button pressed twice sends the same file twice, and the slot takes each once.
    known = slot.files.filter(sha256=checked.sha256).first()
    _refuse_the_refused(slot, known)
    if known:
        # The newest stands in front, and this is what the student has sent last.
        DocumentFile.objects.filter(pk=known.pk).update(uploaded_at=timezone.now())
    else:
        known = DocumentFile.objects.create(
            slot=slot, file=stored, name=checked.name, content_type=checked.content_type, size=checked.size,
            sha256=checked.sha256, uploaded_by=by,
        )  # fmt: skip
    if not slot.move("receive", reason=""):
        raise Refused(_("This document was checked already and cannot be replaced."))
    log("document.received", slot.application, by=by, details={"document": slot.name, "file": checked.name})
    return known


def _refuse_the_refused(slot: DocumentSlot, known: DocumentFile | None) -> None:
    current = slot.files.first()
    if known and known == current and slot.state == DocumentSlot.State.REFUSED:
        raise Refused(_("This is the file that was refused: %(reason)s Send another one.") % {"reason": slot.reason})


@transaction.atomic
def validate_document(*, slot: DocumentSlot, by: User, seen: str | None = None) -> DocumentSlot:
    """The office has looked at the newest file and found it right; `seen` is the code of the file it looked at.

    Raises Refused when the applicant has sent another one since, and in an application that has ended.
    """
    hold(slot.application)
    may_or_refuse(by, "applications.check_application", slot.application)
    _refuse_ended(slot.application)
    _refuse_unseen(slot, seen)
    _move(slot, "validate", reason="")
    log("document.validated", slot.application, by=by, details={"document": slot.name})
    return slot


@transaction.atomic
def refuse_document(*, slot: DocumentSlot, reason: str, by: User, seen: str | None = None) -> DocumentSlot:
    """The newest file will not do; the applicant reads why and sends another. `seen` and refusals: as to validate."""
    hold(slot.application)
    may_or_refuse(by, "applications.check_application", slot.application)
    _refuse_ended(slot.application)
    _refuse_unseen(slot, seen)
    reason = words_or_refuse(reason)
    if not reason:
        raise Refused(_("Say why the document is refused, so that the applicant can mend it."))
    _move(slot, "refuse", reason=reason)
    act = log("document.refused", slot.application, by=by, reason=slot.reason, details={"document": slot.name})
    telling.document_refused(slot, act)
    return slot


def _refuse_ended(application: Application) -> None:
    """Whoever has no place can send nothing any more, and should not be asked for it."""
    if application.state in Application.State.ended:
        raise Refused(_("This application has ended."))


def _refuse_unseen(slot: DocumentSlot, seen: str | None) -> None:
    """The state alone does not tell: a file in place of another leaves the slot as received as it was."""
    newest = slot.files.first()
    if seen is not None and seen != (newest.code if newest else ""):
        raise Refused(_("A newer file was sent meanwhile. Look at it first."))


def _move(slot: DocumentSlot, transition: str, **changes: str) -> None:
    if not slot.move(transition, **changes):
        raise Refused(_("This document has changed meanwhile. Look at it again."))


@transaction.atomic
def ask_document(*, application: Application, name: str, help: str, needed: str, by: User) -> DocumentSlot:
    """Ask this applicant for one more document."""
    hold(application)
    may_or_refuse(by, "applications.check_application", application)
    _refuse_ended(application)
    name, help = words_or_refuse(name, 120), words_or_refuse(help, 300)
    if not name or application.document_slots.filter(name=name).exists():
        raise Refused(_("Give the document a name that is not in the list yet."))
    # A position names the slot in addresses; as the application is held, two who ask at once get two of them.
    last = application.document_slots.order_by("-position").first()
    slot = DocumentSlot.objects.create(
        application=application, name=name, help=help, needed=needed,
        position=last.position + 1 if last else 1,
    )  # fmt: skip
    act = log("document.asked", application, by=by, details={"document": slot.name})
    telling.document_asked(slot, act)
    return slot
