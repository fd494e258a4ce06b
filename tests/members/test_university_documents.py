"""Documents of a university: who reads which, what comes in, and that nobody's words are lost."""

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from cluster_portal.demo.papers import paper
from members.models import Act, UniversityDocument
from tests.factories.members import UniversityDocumentFactory, UniversityFactory, UserFactory, person_as, student_of
from tests.quiet import queries_of

pytestmark = pytest.mark.django_db
AUDIENCES = ["public", "consortium", "staff"]
MAY_READ = {
    "visitor": ["public"],
    "newcomer": ["public"],
    "student": ["public", "consortium"],
    "reviewer elsewhere": AUDIENCES,
    "office elsewhere": AUDIENCES,
    "office": [*AUDIENCES, "hidden"],
    "official": [*AUDIENCES, "hidden"],
    "secretariat": [*AUDIENCES, "hidden"],
}


@pytest.fixture
def kth():
    return UniversityFactory(short_name="KTH", slug="kth", member=True)


@pytest.fixture
def office(client, kth):
    person = person_as("exchange", kth)
    client.force_login(person)
    return person


def reader(who, university):
    makers = {
        "newcomer": UserFactory,
        "student": student_of,
        "reviewer elsewhere": lambda: person_as("reviewer"),
        "office elsewhere": lambda: person_as("exchange"),
        "office": lambda: person_as("exchange", university),
        "official": lambda: person_as("official", university),
        "secretariat": lambda: person_as("secretariat"),
    }
    return makers[who]()


def pdf(title="Guide"):
    return SimpleUploadedFile(f"{title}.pdf", paper([title]))


def send(client, university, upload, **typed):
    words = {"title": "Guide for guests", "kind": "guide", "language": "en", "audience": "public", "is_shown": "on"}
    data = {f"new-{name}": value for name, value in (words | typed).items()}
    address = reverse("members:university_document_add", args=[university.slug])
    return client.post(address, data | ({"new-file": upload} if upload else {}))


def rows_of(client, university, **changes):
    """What the page of documents would send back unchanged, with `changes` to the first row."""
    page = client.get(reverse("members:university_documents", args=[university.slug]))
    formset = page.context["formset"]
    counts = {f"documents-{name}_FORMS": len(formset) for name in ("TOTAL", "INITIAL")}
    data = {"seen": page.context["seen"]} | counts
    for number, row in enumerate(formset):
        document = row.instance
        data |= {
            f"documents-{number}-{name}": value
            for name, value in {
                "id": document.pk, "title": document.title, "kind": document.kind, "language": document.language,
                "audience": document.audience, "position": document.position,
                **({"is_shown": "on"} if document.is_shown else {}),
            }.items()
        }  # fmt: skip
    return data | {f"documents-0-{name}": value for name, value in changes.items()}


@pytest.mark.parametrize("who", MAY_READ)
def test_a_document_reaches_its_audience_and_nobody_else(client, kth, who):
    files = {
        audience: UniversityDocumentFactory(university=kth, audience=audience, title=f"for {audience}")
        for audience in AUDIENCES
    }
    files["hidden"] = UniversityDocumentFactory(university=kth, is_shown=False, title="for hidden")
    if who != "visitor":
        client.force_login(reader(who, kth))

    page = client.get(kth.get_absolute_url()).content.decode()
    answers = {key: client.get(document.get_absolute_url()) for key, document in files.items()}
    told = client.get(reverse("api:universities-detail", args=[kth.slug])).json()["documents"]

    for answer in answers.values():
        if answer.streaming:
            b"".join(answer.streaming_content)
    assert [key for key in files if f"for {key}" in page] == MAY_READ[who]
    assert [key for key, answer in answers.items() if answer.status_code == 200] == MAY_READ[who]
    assert [row["title"].removeprefix("for ") for row in told] == MAY_READ[who]


def test_documents_of_an_archived_university_go_with_its_page(client):
    document = UniversityDocumentFactory(university__archived_at=timezone.now())

    assert client.get(document.get_absolute_url()).status_code == 404


def test_a_document_is_a_download_that_no_browser_runs(client, kth):
    response = client.get(UniversityDocumentFactory(university=kth).get_absolute_url())

    assert b"".join(response.streaming_content) == b"%PDF-1.4 guide"
    assert response["Content-Disposition"] == 'attachment; filename="guide.pdf"'
    assert (response["X-Content-Type-Options"], response["Content-Security-Policy"]) == (
        "nosniff",
        "default-src 'none'; sandbox",
    )


