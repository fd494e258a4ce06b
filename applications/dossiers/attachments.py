"""The documents of a dossier as pages: a PDF as it is, a picture on a sheet, and a word for what cannot be read."""

import io
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError
from pypdf import PageObject, PdfReader
from pypdf.errors import PyPdfError

from applications.models import AppealFile, Application, DocumentFile, DocumentSlot
from members.zones import written

SHEET = (1240, 1754)  # A4 at 150 dots an inch
MARGIN = 90
# What pypdf and Pillow raise depends on where a file is broken; one bad paper must not hold up the whole dossier.
UNREADABLE = (PyPdfError, UnidentifiedImageError, OSError, SyntaxError, ValueError, KeyError, TypeError,
              AttributeError, IndexError, RecursionError, Image.DecompressionBombError)  # fmt: skip


@dataclass(frozen=True)
class Attachment:
    """One slot: its name, its state, the file in words, the pages that follow, or why there are none."""

    name: str
    state: str
    file: str
    pages: list[PageObject] = field(default_factory=list)
    why_not: str = ""


def of_application(application: Application) -> list[Attachment]:
    """Every slot in its order, with the newest file that was not refused; two queries, and the files are read."""
    zone = application.round.time_zone
    return [_of_slot(slot, zone) for slot in application.document_slots.prefetch_related("files")]


def of_appeal(files: list[AppealFile], zone: str) -> list[Attachment]:
    """The papers of an appeal, behind the documents."""
    return [_of_file(_("Paper of the appeal"), "", file, zone) for file in files]


def _of_slot(slot: DocumentSlot, zone: str) -> Attachment:
    name, state = slot.name, str(slot.get_state_display())
    document = next(iter(slot.files.all()), None)  # the newest; `first` would ask again, past the prefetch
    if document is None:
        return Attachment(name, state, "", why_not=_("Nothing was sent."))
    if slot.state == DocumentSlot.State.REFUSED:
        why_not = _("Refused, not attached: %(why)s") % {"why": slot.reason}
        return Attachment(name, state, _in_words(document, zone), why_not=why_not)
    return _of_file(name, state, document, zone)


def _in_words(document: DocumentFile | AppealFile, zone: str) -> str:
    return f"{document.name}, {written(document.uploaded_at, zone)}"


def _of_file(name: str, state: str, document: DocumentFile | AppealFile, zone: str) -> Attachment:
    file = _in_words(document, zone)
    try:
        return Attachment(name, state, file, _pages_of(document))
    except UNREADABLE:
        return Attachment(name, state, file, why_not=_("The file cannot be read, so it is not attached."))


def _pages_of(document: DocumentFile | AppealFile) -> list[PageObject]:
    with document.file.open("rb") as stored:
        content = stored.read()
    if document.content_type != "application/pdf":
        content = _on_a_sheet(content)
    # Not strict: what scanners get a little wrong pypdf then mends, as every reader of PDF does.
    pages = list(PdfReader(io.BytesIO(content), strict=False).pages)
    for page in pages:
        _take_out_actions(page)
    if not pages:
        raise ValueError("no pages")
    return pages


def _on_a_sheet(content: bytes) -> bytes:
    """A picture in the middle of an A4 sheet, upright, no larger than it is; as a PDF of one page."""
    # Only these two decoders: Pillow would offer a stranger's bytes to all that it has.
    with Image.open(io.BytesIO(content), formats=["PNG", "JPEG"]) as opened:
        # A phone stores what its sensor saw, and says in EXIF how it was held.
        upright = ImageOps.exif_transpose(opened).convert("RGBA")
    upright.thumbnail((SHEET[0] - 2 * MARGIN, SHEET[1] - 2 * MARGIN))
    sheet = Image.new("RGB", SHEET, "white")
    corner = ((SHEET[0] - upright.width) // 2, (SHEET[1] - upright.height) // 2)
    sheet.paste(upright, corner, upright)
    written_out = io.BytesIO()
    sheet.save(written_out, "PDF", resolution=150)
    return written_out.getvalue()


def _take_out_actions(page: PageObject) -> None:
    """What a stranger's page would do when it is opened or clicked stays behind; what it shows comes along."""
    page.pop("/AA", None)
    for reference in page.get("/Annots") or []:
        note = reference.get_object()
        if hasattr(note, "pop"):
            note.pop("/A", None)
            note.pop("/AA", None)
