"""Uploads: what a file really is, decided by its content; and what becomes of it."""

from pathlib import Path

import pytest
from django.conf import settings as live_settings

from applications import actions
from applications.models import DocumentSlot
from members import uploads
from members.models import Act
from tests.applications.files import bomb, pdf, picture, upload
from tests.factories.applications import ApplicationFactory, DocumentSlotFactory
from tests.factories.members import person_as, student_of

EXECUTABLE = b"MZ\x90\x00\x03" + b"\0" * 300
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
DAMAGED_PICTURE = "This picture is damaged and cannot be opened. Save it again and send the new file."
GIF = b"GIF89a" + b"\0" * 100


@pytest.mark.parametrize(
    ("content", "name", "kept_as", "content_type"),
    [
        (pdf(), "Transcript of Records.pdf", "transcript-of-records.pdf", "application/pdf"),
        (picture("PNG"), "../../etc/passwd", "passwd.png", "image/png"),
        (picture("JPEG"), "scan.pdf", "scan.jpg", "image/jpeg"),
        (picture("PNG"), "C:\\Users\\me\\Näyttö 1.png", "näyttö-1.png", "image/png"),
        (pdf(), "\r\nSet-Cookie: x.pdf", "set-cookie-x.pdf", "application/pdf"),
        (pdf(), "日本語.pdf", "日本語.pdf", "application/pdf"),
        (pdf(), ".pdf", "pdf.pdf", "application/pdf"),
        (pdf(60), "a" * 300 + ".pdf", "a" * 120 + ".pdf", "application/pdf"),
    ],
)
def test_right_files(content, name, kept_as, content_type):
    file = upload(content)
    file.name = name  # as it may come past the browser

    checked = uploads.check(file)

    assert (checked.name, checked.content_type, checked.size) == (kept_as, content_type, len(content))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This file is empty."),
        (EXECUTABLE, "“transcript.pdf” is not a PDF, PNG or JPEG inside (it is EXE). Save it as PDF."),
        (SVG, "“transcript.pdf” is not a PDF, PNG or JPEG inside (it is something else). Save it as PDF."),
        (HTML, "“transcript.pdf” is not a PDF, PNG or JPEG inside (it is something else). Save it as PDF."),
        (GIF, "“transcript.pdf” is not a PDF, PNG or JPEG inside (it is GIF). Save it as PDF."),
        (b"PK\x03\x04" + b"\0" * 60, "“transcript.pdf” is not a PDF, PNG or JPEG inside (it is ZIP). Save it as PDF."),
        (b"%PDF-1.7\n" + HTML, "This PDF is damaged and cannot be opened. Save it again and send the new file."),
        (pdf()[:200], "This PDF is damaged and cannot be opened. Save it again and send the new file."),
        (pdf(password="secret"), "This PDF is protected by a password. Send one that opens without."),
        (pdf(0), "This PDF has no pages."),
        (pdf(61), "This PDF has 61 pages; 60 are allowed."),
        (picture("PNG", (300, 300))[:200], DAMAGED_PICTURE),
        (picture("JPEG", (300, 300))[:900], DAMAGED_PICTURE),
        (bomb(8000, 8000), "This picture has 8000 × 8000 pixels; 40 million are allowed."),
        (bomb(60000, 60000), "This picture has far more pixels than the 40 million that are allowed."),
    ],
    ids=["empty", "executable", "svg", "html", "gif", "zip", "html as pdf", "half a pdf", "encrypted", "no pages",
         "many pages", "half a png", "half a jpeg", "large picture", "decompression bomb"],
)  # fmt: skip
def test_wrong_files(content, sentence):
    with pytest.raises(actions.Refused) as refused:
        uploads.check(upload(content))

    assert str(refused.value) == sentence


def test_too_large(settings):
    settings.UPLOAD_MAX_BYTES = 2_000

    with pytest.raises(actions.Refused, match=r"larger than 2\.0\xa0KB"):
        uploads.check(upload(pdf() + b"\n" * 2_000))


def kept():
    """Every file in the store."""
    return {path for path in Path(live_settings.MEDIA_ROOT).rglob("*") if path.is_file()}


@pytest.fixture
def slot(db):
    return DocumentSlotFactory(name="Transcript")


def put(slot, content, by=None):
    return actions.put_document(slot=slot, upload=upload(content), by=by or slot.application.applicant)


def test_a_file_is_kept_under_a_name_that_nobody_can_guess(slot):
    document = put(slot, pdf())

    stored = Path(document.file.name)
    assert len(stored.stem) == 40
    assert "transcript" not in stored.name
    slot.refresh_from_db()
    assert slot.state == DocumentSlot.State.RECEIVED
    assert Act.objects.about(slot.application).last().details == {"document": "Transcript", "file": "transcript.pdf"}


def test_older_files_stay_behind_the_newest(slot):
    first, second = put(slot, pdf(1)), put(slot, pdf(2))

    assert list(slot.files.all()) == [second, first]


def test_the_same_file_again_is_recognised_and_stands_in_front(slot):
    first, _second = put(slot, pdf(1)), put(slot, pdf(2))
    before = kept()

    again = put(slot, pdf(1))

    assert again == first
    assert slot.files.first() == first
    assert kept() == before


def test_the_refused_file_is_not_taken_again_but_another_one_is(slot):
    put(slot, pdf(1))
    DocumentSlot.objects.filter(pk=slot.pk).update(state="refused", reason="The last page is missing.")
    before = kept()

    with pytest.raises(actions.Refused, match="This is the file that was refused: The last page is missing"):
        put(slot, pdf(1))
    assert kept() == before
    put(slot, pdf(2))

    slot.refresh_from_db()
    assert (slot.state, slot.reason) == ("received", "")


def test_a_refused_act_leaves_no_file_behind(slot):
    before = kept()

    for person in (student_of(), person_as("exchange", slot.application.round.university)):
        with pytest.raises(actions.Refused):
            put(slot, pdf(), by=person)

    assert kept() == before


def test_checking_and_refusing(slot):
    application = ApplicationFactory(submitted=True)
    slot = DocumentSlotFactory(application=application, state="received")
    desk = person_as("exchange", application.round.university)

    actions.validate_document(slot=slot, by=desk)
    actions.refuse_document(slot=slot, reason="It is not signed.", by=desk)

    assert (slot.state, slot.reason) == ("refused", "It is not signed.")
    assert application.applicant.notices.get().body.endswith("It is not signed.")
    with pytest.raises(actions.Refused):
        actions.validate_document(slot=slot, by=desk)


def test_nothing_more_is_asked_of_who_has_no_place(slot):
    application = ApplicationFactory(rejected=True)
    desk = person_as("exchange", application.round.university)

    with pytest.raises(actions.Refused, match="has ended"):
        actions.ask_document(application=application, name="Passport", help="", needed="later", by=desk)


def test_asking_for_one_more_document(slot):
    application = ApplicationFactory(submitted=True)
    desk = person_as("exchange", application.round.university)
    words = {"application": application, "help": "All pages", "needed": "to_apply", "by": desk}

    first = actions.ask_document(name="Passport", **words)
    second = actions.ask_document(name="Photo", **words)

    assert (first.position, second.position, first.state) == (1, 2, "asked")
    with pytest.raises(actions.Refused, match="not in the list yet"):
        actions.ask_document(name="Passport", **words)
