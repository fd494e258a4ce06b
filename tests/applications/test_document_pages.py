"""Documents over the wire: sent by the applicant, handed out to whoever may read the file, and to nobody else."""

from urllib.parse import unquote

import pytest
from django.urls import reverse

from applications import actions
from applications.models import DocumentSlot
from tests.applications.files import bomb, pdf, upload
from tests.applications.stories import Story
from tests.factories.applications import ApplicationFactory, DocumentFileFactory, DocumentSlotFactory, ReviewFactory
from tests.factories.members import UserFactory, person_as, student_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def slot():
    return DocumentSlotFactory(name="Transcript", position=1)


def put(client, slot, content, name="transcript.pdf", **headers):
    client.force_login(slot.application.applicant)
    address = reverse("applications:document_put", args=[slot.application.reference, slot.position])
    return client.post(address, {"file": upload(content, name)} if content is not None else {}, **headers)


def said(client, slot):
    """The messages that the next page shows."""
    page = client.get(reverse("applications:application_documents", args=[slot.application.reference]))
    return [str(message) for message in page.context["messages"]]


def test_sending_a_file_leads_back_to_its_row(client, slot):
    response = put(client, slot, pdf())

    steps = reverse("applications:application_documents", args=[slot.application.reference])
    assert response.url == f"{steps}#document-1"
    assert said(client, slot) == ["“transcript.pdf” is kept as Transcript."]
    slot.refresh_from_db()
    assert slot.state == DocumentSlot.State.RECEIVED


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "Choose a file for “Transcript” first."),
        (b"", "Transcript: this file is empty. Save it again and send the new file."),
        (b"MZ\x90\x00" + b"\0" * 300, "Transcript: “transcript.pdf” is not a PDF, PNG or JPEG inside (it is EXE). "
         "Save it as PDF."),
        (bomb(60000, 60000), "Transcript: This picture has far more pixels than the 40 million that are allowed."),
        (b"x" * (50 * 1024 * 1024),
         "This file is larger than 10.0\xa0MB. Scan it in fewer colours or send fewer pages."),
    ],
    ids=["no file", "empty", "executable", "bomb", "50 MB"],
)  # fmt: skip
def test_wrong_files_get_a_clear_message(client, slot, content, sentence):
    put(client, slot, content)

    assert said(client, slot) == [sentence]
    slot.refresh_from_db()
    assert slot.state == DocumentSlot.State.ASKED
    assert not slot.files.exists()


def test_a_file_larger_than_announced_as_small_is_refused_by_its_size(client, slot, settings):
    settings.UPLOAD_MAX_BYTES = 2_000

    put(client, slot, pdf() + b"\n" * 3_000)

    assert "larger than" in said(client, slot)[0]


def test_the_form_still_needs_its_token(slot):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)

    assert put(client, slot, pdf()).status_code == 403
    assert not slot.files.exists()


def test_nobody_else_sends(client, slot):
    address = reverse("applications:document_put", args=[slot.application.reference, 1])
    for person in (student_of(), person_as("exchange", slot.application.round.university)):
        client.force_login(person)
        assert client.post(address, {"file": upload(pdf())}).status_code == 404


def test_a_checked_document_is_not_replaced(client, slot):
    DocumentSlot.objects.update(state="validated")

    assert put(client, slot, pdf()).status_code == 403


def test_too_many_uploads_in_an_hour(client, slot):
    for _ in range(60):
        put(client, slot, None)

    assert put(client, slot, pdf()).status_code == 429


def download(client, person, document):
    client.force_login(person)
    response = client.get(document.get_absolute_url())
    list(response)  # to the end, so that the file is closed
    return response


def test_a_download_is_never_shown_in_the_page(client, slot):
    application = slot.application
    actions.put_document(slot=slot, upload=upload(pdf(), "Näyttö.pdf"), by=application.applicant)

    client.force_login(application.applicant)

    response = client.get(slot.files.get().get_absolute_url())

    assert response["Content-Type"] == "application/pdf"
    assert unquote(response["Content-Disposition"]) == "attachment; filename*=utf-8''näyttö.pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in response["Cache-Control"]
    assert b"".join(response.streaming_content).startswith(b"%PDF")


def test_who_may_download(client):
    application = ApplicationFactory(submitted=True)
    document = DocumentFileFactory(slot__application=application)
    university = application.round.university
    reviewer = ReviewFactory(application=application).reviewer
    stepped_back = ReviewFactory(application=application, state="recused").reviewer
    reader = person_as("secretariat")
    actions.open_with_reason(application=application, reason="Asked by the student.", by=reader)

    for person in (application.applicant, person_as("exchange", university), reviewer, reader):
        assert download(client, person, document).status_code == 200
    for person in (student_of(), person_as("exchange"), person_as("secretariat"), stepped_back, UserFactory()):
        assert download(client, person, document).status_code == 404
    client.logout()
    assert client.get(document.get_absolute_url()).status_code == 302


@pytest.mark.parametrize("code", ["0", "f" * 16, "../../etc/pass"])
def test_there_is_nothing_to_guess(client, code):
    document = DocumentFileFactory(sha256="0" * 64)
    client.force_login(document.slot.application.applicant)

    address = document.get_absolute_url().replace(document.code, code)

    assert client.get(address).status_code == 404


def test_older_versions_can_still_be_read(client):
    story = Story()
    application = story.draft(0)
    slot = DocumentSlotFactory(application=application)
    first = actions.put_document(slot=slot, upload=upload(pdf(1)), by=application.applicant)
    actions.put_document(slot=slot, upload=upload(pdf(2)), by=application.applicant)

    page = client_page(client, application)

    assert first.get_absolute_url() in page
    assert "1 older file" in page


def client_page(client, application):
    client.force_login(application.applicant)
    return client.get(reverse("applications:application_documents", args=[application.reference])).content.decode()
