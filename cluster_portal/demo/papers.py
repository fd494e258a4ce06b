"""Small PDF documents for the applications, and putting many of them into their slots at once."""

import hashlib
import unicodedata
from collections.abc import Iterable

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from applications.models import Application, DocumentFile, DocumentSlot
from members import uploads
from members.acts import record

PDF = "application/pdf"
LARGE, SMALL = 18, 11


def paper(lines: Iterable[str]) -> bytes:
    """One page with these lines, the first one large; letters outside Latin-1 lose their marks."""
    first, *others = (_escaped(line) for line in lines)
    text = [b"BT /F1 %d Tf 72 760 Td (%b) Tj" % (LARGE, first), b"/F1 %d Tf 0 -20 Td" % SMALL]
    text += [b"0 -18 Td (%b) Tj" % line for line in others]
    drawn = b"\n".join([*text, b"ET"])
    return _file(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )


def _escaped(line: str) -> bytes:
    try:
        plain = line.encode("latin-1")
    except UnicodeEncodeError:
        plain = unicodedata.normalize("NFKD", line).encode("ascii", "ignore")
    return plain.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _file(*objects: bytes) -> bytes:
    """The objects, numbered from 1, with the table that says where each begins."""
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n" % count
    tail = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, len(body))
    return body + head + table + tail


def lines_for(slot: DocumentSlot, attempt: int = 1) -> list[str]:
    """What stands on the page: it says that it is a sample, so that nobody takes it for a real one."""
    application = slot.application
    return [
        slot.name,
        application.applicant.get_full_name(),
        f"Application {application.reference}, {application.round.title}",
        f"Sample document of the demo consortium, version {attempt}.",
    ]


def hand_in(application: Application, slots: Iterable[DocumentSlot]) -> None:
    """Put a paper into each of `slots`, as the action does for one."""
    files = []
    for slot in slots:
        slot.application = application
        content = paper(lines_for(slot))
        checked = uploads.Checked(
            name=uploads.safe_name(f"{slot.name}.pdf", PDF), content_type=PDF, size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
        )  # fmt: skip
        stored = default_storage.save(uploads.storage_name("applications", checked), ContentFile(content))
        files.append(
            DocumentFile(
                slot=slot, file=stored, name=checked.name, content_type=PDF, size=checked.size, sha256=checked.sha256,
                uploaded_by=application.applicant,
            )
        )  # fmt: skip
        details = {"document": slot.name, "file": checked.name}
        record("document.received", application, by=application.applicant, details=details)
    DocumentFile.objects.bulk_create(files)
    filled = DocumentSlot.objects.filter(pk__in=[file.slot_id for file in files])
    filled.update(state=DocumentSlot.State.RECEIVED)
