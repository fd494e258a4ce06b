"""The parts of a dossier as plain values: who reads which words, on which pages the attachments stand."""

import io
from datetime import timedelta
from types import SimpleNamespace

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from applications.dossiers import attachments, binding, contents
from applications.dossiers.attachments import Attachment
from applications.models import AppealFile, Decision, DocumentFile
from tests.applications.files import pdf, picture
from tests.applications.unsaved import NOW, a_choice, a_slot, an_application


def attachment(pages=0, why_not="", name="Transcript"):
    return Attachment(name=name, state="Received", file="transcript.pdf", pages=[None] * pages, why_not=why_not)


# where each attachment stands


@pytest.mark.parametrize(
    ("files", "front", "where"),
    [
        ([], 2, []),
        ([attachment(1)], 2, ["Page 3"]),
        ([attachment(3)], 1, ["Pages 2 to 4"]),
        ([attachment(2), attachment(1)], 3, ["Pages 4 to 5", "Page 6"]),
        ([attachment(0, "Nothing was sent."), attachment(1)], 1, ["Nothing was sent.", "Page 2"]),
        ([attachment(2), attachment(0, "It cannot be read."), attachment(2)], 1,
         ["Pages 2 to 3", "It cannot be read.", "Pages 4 to 5"]),
    ],
)  # fmt: skip
def test_the_list_names_the_pages_behind_the_front(files, front, where):
    assert [row["where"] for row in binding._documents(files, front)] == where


def test_a_row_of_the_list_tells_name_state_and_file():
    [row] = binding._documents([attachment(1)], 1)

    assert row == {"name": "Transcript", "state": "Received", "file": "transcript.pdf", "where": "Page 2"}


def test_an_attachment_is_found_in_the_outline_by_its_first_page():
    writer = PdfWriter(clone_from=io.BytesIO(pdf(2)))
    pages = list(PdfReader(io.BytesIO(pdf(3))).pages)

    binding._append(writer, Attachment("Transcript", "", "", pages))
    binding._append(writer, Attachment("Passport", "", "", []))

    bound = io.BytesIO()
    writer.write(bound)
    reader = PdfReader(bound)
    assert len(reader.pages) == 5
    assert [(mark["/Title"], reader.get_destination_page_number(mark)) for mark in reader.outline] == [
        ("Transcript", 2)
    ]


# a stranger's pages


def test_what_a_page_would_do_is_taken_out_and_what_it_shows_stays():
    script = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("x")})
    note = DictionaryObject({NameObject("/A"): script, NameObject("/AA"): script, NameObject("/Contents"):
                             TextStringObject("seen")})  # fmt: skip
    page = PdfReader(io.BytesIO(pdf())).pages[0]
    page[NameObject("/AA")] = script
    page[NameObject("/Annots")] = ArrayObject([note, NameObject("/NoNote")])

    attachments._take_out_actions(page)

    assert "/AA" not in page
    assert {*note} == {"/Contents"}


@pytest.mark.parametrize(("kind", "size"), [("PNG", (8, 8)), ("JPEG", (3000, 40)), ("PNG", (40, 5000))])
def test_a_picture_stands_on_one_sheet_of_a4(kind, size):
    [page] = PdfReader(io.BytesIO(attachments._on_a_sheet(picture(kind, size)))).pages

    assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)


def test_a_small_picture_is_not_blown_up():
    sheet = attachments._on_a_sheet(picture("PNG", (10, 10)))

    [image] = PdfReader(io.BytesIO(sheet)).pages[0].images
    drawn = image.image.convert("L").point(lambda grey: 255 if grey < 250 else 0)
    assert drawn.getbbox() is None  # the white picture of ten dots is lost on the white sheet


def test_a_dark_picture_lies_in_the_middle_within_its_margin():
    dark = io.BytesIO()
    Image.new("RGB", (4000, 4000), "black").save(dark, "PNG")

    [image] = PdfReader(io.BytesIO(attachments._on_a_sheet(dark.getvalue()))).pages[0].images
    left, top, right, bottom = image.image.convert("L").point(lambda grey: 255 if grey < 128 else 0).getbbox()
    width, height = attachments.SHEET
    assert abs(left - (width - right)) <= 2
    assert abs(top - (height - bottom)) <= 2
    assert attachments.MARGIN - 2 <= left <= attachments.MARGIN + 2


class Stored:
    """A file in the store that gives `content`, or an error of the store."""

    def __init__(self, content):
        self.content = content

    def open(self, mode):
        if isinstance(self.content, Exception):
            raise self.content
        return io.BytesIO(self.content)


def of_file(content, kind="application/pdf"):
    document = SimpleNamespace(file=Stored(content), content_type=kind, name="a.pdf", uploaded_at=NOW)
    return attachments._of_file("Transcript", "Received", document, "Europe/Stockholm")


