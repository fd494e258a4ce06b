"""What the pages of events and bodies say when an act is refused, when somebody was faster, and to who may not."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from members.acts import Conflict, Refused
from policy import actions
from policy.actions.guards import no_seat_is_given_twice
from policy.actions.materials import _add
from policy.editing import said_after_saving
from policy.models import Body, BodyMembership, Event, EventInvitation, Registration
from tests.factories.members import UniversityFactory, UserFactory, person_as, student_of
from tests.factories.policy import (
    BodyFactory,
    EventFactory,
    InvitationFactory,
    MaterialFactory,
    QuestionFactory,
    RegistrationFactory,
    SeatFactory,
    in_days,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretariat(client):
    person = person_as("secretariat")
    client.force_login(person)
    return person


def page_of(event, act):
    return reverse(f"policy:event_{act}", args=[event.slug])


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


# Steps


@pytest.mark.parametrize(
    ("act", "state", "words"),
    [
        ("publish", "published", "This event has changed meanwhile."),
        ("restore", "draft", "This event has changed meanwhile."),
        ("archive", "archived", "This event has changed meanwhile."),
        ("cancel", "draft", "This event has changed meanwhile."),
    ],
)
def test_a_step_that_was_taken_meanwhile_is_said_on_the_page_of_the_event(
    client, secretariat, act, state, words
) -> None:
    event = EventFactory(state=state)

    response = client.post(page_of(event, act), {"reason": "No host."})

    assert response["Location"] == event.get_absolute_url()
    [sentence] = said(response)
    assert sentence.startswith(words)


def test_what_is_over_is_archived_and_not_cancelled(client, secretariat) -> None:
    event = EventFactory(past=True)

    assert said(client.post(page_of(event, "cancel"), {"reason": "No host."})) == ["It is over; archive it instead."]
    assert client.post(page_of(event, "archive"))["Location"] == reverse("policy:event_list")


@pytest.mark.parametrize("act", ["publish", "archive", "restore"])
def test_a_step_asks_first(client, secretariat, act) -> None:
    event = EventFactory(archived=act == "restore")

    response = client.get(page_of(event, act))

    assert response.status_code == 200
    event.refresh_from_db()
    assert event.state == ("archived" if act == "restore" else "draft")


def test_fewer_places_than_people_are_said_on_the_form_and_nothing_is_saved(client, secretariat) -> None:
    event = EventFactory(published=True, quota=2, full=True)
    page = client.get(page_of(event, "edit")).context
    typed = {name: page["form"][name].value() for name in page["form"].fields}
    typed = {name: value for name, value in typed.items() if value not in (None, False)}
    typed = {name: "on" if value is True else value for name, value in typed.items()} | {"quota": 1}
    for prefix in ("programme", "questions"):
        typed |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}

    response = client.post(page_of(event, "edit"), typed)

    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == ["2 people come; offer at least those."]
    event.refresh_from_db()
    assert event.quota == 2


@pytest.mark.parametrize(
    ("state", "words"),
    [("draft", "Saved. Publish it when it is complete."),
     ("published", "Saved. Who is registered is told when hours or place changed.")],
)  # fmt: skip
def test_saving_says_what_comes_of_it(state, words) -> None:
    assert said_after_saving(Event(state=state)) == words


def test_a_new_event_belongs_to_the_body_that_is_asked_for_where_one_runs_it(client) -> None:
    chair = SeatFactory(chair=True)
    other = BodyFactory()
    client.force_login(chair.person)
    add = reverse("policy:event_add")

    bodies = [client.get(add, {"body": body.slug}).context["form"].instance.body for body in (chair.body, other)]

    assert bodies == [chair.body, None]


def test_members_and_students_organise_nothing(client) -> None:
    for person in (UserFactory(), student_of(), person_as("exchange")):
        client.force_login(person)
        assert client.get(reverse("policy:event_add")).status_code == 403


# Registering


def test_a_place_that_went_meanwhile_is_a_place_in_line(client) -> None:
    event = EventFactory(published=True, quota=1, full=True)
    client.force_login(UserFactory())

    assert said(client.post(page_of(event, "register"))) == [
        "All places are taken: you are on the waiting list and move up by yourself."
    ]


def test_who_was_refused_reads_why_when_they_try_again(client) -> None:
    registration = RegistrationFactory(refused=True)
    client.force_login(registration.person)

    response = client.post(page_of(registration.event, "register"))

    assert said(response) == ["Your registration was not accepted: For heads of office only."]
    registration.refresh_from_db()
    assert registration.state == "refused"


def test_answers_cannot_be_changed_once_it_has_begun(client) -> None:
    now = timezone.now()
    event = EventFactory(published=True, starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1))
    question = QuestionFactory(event=event)
    registration = RegistrationFactory(event=event, approved=True, answers={str(question.pk): "meat"})
    client.force_login(registration.person)

    response = client.post(page_of(event, "register"), {f"question-{question.pk}": "vegan"})

    assert said(response) == ["It is too late to change your answers; write to the organisers."]
    registration.refresh_from_db()
    assert registration.answers == {str(question.pk): "meat"}


def test_a_question_that_must_be_answered_keeps_what_was_typed_beside_it(client) -> None:
    event = EventFactory(published=True)
    first, second = QuestionFactory(event=event, is_required=True), QuestionFactory(event=event)
    client.force_login(UserFactory())

    response = client.post(page_of(event, "register"), {f"question-{second.pk}": "By train."})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [f"question-{first.pk}"]
    assert 'value="By train."' in response.content.decode()
    assert not Registration.objects.exists()


def test_leaving_too_late_is_said_and_changes_nothing(client) -> None:
    now = timezone.now()
    event = EventFactory(published=True, starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1))
    registration = RegistrationFactory(event=event, approved=True)
    client.force_login(registration.person)

    response = client.post(page_of(event, "leave"))

    assert said(response) == ["The event has begun; write to the organisers."]
    registration.refresh_from_db()
    assert registration.state == "approved"


def test_who_saw_an_event_only_by_the_registration_is_led_to_the_calendar_afterwards(client) -> None:
    registration = RegistrationFactory(event__invited=True, approved=True)
    client.force_login(registration.person)

    response = client.post(page_of(registration.event, "leave"))

    assert response["Location"] == reverse("policy:event_list")


@pytest.mark.parametrize("state", ["cancelled", "refused", "attended"])
def test_nobody_leaves_what_they_are_not_in(client, state) -> None:
    registration = RegistrationFactory(**{state: True})
    client.force_login(registration.person)

    assert client.get(page_of(registration.event, "leave")).status_code == 403


# Invitations


def answer(invitation, act):
    return reverse(f"policy:invitation_{act}", args=[invitation.reference])


@pytest.mark.parametrize("act", ["accept", "decline", "delegate"])
def test_answers_are_never_given_by_a_link(client, act) -> None:
    home = UniversityFactory()
    client.force_login(person_as("head", home))

    assert client.get(answer(InvitationFactory(university=home), act)).status_code == 405


@pytest.mark.parametrize("act", ["accept", "decline", "delegate", "answer"])
def test_an_invitation_of_somebody_else_is_not_there(client, act) -> None:
    client.force_login(person_as("head"))
    invitation = InvitationFactory()
    page = answer(invitation, act)

    assert (client.get(page) if act == "answer" else client.post(page)).status_code == 404


def test_a_second_answer_is_said_and_the_first_stays(client) -> None:
    home = UniversityFactory()
    client.force_login(person_as("head", home))
    invitation = InvitationFactory(university=home)

    client.post(answer(invitation, "accept"), {"words": "With pleasure."})
    response = client.post(answer(invitation, "accept"), {"words": "Again."})

    assert said(response)[-1] == "This invitation was answered, or taken back, meanwhile."
    stored = EventInvitation.objects.get()
    assert (stored.state, stored.words) == ("accepted", "With pleasure.")


def test_a_delegate_who_is_none_is_said_at_the_field(client) -> None:
    home = UniversityFactory()
    head = person_as("head", home)
    client.force_login(head)
    invitation = InvitationFactory(university=home)

    for chosen in ("", head.pk, UserFactory().pk):
        response = client.post(answer(invitation, "delegate"), {"delegate": chosen})
        assert response.status_code == 422
        assert list(response.context["delegating"].errors) == ["delegate"]
    assert EventInvitation.objects.get().state == "open"


def test_taking_back_what_was_taken_back_is_said(client, secretariat) -> None:
    invitation = InvitationFactory(state="withdrawn")

    response = client.post(answer(invitation, "withdraw"))

    assert said(response) == ["This invitation was taken back already."]


def test_everybody_invited_already_is_said_as_a_warning(client, secretariat) -> None:
    home = UniversityFactory(member=True)
    event = InvitationFactory(university=home).event
    typed = {"whom": "role", "role": "head", "universities": [home.pk]}

    response = client.post(reverse("policy:invitation_list", args=[event.slug]), typed)

    assert said(response) == ["Everybody of these is invited already."]


# Many, materials, seats


@pytest.mark.parametrize("ticked", ["", "1", "not-a-reference", "00000000-0000-0000-0000-000000000000"])
def test_what_is_ticked_and_names_nobody_does_nothing(client, secretariat, ticked) -> None:
    registration = RegistrationFactory()
    page = reverse("policy:many_registrations", args=[registration.event.slug])

    response = client.post(page, {"act": "approve", "person": [ticked]})

    assert (response.status_code, said(response)) == (302, [])
    registration.refresh_from_db()
    assert registration.state == "asked"


def test_a_material_for_a_body_needs_one(secretariat) -> None:
    with pytest.raises(Refused, match=r"This event belongs to no body; choose another audience\."):
        _add(
            EventFactory(),
            MaterialFactory.build(sha256="a" * 64),
            "file.pdf",
            title="A",
            audience="body",
            by=secretariat,
        )


def test_taking_a_material_away_asks_first(client, secretariat) -> None:
    material = MaterialFactory()
    page = reverse("policy:material_remove", args=[material.event.slug, material.code])

    assert client.get(page).context["material"] == material
    assert client.post(page)["Location"] == material.event.get_absolute_url()
    assert client.post(page).status_code == 404


def test_seats_that_collide_are_refused_in_words_and_none_of_them_is_kept(secretariat) -> None:
    body, home = BodyFactory(), UniversityFactory()
    rows = [BodyMembership(university=home, starts_on="2026-01-01") for _number in range(2)]

    with pytest.raises(Refused, match="already has a seat of its own in this body"):
        actions.change_seats(body=body, version=1, rows=rows, by=secretariat)

    assert (BodyMembership.objects.count(), Body.objects.get(pk=body.pk).version) == (0, 1)


def test_seats_are_saved_over_the_version_that_was_read(secretariat) -> None:
    body = BodyFactory()
    late = Body.objects.get(pk=body.pk)
    actions.change_seats(body=body, version=1, rows=[], by=secretariat)

    with pytest.raises(Conflict):
        actions.change_seats(body=late, version=1, rows=[], by=secretariat)


@pytest.mark.parametrize("day", ["", "today", "2027-02-30", "20270101T", "9999-99-99"])
def test_a_day_that_is_none_shows_who_sits_today(client, day) -> None:
    seat = SeatFactory(of_university=True, ends_on=timezone.localdate())

    response = client.get(seat.body.get_absolute_url(), {"on": day})

    assert (response.context["is_today"], response.context["seats"]) == (True, [seat])


def test_only_what_the_database_says_of_places_becomes_a_sentence_about_places() -> None:
    with pytest.raises(IntegrityError), no_seat_is_given_twice():
        raise IntegrityError


@pytest.mark.ignore_template_errors
def test_who_edits_seats_is_shown_that_the_administration_saved_the_body(client) -> None:
    client.force_login(person_as("secretariat", person__is_staff=True))
    body = BodyFactory()
    data = {"slug": body.slug, "name": "Mobility", "kind": body.kind, "memberships-TOTAL_FORMS": 0,
            "memberships-INITIAL_FORMS": 0}  # fmt: skip

    client.post(reverse("admin:policy_body_change", args=[body.pk]), data)

    body.refresh_from_db()
    assert (body.name, body.version) == ("Mobility", 2)


# Two who edit


def test_hours_that_two_typed_differently_stand_beside_each_other(client, secretariat) -> None:
    event = EventFactory(starts_at=in_days(30), ends_at=in_days(31))
    page = client.get(page_of(event, "edit")).context
    typed = {name: page["form"][name].value() for name in page["form"].fields}
    typed = {name: "on" if value is True else value for name, value in typed.items() if value not in (None, False)}
    for prefix in ("programme", "questions"):
        typed |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    Event.objects.update(version=2)

    response = client.post(
        page_of(event, "edit"), typed | {"ends_local": "2030-01-01T12:00", "starts_local": "2030-01-01T10:00"}
    )

    labels = [version.label for version in response.context["versions"]]
    assert (response.status_code, labels) == (409, ["Begins", "Ends"])
    assert response.context["versions"][0].mine == "2030-01-01 10:00"
