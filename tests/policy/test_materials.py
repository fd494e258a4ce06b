"""Materials: what comes in, who reads which file. Every role at every audience of every kind of event."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from cluster_portal.demo.papers import paper
from policy.models import Material
from tests.factories.members import UniversityFactory, UserFactory, person_as, student_of
from tests.factories.policy import (
    BodyFactory,
    EventFactory,
    InvitationFactory,
    MaterialFactory,
    RegistrationFactory,
    SeatFactory,
)

pytestmark = pytest.mark.django_db
AUDIENCES = ["public", "registered", "body", "staff"]

# Who reads which audience at an event that everybody sees, and at one for invited people only.
MAY_READ = {
    "visitor": (["public"], []),
    "newcomer": (["public"], []),
    "student": (["public"], []),
    "head elsewhere": (["public"], []),
    "invited head": (["public"], ["public"]),
    "asked": (["public"], ["public"]),
    "waiting": (["public"], ["public"]),
    "refused": (["public"], []),
    "cancelled": (["public"], []),
    "approved": (["public", "registered"], ["public", "registered"]),
    "attended": (["public", "registered"], ["public", "registered"]),
    "member of the body": (["public", "body"], []),
    "former member of the body": (["public"], []),
    "secretary of the body": (AUDIENCES, AUDIENCES),
    "office of the host": (AUDIENCES, AUDIENCES),
    "office elsewhere": (["public"], []),
    "secretariat": (AUDIENCES, AUDIENCES),
}


def reader(who, event):
    if who in {"asked", "waiting", "refused", "cancelled", "approved", "attended"}:
        return RegistrationFactory(event=event, **({} if who == "asked" else {who: True})).person
    home = UniversityFactory()
    makers = {
        "newcomer": UserFactory,
        "student": student_of,
        "head elsewhere": lambda: person_as("head"),
        "invited head": lambda: InvitationFactory(event=event, university=home) and person_as("head", home),
        "member of the body": lambda: SeatFactory(body=event.body).person,
        "former member of the body": lambda: SeatFactory(body=event.body, ends_on="2024-01-01").person,
        "secretary of the body": lambda: SeatFactory(body=event.body, secretary=True).person,
        "office of the host": lambda: person_as("exchange", event.host),
        "office elsewhere": lambda: person_as("exchange"),
        "secretariat": lambda: person_as("secretariat"),
    }
    return makers[who]()


@pytest.mark.parametrize("audience_of_event", ["public", "invited"])
@pytest.mark.parametrize("who", MAY_READ)
def test_material_reaches_its_audience_and_nobody_else(client, who, audience_of_event):
    event = EventFactory(published=True, audience=audience_of_event, body=BodyFactory(), host=UniversityFactory())
    files = {
        audience: MaterialFactory(event=event, audience=audience, title=f"for {audience}") for audience in AUDIENCES
    }
    if who != "visitor":
        client.force_login(reader(who, event))

    answers = {audience: client.get(material.get_absolute_url()) for audience, material in files.items()}
    page = client.get(event.get_absolute_url())

    expected = MAY_READ[who][audience_of_event == "invited"]
    for response in answers.values():
        if response.streaming:
            b"".join(response.streaming_content)
    assert [audience for audience, response in answers.items() if response.status_code == 200] == expected
    shown = [audience for audience in AUDIENCES if f"for {audience}" in page.content.decode()]
    assert shown == expected


def test_material_of_a_draft_is_for_its_organisers_only(client):
    material = MaterialFactory(event=EventFactory())

    assert client.get(material.get_absolute_url()).status_code == 404


def test_material_is_a_download_that_no_browser_runs(client):
    material = MaterialFactory()

    response = client.get(material.get_absolute_url())

    assert b"".join(response.streaming_content) == b"%PDF-1.4 agenda"
    assert response["Content-Disposition"].startswith("attachment")
    assert (response["X-Content-Type-Options"], response["Content-Security-Policy"]) == (
        "nosniff",
        "default-src 'none'; sandbox",
    )


@pytest.mark.parametrize("code", ["0", "f" * 16, "f" * 64])
def test_material_cannot_be_guessed_by_a_part_of_its_name(client, code):
    material = MaterialFactory()

    assert client.get(reverse("policy:material_download", args=[material.event.slug, code])).status_code == 404


# Handing out


@pytest.fixture
def organiser(client):
    user = person_as("secretariat")
    client.force_login(user)
    return user


def hand_out(client, event, name="agenda.pdf", content=None, **typed):
    content = paper(["Agenda"]) if content is None else content
    data = {"title": "Agenda", "audience": "public", "file": SimpleUploadedFile(name, content)} | typed
    return client.post(reverse("policy:material_add", args=[event.slug]), data)


def test_file_is_handed_out_and_taken_away(client, organiser):
    event = EventFactory(published=True)

    hand_out(client, event)
    material = event.materials.get()
    assert (material.title, material.content_type, material.uploaded_by) == ("Agenda", "application/pdf", organiser)

    client.post(reverse("policy:material_remove", args=[event.slug, material.code]))
    assert event.materials.count() == 0


WRONG = {
    "an executable": ({"content": b"MZ\x90\x00" + b"\x00" * 64}, "is not a PDF, PNG or JPEG inside"),
    "a page": ({"name": "page.html", "content": b"<script>alert(1)</script>"}, "is not a PDF, PNG or JPEG inside"),
    "an empty file": ({"content": b""}, "empty"),
    "a broken file": ({"content": b"%PDF-1.4 nothing more"}, "damaged"),
    "nothing": ({"file": ""}, "required"),
}


@pytest.mark.parametrize("what", WRONG)
def test_file_is_refused_with_a_sentence(client, organiser, what):
    event = EventFactory(published=True)
    sent, sentence = WRONG[what]

    response = hand_out(client, event, **sent)

    assert (response.status_code, Material.objects.count()) == (422, 0)
    assert sentence in " ".join(response.context["form"].errors["file"])
    assert response.context["form"]["title"].value() == "Agenda"


def test_same_file_is_not_handed_out_twice(client, organiser):
    event = EventFactory(published=True)
    hand_out(client, event)

    response = hand_out(client, event, title="Agenda again")

    assert ("already" in response.content.decode(), event.materials.count()) == (True, 1)


def test_event_without_a_body_has_no_audience_of_one(client, organiser):
    response = hand_out(client, EventFactory(published=True), audience="body")

    assert (response.status_code, "audience" in response.context["form"].errors) == (422, True)


@pytest.mark.parametrize(
    ("name", "changes"),
    [("policy_material_audience_known", {"audience": "spies"}), ("a_material_is_not_empty", {"size": 0})],
)
def test_database_holds_material_constraint(name, changes):
    material = MaterialFactory()

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Material.objects.filter(pk=material.pk).update(**changes)


def test_database_keeps_a_file_once_per_event():
    material = MaterialFactory()

    with pytest.raises(IntegrityError, match="the_same_material_once_per_event"), transaction.atomic():
        MaterialFactory(event=material.event, sha256=material.sha256)