@pytest.mark.parametrize(
    ("content", "kind", "pages"),
    [(pdf(3), "application/pdf", 3), (picture("PNG"), "image/png", 1), (picture("JPEG"), "image/jpeg", 1)],
)
def test_a_file_that_can_be_read_is_attached(content, kind, pages):
    found = of_file(content, kind)

    assert (len(found.pages), found.why_not, found.file) == (pages, "", "a.pdf, 6 May 2027, 12:00 (Stockholm)")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.4 cut off", "application/pdf"),
        (b"", "application/pdf"),
        (pdf(password="secret"), "application/pdf"),
        (pdf(0), "application/pdf"),
        (b"no picture", "image/png"),
        (picture("PNG")[:40], "image/png"),
        (FileNotFoundError("gone from the store"), "application/pdf"),
    ],
)
def test_a_file_that_cannot_be_read_holds_up_nothing(content, kind):
    found = of_file(content, kind)

    assert (found.pages, found.why_not) == ([], "The file cannot be read, so it is not attached.")


# words


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [("", []), ("One.", ["One."]), ("One.\n\n \nTwo.\r\nThree.", ["One.", "Two.", "Three."]), (" \n\t\n", [])],
)
def test_empty_lines_of_a_text_are_no_paragraphs(text, paragraphs):
    assert contents._paragraphs(text) == paragraphs


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        (None, []),
        (Decision(outcome="wait", reason="Below 87.5."), ["Waiting list (prepared, not released)", "Below 87.5."]),
        (Decision(outcome="offer", reason="1st of 2.", released_at=NOW), ["Offer (released)", "1st of 2."]),
    ],
)
def test_a_decision_says_whether_it_has_left(decision, words):
    assert contents._decision(decision) == words


def appeal(**fields):
    known = {
        "filed_at": NOW, "answer_by": NOW + timedelta(days=14), "decided_at": None, "grounds": "I have 62.\n\nNot 26.",
        "reasons": "", "get_state_display": lambda: "Waits for its answer",
    }  # fmt: skip
    return {"appeal": SimpleNamespace(**(known | fields))}


def test_an_appeal_that_waits_is_told_with_its_dates():
    assert contents._appeal(appeal(), an_application()) == [
        "Filed 6 May 2027, 12:00 (Stockholm), to be answered by 20 May 2027, 12:00 (Stockholm): Waits for its answer",
        "I have 62.",
        "Not 26.",
    ]


def test_an_answered_appeal_is_told_with_what_was_answered():
    told = contents._appeal(appeal(decided_at=NOW + timedelta(days=2), reasons="26 it is."), an_application())

    assert told[-2:] == ["Answered 8 May 2027, 12:00 (Stockholm):", "26 it is."]


@pytest.mark.parametrize("part", [None, {"appeal": None}])
def test_without_an_appeal_nothing_is_told(part):
    assert contents._appeal(part, an_application()) == []


def test_an_event_is_told_with_its_moment_in_the_rounds_zone():
    steps = [
        {"at": NOW, "label": "Submitted", "by": "Ada Lind", "detail": "KIT"},
        {"label": "Being considered", "detail": ""},
    ]

    assert contents._events(steps, an_application()) == [
        {"at": "6 May 2027, 12:00 (Stockholm)", "label": "Submitted", "detail": "Ada Lind · KIT"},
        {"at": "", "label": "Being considered", "detail": ""},
    ]


def verdict(met):
    return SimpleNamespace(met=met, sentence="At least 60 ECTS.")


def test_a_choice_is_told_as_its_reader_may_know_it():
    choice = a_choice(state="waiting", why="All went to 90.")
    choice.pk = 5

    of_desk = contents._choice(choice, [verdict(True), verdict(False), verdict(None)], {})
    of_applicant = contents._choice(choice, [], {5: ("", "")})

    assert (of_desk["place"], of_desk["result"], of_desk["why"]) == (
        "KIT, Robotics", "On the waiting list", "All went to 90.",
    )  # fmt: skip
    assert [row["word"] for row in of_desk["verdicts"]] == ["Met", "Not met", "Look"]
    assert (of_applicant["result"], of_applicant["why"]) == ("", "")


def score(name, points, most):
    return SimpleNamespace(points=points, criterion=SimpleNamespace(name=name, max_points=most))


@pytest.mark.parametrize(("total", "words"), [(None, ""), (0, "0"), (84, "84")])
def test_a_review_is_told_with_its_points_once_it_is_finished(total, words):
    review = SimpleNamespace(reviewer="Bo Ek", comment="Strong.\n\nVery.", get_state_display=lambda: "Finished")

    told = contents._review({"review": review, "scores": [score("Grades", 40, 50)], "total": total})

    assert (told["total"], told["points"], told["words"]) == (words, "Grades 40/50", ["Strong.", "Very."])


# codes


@pytest.mark.parametrize("file", [DocumentFile, AppealFile])
def test_a_file_is_named_in_its_address_by_the_beginning_of_its_digest(file):
    assert file(sha256="0123456789abcdef" * 4).code == "0123456789abcdef"


def test_a_slot_names_itself():
    assert (str(a_slot(name="Passport")), str(DocumentFile(name="a.pdf")), str(AppealFile(name="b.pdf"))) == (
        "Passport", "a.pdf", "b.pdf",
    )  # fmt: skip
