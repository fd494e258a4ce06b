"""The organisers' board, invitations and seats in the browser: previews, exports, who may, bad input."""

import csv
import io
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from policy import deciding
from policy.models import BodyMembership, Registration
from tests.factories.members import UniversityFactory, UserFactory, person_as
from tests.factories.policy import (
    BodyFactory,
    EventFactory,
    InvitationFactory,
    QuestionFactory,
    RegistrationFactory,
    SeatFactory,
    in_days,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretariat(client):
    user = person_as("secretariat")
    client.force_login(user)
    return user


def board(event, page="registration_list"):
    return reverse(f"policy:{page}", args=[event.slug])


# The board


@pytest.mark.parametrize("rows", [1, 3])
def test_board_query_count(client, django_assert_num_queries, secretariat, rows):
    event = EventFactory(published=True)
    QuestionFactory(event=event)
    for _row in range(rows):
        RegistrationFactory(event=event, university=UniversityFactory(), invitation=InvitationFactory(event=event))

    with django_assert_num_queries(14):
        client.get(board(event))


def test_board_begins_with_who_waits_for_an_answer(client, secretariat):
    event = EventFactory(published=True)
    for state in ("cancelled", "approved", "waiting"):
        RegistrationFactory(event=event, **{state: True})
    RegistrationFactory(event=event)

    shown = [row.state for row in client.get(board(event)).context["page_obj"]]

    assert shown == ["asked", "waiting", "approved", "cancelled"]


def exported(client, event):
    response = client.get(board(event), {"export": "csv"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_export_for_the_hosts_office_has_answers_but_no_addresses(client):
    host = UniversityFactory()
    event = EventFactory(published=True, host=host)
    question = QuestionFactory(event=event, text="What do you eat?")
    person = RegistrationFactory(event=event, approved=True, answers={str(question.pk): "=no meat"}).person

    client.force_login(person_as("exchange", host))
    [office] = exported(client, event)
    client.force_login(person_as("secretariat"))
    [full] = exported(client, event)

    assert ("E-mail address" in office, full["E-mail address"]) == (False, person.email)
    assert office["What do you eat?"] == "'=no meat"


def test_why_somebody_was_refused_is_between_the_organisers_and_the_person(client):
    host = UniversityFactory()
    event = RegistrationFactory(refused=True, event__host=host).event

    shown = []
    for person in (person_as("secretariat"), person_as("exchange", host)):
        client.force_login(person)
        shown.append("For heads of office only." in client.get(board(event)).content.decode())

    assert shown == [True, False]


@pytest.mark.parametrize("act", ["approve", "refuse", "first", "attend", "unattend"])
def test_acts_on_many_are_previewed_then_done(client, secretariat, act):
    before = {"approve": "asked", "refuse": "waiting", "first": "waiting", "attend": "approved", "unattend": "attended"}
    after = {
        "approve": "approved",
        "refuse": "refused",
        "first": "waiting",
        "attend": "attended",
        "unattend": "approved",
    }
    event = EventFactory(published=True, starts_at=in_days(-0.1), ends_at=in_days(1), quota=3)
    traits = {} if before[act] == "asked" else {before[act]: True}
    fits, other = RegistrationFactory(event=event, **traits), RegistrationFactory(event=event, cancelled=True)
    asked = {"act": act, "person": [fits.reference, other.reference, "nonsense"], "reason": "Too late."}

    shown = client.get(board(event, "many_registrations"), asked)
    client.post(board(event, "many_registrations"), asked)

    fits.refresh_from_db()
    other.refresh_from_db()
    assert {row["registration"].pk: row["goes"] for row in shown.context["rows"]} == {fits.pk: True, other.pk: False}
    assert (fits.state, other.state) == (after[act], "cancelled")


def test_preview_of_approvals_counts_the_places_that_are_left(client, secretariat):
    event = EventFactory(published=True, quota=1, needs_approval=True)
    rows = RegistrationFactory.create_batch(2, event=event)
    asked = {"act": "approve", "person": [row.reference for row in rows]}

    shown = client.get(board(event, "many_registrations"), asked).context["rows"]

    assert [row["words"] for row in shown] == ["gets a place", "goes to the waiting list: no place is left"]


def test_many_put_first_keep_their_order_among_themselves(client, secretariat):
    event = EventFactory(published=True, quota=1, full=True)
    other, second, third = RegistrationFactory.create_batch(3, event=event, waiting=True)
    asked = {"act": "first", "person": [second.reference, third.reference]}

    client.post(board(event, "many_registrations"), asked)

    assert list(Registration.objects.waiting().filter(event=event)) == [second, third, other]


def test_many_of_whom_one_has_moved_on_says_who_and_does_the_others(monkeypatch):
    event = EventFactory(published=True, quota=5)
    fits, gone = RegistrationFactory.create_batch(2, event=event)
    Registration.objects.filter(pk=gone.pk).update(state="cancelled")

    done, refusals = deciding.do_to_many("approve", [fits, gone], by=UserFactory(), now=timezone.now())

    assert (done, len(refusals), refusals[0].startswith(f"{gone.person}: ")) == (1, 1, True)


def test_refusing_many_without_a_reason_says_so_and_keeps_who_was_ticked(client, secretariat):
    registration = RegistrationFactory()
    asked = {"act": "refuse", "person": registration.reference, "reason": " "}

    response = client.post(board(registration.event, "many_registrations"), asked)

    assert (response.status_code, str(registration.reference) in response.content.decode()) == (422, True)


def test_unknown_act_leads_back_to_the_board(client, secretariat):
    event = EventFactory(published=True)

    assert client.post(board(event, "many_registrations"), {"act": "explode"})["Location"] == board(event)


def test_people_of_another_event_cannot_be_decided_here(client):
    seat, stranger = SeatFactory(chair=True), RegistrationFactory()
    event = EventFactory(published=True, body=seat.body)
    client.force_login(seat.person)

    client.post(board(event, "many_registrations"), {"act": "approve", "person": stranger.reference})

    stranger.refresh_from_db()
    assert stranger.state == "asked"


# Inviting in the browser


def test_heads_of_all_members_are_invited_in_one_go(client, secretariat):
    UniversityFactory.create_batch(2, member=True)
    UniversityFactory(associate=True)
    event = EventFactory(published=True)

    client.post(board(event, "invitation_list"), {"whom": "role", "role": "head"})
    again = client.post(board(event, "invitation_list"), {"whom": "role", "role": "head"}, follow=True)

    assert event.invitations.filter(role="head").count() == 2
    assert "invited already" in again.content.decode()


def test_invitation_form_names_what_is_missing(client, secretariat):
    event = EventFactory(published=True)

    response = client.post(board(event, "invitation_list"), {"whom": "body", "body": ""})

    assert (response.status_code, "body" in response.context["form"].errors) == (422, True)


def test_body_and_single_universities_are_invited_too(client, secretariat):
    seat, place = SeatFactory(), UniversityFactory(associate=True)
    event = EventFactory(published=True)

    client.post(board(event, "invitation_list"), {"whom": "body", "body": seat.body.pk})
    client.post(board(event, "invitation_list"), {"whom": "role", "role": "grants", "universities": [place.pk]})

    assert [(one.seat, one.role, one.university) for one in event.invitations.order_by("pk")] == [
        (seat, "", None), (None, "grants", place),
    ]  # fmt: skip


def test_invitation_of_a_role_wants_the_role(client, secretariat):
    response = client.post(board(EventFactory(published=True), "invitation_list"), {"whom": "role", "role": ""})

    assert response.context["form"].errors["role"] == ["Choose the role that is invited."]


def test_nobody_is_invited_to_a_draft(client, secretariat):
    UniversityFactory(member=True)

    response = client.post(board(EventFactory(), "invitation_list"), {"whom": "role", "role": "head"})

    assert "once the event is published" in response.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_invitation_list_query_count(client, django_assert_num_queries, secretariat, rows):
    event = EventFactory(published=True)
    for _row in range(rows):
        InvitationFactory(event=event, university=UniversityFactory(member=True))

    with django_assert_num_queries(10):
        client.get(board(event, "invitation_list"))


def test_invitation_is_taken_back_by_organisers_only(client, secretariat):
    invitation = InvitationFactory()
    url = reverse("policy:invitation_withdraw", args=[invitation.reference])

    client.force_login(UserFactory())
    assert client.post(url).status_code == 403
    client.force_login(secretariat)
    client.post(url)
    invitation.refresh_from_db()
    assert invitation.state == "withdrawn"


# Seats


def seats(body, *rows, initial=0, version=None):
    data = {
        "version": body.version if version is None else version,
        "seats-TOTAL_FORMS": len(rows), "seats-INITIAL_FORMS": initial, "seats-MIN_NUM_FORMS": 0,
        "seats-MAX_NUM_FORMS": 120,
    }  # fmt: skip
    for number, row in enumerate(rows):
        data |= {f"seats-{number}-{key}": value for key, value in ({"role": "member"} | row).items()}
    return data


def test_seats_are_kept_by_e_mail_address_and_university(client, secretariat):
    body, person, home = BodyFactory(), UserFactory(), UniversityFactory()
    url = reverse("policy:body_seats", args=[body.slug])

    rows = ({"email": person.email.upper(), "role": "chair", "starts_on": "2026-01-01"}, {"university": home.pk})
    response = client.post(url, seats(body, *rows))

    assert response.status_code == 302
    kept = [(seat.person, seat.university, seat.role) for seat in body.memberships.order_by("pk")]
    assert kept == [(person, None, "chair"), (None, home, "member")]


WRONG_SEATS = {
    "an address nobody has": ({"email": "nobody@nowhere.example"}, "email"),
    "nobody at all": ({"note": "who?"}, "email"),
    "dates the wrong way round": ({"email": "OWN", "starts_on": "2026-02-01", "ends_on": "2026-01-01"}, "__all__"),
    "no day": ({"email": "OWN", "starts_on": "31.31.2026"}, "starts_on"),
}


@pytest.mark.parametrize("what", WRONG_SEATS)
def test_seats_form_names(client, secretariat, what):
    body = BodyFactory()
    row, field = WRONG_SEATS[what]
    row = {key: secretariat.email if value == "OWN" else value for key, value in row.items()}

    response = client.post(reverse("policy:body_seats", args=[body.slug]), seats(body, row))

    assert response.status_code == 422
    assert field in response.context["rows"].forms[0].errors


def test_person_twice_at_a_time_is_refused_with_a_sentence(client, secretariat):
    body, person = BodyFactory(), UserFactory()
    row = {"email": person.email, "starts_on": "2026-01-01"}

    response = client.post(reverse("policy:body_seats", args=[body.slug]), seats(body, row, row))

    assert (response.status_code, BodyMembership.objects.count()) == (422, 0)
    assert "already sits in this body" in response.content.decode()


@pytest.mark.parametrize("turned_round", [False, True])
def test_day_on_which_a_seat_passes_on_moves_in_one_save(client, secretariat, turned_round):
    body, home = BodyFactory(), UniversityFactory()
    own = {"body": body, "of_university": True, "university": home}
    first = SeatFactory(**own, starts_on=date(2026, 1, 1), ends_on=date(2026, 6, 30))
    second = SeatFactory(**own, starts_on=date(2026, 7, 1))
    rows = [
        {"id": first.pk, "university": home.pk, "starts_on": "2026-01-01", "ends_on": "2026-09-30"},
        {"id": second.pk, "university": home.pk, "starts_on": "2026-10-01"},
    ]

    url = reverse("policy:body_seats", args=[body.slug])
    response = client.post(url, seats(body, *(rows[::-1] if turned_round else rows), initial=2))

    assert response.status_code == 302
    kept = body.memberships.order_by("starts_on").values_list("pk", "ends_on")
    assert list(kept) == [(first.pk, date(2026, 9, 30)), (second.pk, None)]


def test_seats_that_overlap_are_named_at_the_row(client, secretariat):
    body, home = BodyFactory(), UniversityFactory()
    rows = [{"university": home.pk, "ends_on": "2026-07-01"}, {"university": home.pk, "starts_on": "2026-07-01"}]

    response = client.post(reverse("policy:body_seats", args=[body.slug]), seats(body, *rows))

    assert response.status_code == 422
    assert [form.non_field_errors() for form in response.context["rows"].forms[:2]] == [
        [], ["This university already has a seat of its own in this body in that time."]
    ]  # fmt: skip


def test_second_of_two_editors_of_seats_sees_both_versions(client, secretariat):
    body = BodyFactory(version=2)

    response = client.post(
        reverse("policy:body_seats", args=[body.slug]), seats(body, {"email": secretariat.email}, version=1)
    )

    assert (response.status_code, BodyMembership.objects.count()) == (409, 0)
    assert "Yours, not saved yet" in response.content.decode()
    assert secretariat.email in response.content.decode()


def test_seat_with_invitations_is_given_a_last_day_not_removed(client, secretariat):
    seat = SeatFactory()
    InvitationFactory(role="", university=None, seat=seat)
    row = {"id": seat.pk, "email": seat.person.email, "DELETE": "on"}

    response = client.post(reverse("policy:body_seats", args=[seat.body.slug]), seats(seat.body, row, initial=1))

    assert ("give it a last day" in response.content.decode(), BodyMembership.objects.count()) == (True, 1)


def test_seat_of_a_closed_account_and_of_an_archived_university_stay_when_others_are_saved(client, secretariat):
    body, now = BodyFactory(), timezone.now()
    gone = SeatFactory(body=body, person__is_active=False)
    archived = SeatFactory(body=body, of_university=True, university__archived_at=now)
    url = reverse("policy:body_seats", args=[body.slug])

    page = client.get(url)
    rows = [
        {name: row[name].value() or "" for name in ("id", "email", "university", "starts_on")}
        for row in page.context["rows"].initial_forms
    ]
    response = client.post(url, seats(body, *rows, {"email": secretariat.email}, initial=2))

    assert f'<option value="{archived.university_id}" selected>' in page.content.decode()
    assert response.status_code == 302
    assert [(seat.person, seat.university) for seat in body.memberships.order_by("pk")] == [
        (gone.person, None), (None, archived.university), (secretariat, None),
    ]  # fmt: skip


@pytest.mark.parametrize("version", ["²", "9" * 5000, ""])
def test_seats_form_takes_a_version_that_is_no_number_for_an_old_one(client, secretariat, version):
    body = BodyFactory()

    response = client.post(reverse("policy:body_seats", args=[body.slug]), seats(body, version=version))

    assert response.status_code == 409


def test_chair_edits_the_seats_and_the_secretary_does_not(client):
    body = BodyFactory()
    answers = []
    for role in ("chair", "secretary", "member"):
        client.force_login(SeatFactory(body=body, role=role).person)
        answers.append(client.get(reverse("policy:body_seats", args=[body.slug])).status_code)

    assert answers == [200, 403, 403]