def test_a_document_whose_file_is_gone_from_the_store_is_not_found(client, kth):
    document = UniversityDocumentFactory(university=kth)
    document.file.storage.delete(document.file.name)

    assert client.get(document.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("code", ["0", "f" * 16, "f" * 64])
def test_a_document_cannot_be_guessed_by_a_part_of_its_name(client, kth, code):
    UniversityDocumentFactory(university=kth)

    assert client.get(reverse("members:university_document", args=["kth", code])).status_code == 404


def test_the_page_asks_once_however_many_documents_there_are(client, kth):
    UniversityDocumentFactory(university=kth)
    client.get(kth.get_absolute_url())
    one = queries_of(lambda: client.get(kth.get_absolute_url()))
    UniversityDocumentFactory.create_batch(9, university=kth)

    assert queries_of(lambda: client.get(kth.get_absolute_url())) == one


# Keeping


def test_the_office_puts_a_document_on_the_page(client, office, kth):
    UniversityDocumentFactory(university=kth, position=4)

    response = send(client, kth, pdf(), audience="staff")

    document = kth.documents.get(title="Guide for guests")
    assert response.status_code == 302
    assert (document.audience, document.position, document.uploaded_by, document.content_type) == (
        "staff",
        5,
        office,
        "application/pdf",
    )
    assert document.file.name.startswith("universities/documents/")
    assert Act.objects.about(kth).get(kind="document.added").details == {"audience": "staff"}


WRONG = {
    "nothing": (None, "This field is required."),
    "a program": (SimpleUploadedFile("form.pdf", b"MZ\x90\x00" + b"\0" * 300), "is not a PDF, PNG or JPEG inside"),
    "half a PDF": (SimpleUploadedFile("form.pdf", b"%PDF-1.4 cut"), "This PDF is damaged"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_will_not_do_is_said_at_the_field_and_the_words_stay(client, office, kth, what):
    upload, sentence = WRONG[what]

    response = send(client, kth, upload, title="Our form")

    form = response.context["upload_form"]
    assert response.status_code == 422
    assert sentence in form.errors["file"][0]
    assert form["title"].value() == "Our form"
    assert not kth.documents.exists()


def test_a_file_too_large_is_turned_away_before_it_is_read(client, office, kth, settings):
    settings.UPLOAD_MAX_BYTES = 1000

    response = send(client, kth, SimpleUploadedFile("big.pdf", b"%PDF" + b"0" * 200_000))

    assert response.url == reverse("members:university_documents", args=["kth"])
    (message,) = client.get(response.url).context["messages"]
    assert str(message).startswith("This file is larger than")


def test_the_same_file_stands_there_once_and_leaves_nothing_behind(client, office, kth):
    send(client, kth, pdf())
    stored = set(default_storage.listdir(f"universities/documents/{timezone.now():%Y/%m}")[1])

    response = send(client, kth, pdf(), title="Again")

    assert response.context["upload_form"].errors["file"] == ["This file is among the documents already."]
    assert set(default_storage.listdir(f"universities/documents/{timezone.now():%Y/%m}")[1]) == stored


def test_there_is_an_end_to_documents(client, office, kth, monkeypatch):
    monkeypatch.setattr("members.actions.documents.MOST_DOCUMENTS", 1)
    UniversityDocumentFactory(university=kth)

    response = send(client, kth, pdf())

    assert response.context["upload_form"].errors["file"] == [
        "1 documents stand here, as many as there can be. Take one away first."
    ]


def test_words_and_audience_change_and_are_public_at_once(client, office, kth):
    document = UniversityDocumentFactory(university=kth)

    response = client.post(
        reverse("members:university_documents", args=["kth"]),
        rows_of(client, kth, title="Welcome guide", audience="consortium"),
    )

    document.refresh_from_db()
    assert response.status_code == 302
    assert (document.title, document.audience) == ("Welcome guide", "consortium")
    assert document.pgh_event_model.objects.filter(pgh_obj=document, title="Welcome guide").exists()


def test_a_document_taken_away_takes_its_file_along(client, office, kth, django_capture_on_commit_callbacks):
    document = UniversityDocumentFactory(university=kth)
    data = rows_of(client, kth, DELETE="on")

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("members:university_documents", args=["kth"]), data)

    assert not UniversityDocument.objects.filter(pk=document.pk).exists()
    assert not default_storage.exists(document.file.name)


def test_two_editors_see_both_versions(client, office, kth):
    document = UniversityDocumentFactory(university=kth, title="Guide")
    mine = rows_of(client, kth, title="Mine")
    UniversityDocument.objects.filter(pk=document.pk).update(title="Theirs")

    response = client.post(reverse("members:university_documents", args=["kth"]), mine)

    page = response.content.decode()
    assert response.status_code == 409
    assert ("Mine" in page, "Theirs" in page) == (True, True)


@pytest.mark.parametrize("role", ["head", "director", "exchange"])
def test_others_do_not_keep_documents(client, kth, role):
    home = UniversityFactory() if role == "exchange" else kth
    client.force_login(person_as(role, home))

    assert client.get(reverse("members:university_documents", args=["kth"])).status_code == 403
    assert send(client, kth, pdf()).status_code == 403
