"""Organisers' pages: add, edit, publish, cancel, archive; bad input, conflicts, who is told."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from notifications.models import Notice
from policy.models import Event, EventQuestion
from tests.factories.members import UniversityFactory, UserFactory, person_as
from tests.factories.policy import (
    BodyFactory,
    EventFactory,
    InvitationFactory,
    ProgrammeItemFactory,
    QuestionFactory,
    RegistrationFactory,
    SeatFactory,
    in_days,
)

pytestmark = pytest.mark.django_db
ADD = "/policy/events/new/"
MANAGEMENT = {
    f"{rows}-{key}": value
    for rows, most in (("programme", 80), ("questions", 8))
    for key, value in (("TOTAL_FORMS", 0), ("INITIAL_FORMS", 0), ("MIN_NUM_FORMS", 0), ("MAX_NUM_FORMS", most))
}


def local(days, hour=10):
    return (timezone.now() + timedelta(days=days)).strftime(f"%Y-%m-%dT{hour:02d}:00")


def typed(**changes):
    """What somebody types into the form of a new event."""
    valid = {
        "title": "Staff week", "summary": "A week at the host.", "place": "Leuven", "time_zone": "Europe/Brussels",
        "starts_local": local(30), "ends_local": local(34, 16), "audience": "members", "takes_registrations": "on",
        "contact_name": "Ada Lind", "contact_email": "ada@university.example",
    }  # fmt: skip
    return MANAGEMENT | valid | changes


@pytest.fixture
def secretariat(client):
    user = person_as("secretariat")
    client.force_login(user)
    return user


# Adding


LINES = {
    "on the first day": (("2030-05-06T09:00", ""), ""),
    "the evening before": (("2030-05-05T19:00", "2030-05-05T22:00"), ""),
    "an excursion the day after": (("2030-05-08T09:00", "2030-05-08T12:00"), ""),
    "another week": (("2030-05-13T09:00", ""), "starts_local"),
    "another year": (("2029-05-06T09:00", ""), "starts_local"),
    "ending another week": (("2030-05-07T09:00", "2030-05-17T10:00"), "ends_local"),
}


@pytest.mark.parametrize(("line", "field"), LINES.values(), ids=LINES)
def test_line_of_the_programme_lies_in_the_days_of_the_event(client, secretariat, line, field):
    rows = {
        "programme-TOTAL_FORMS": 1, "programme-0-title": "Opening", "programme-0-starts_local": line[0],
        "programme-0-ends_local": line[1],
    }  # fmt: skip

    response = client.post(ADD, typed(starts_local="2030-05-06T09:00", ends_local="2030-05-07T17:00", **rows))

    assert response.status_code == (422 if field else 302)
    if field:
        assert response.context["programme"].forms[0].errors == {
            field: ["This is not in the days of the event (6–7 May 2030)."]
        }
        assert 'id="programme-errors"' in response.content.decode()


def test_event_that_is_moved_asks_for_its_programme_to_be_moved_too(client, secretariat):
    event = EventFactory(starts_at=in_days(30), ends_at=in_days(31))
    item = ProgrammeItemFactory(event=event, starts_at=event.starts_at)
    rows = {
        "programme-TOTAL_FORMS": 1, "programme-INITIAL_FORMS": 1, "programme-0-id": item.pk,
        "programme-0-title": item.title, "programme-0-starts_local": local(30),
    }  # fmt: skip

    response = client.post(
        reverse("policy:event_edit", args=[event.slug]),
        typed(version=event.version, starts_local=local(50), ends_local=local(51), **rows),
    )

    assert response.status_code == 422
    assert list(response.context["programme"].forms[0].errors) == ["starts_local"]


def test_event_is_added_as_a_draft_on_its_own_clock(client, secretariat):
    response = client.post(
        ADD, typed(time_zone="Asia/Shanghai", starts_local="2030-05-06T09:00", ends_local="2030-05-07T17:00")
    )

    event = Event.objects.get()
    assert (response.status_code, event.state, event.slug) == (302, "draft", "staff-week-2030-05")
    assert event.starts_at.isoformat() == "2030-05-06T01:00:00+00:00"


def test_event_is_added_with_programme_and_questions(client, secretariat):
    rows = {
        "programme-TOTAL_FORMS": 2, "programme-0-starts_local": local(30), "programme-0-title": "Opening",
        "programme-1-starts_local": "", "programme-1-title": "",
        "questions-TOTAL_FORMS": 1, "questions-0-text": "What do you eat?", "questions-0-kind": "choice",
        "questions-0-answers": "everything\nno meat\n\nno meat",
    }  # fmt: skip

    client.post(ADD, typed(**rows))

    event = Event.objects.get()
    assert [item.title for item in event.programme.all()] == ["Opening"]
    assert event.questions.get().choices == ["everything", "no meat"]


def test_chair_adds_events_of_their_own_body_only(client):
    seat, other = SeatFactory(chair=True), BodyFactory()
    client.force_login(seat.person)

    answers = [client.post(ADD, typed(body=body.pk)).status_code for body in (other, seat.body)]
    without = client.post(ADD, typed()).status_code

    assert (answers, without) == ([422, 302], 422)
    assert Event.objects.get().body == seat.body


@pytest.mark.parametrize("role", ["member", "vice"])
def test_others_of_the_body_add_no_events(client, role):
    client.force_login(SeatFactory(role=role).person)

    assert client.get(ADD).status_code == 403


WRONG = {
    "title": ({"title": ""}, "required"),
    "starts_local": ({"starts_local": "tomorrow"}, "is not a day and an hour"),
    "ends_local": ({"ends_local": local(29)}, "must end after it begins"),
    "time_zone": ({"time_zone": "Mars/Olympus"}, "not one of the available choices"),
    "quota": ({"quota": "0"}, "greater than or equal to 1"),
    "closes_local": ({"closes_local": local(60)}, "before the event is over"),
    "opens_local": ({"opens_local": "2030-13-45T99:00"}, "is not a day and an hour"),
    "online_url": ({"online_url": "javascript:alert(1)"}, "valid URL"),
    "contact_email": ({"contact_email": "nobody"}, "valid email"),
    "body": ({"body": "999999"}, "not one of the available choices"),
}


@pytest.mark.parametrize("field", WRONG)
def test_event_form_names_what_is_wrong_and_keeps_what_was_typed(client, secretariat, field):
    changes, sentence = WRONG[field]

    response = client.post(ADD, typed(**changes))

    form = response.context["form"]
    assert (response.status_code, Event.objects.count()) == (422, 0)
    assert sentence in " ".join(form.errors[field])
    assert form["summary"].value() == "A week at the host."


def test_event_longer_than_two_months_is_questioned(client, secretariat):
    response = client.post(ADD, typed(ends_local=local(400)))

    assert "check the year" in response.content.decode()


WRONG_ROWS = {
    "programme-0-ends_local": {
        "programme-TOTAL_FORMS": 1, "programme-0-title": "Talk", "programme-0-starts_local": local(30, 12),
        "programme-0-ends_local": local(30, 11),
    },
    "questions-0-answers": {
        "questions-TOTAL_FORMS": 1, "questions-0-text": "Which?", "questions-0-kind": "choice",
        "questions-0-answers": "only one",
    },
}  # fmt: skip


@pytest.mark.parametrize("field", WRONG_ROWS)
def test_rows_of_an_event_name_what_is_wrong(client, secretariat, field):
    response = client.post(ADD, typed(**WRONG_ROWS[field]))

    rows, number, name = field.split("-")
    assert response.status_code == 422
    assert name in response.context[rows].forms[int(number)].errors


# Editing


def edit_data(event, **changes):
    data = typed(
        title=event.title, version=event.version, starts_local=event.begins.strftime("%Y-%m-%dT%H:%M"),
        ends_local=event.ends.strftime("%Y-%m-%dT%H:%M"), audience=event.audience,
    )  # fmt: skip
    return data | changes


def test_edit_tells_who_is_registered_when_the_place_changes_and_only_then(client, secretariat):
    event = EventFactory(published=True)
    person = RegistrationFactory(event=event, approved=True).person
    url = reverse("policy:event_edit", args=[event.slug])

    client.post(url, edit_data(event, summary="Another sentence."))
    assert Notice.objects.count() == 0
    event.refresh_from_db()
    client.post(url, edit_data(event, place="Eindhoven"))

    notice = Notice.objects.get()
    assert (notice.recipient, notice.subject) == (person, f"New time or place: {event.title}")


def test_edit_of_an_hour_that_was_not_touched_keeps_its_seconds(client, secretariat):
    event = EventFactory()

    client.post(reverse("policy:event_edit", args=[event.slug]), edit_data(event))

    changed = Event.objects.get()
    assert (changed.starts_at, changed.ends_at) == (event.starts_at, event.ends_at)


def test_edit_of_an_old_event_keeps_a_host_that_has_left(client, secretariat):
    event = EventFactory(past=True, host=UniversityFactory(short_name="Gone"))
    url = reverse("policy:event_edit", args=[event.slug])

    page = client.get(url).content.decode()
    client.post(url, edit_data(event, host=event.host_id, summary="Another sentence."))

    assert f'<option value="{event.host_id}" selected>' in page
    assert Event.objects.get().host == event.host


def test_second_of_two_editors_sees_both_versions_and_loses_nothing(client, secretariat):
    event = EventFactory(published=True)
    ProgrammeItemFactory(event=event, title="Opening")
    Event.objects.filter(pk=event.pk).update(version=2, title="Theirs")

    response = client.post(reverse("policy:event_edit", args=[event.slug]), edit_data(event, title="Mine"))

    assert response.status_code == 409
    rows = {version.label: (version.theirs, version.mine) for version in response.context["versions"]}
    assert rows["Title"] == ("Theirs", "Mine")
    assert response.context["form"]["title"].value() == "Mine"
    assert Event.objects.get().title == "Theirs"
    assert "Opening" in response.content.decode()


def test_host_office_edits_place_and_programme_but_not_the_rest(client):
    host = UniversityFactory()
    event = EventFactory(published=True, host=host, body=BodyFactory())
    client.force_login(person_as("exchange", host))

    response = client.post(
        reverse("policy:event_edit", args=[event.slug]),
        MANAGEMENT | {"version": 1, "place": "Eindhoven", "venue": "Atlas 0.710", "title": "Taken over", "quota": "1"},
    )

    event.refresh_from_db()
    assert (response.status_code, event.place, event.venue) == (302, "Eindhoven", "Atlas 0.710")
    assert (event.title.startswith("Workshop"), event.quota) == (True, None)


def test_programme_and_questions_can_be_taken_away(client, secretariat):
    event = EventFactory()
    item, question = ProgrammeItemFactory(event=event), QuestionFactory(event=event)
    rows = {
        "programme-TOTAL_FORMS": 1, "programme-INITIAL_FORMS": 1, "programme-0-id": item.pk, "programme-0-DELETE": "on",
        "questions-TOTAL_FORMS": 1, "questions-INITIAL_FORMS": 1, "questions-0-id": question.pk,
        "questions-0-DELETE": "on",
    }  # fmt: skip

    client.post(reverse("policy:event_edit", args=[event.slug]), edit_data(event, **rows))

    assert (event.programme.count(), event.questions.count()) == (0, 0)


# Publishing, cancelling, archiving


def test_publish_wants_what_a_reader_looks_for(client, secretariat):
    event = EventFactory(summary="", place="", contact_name="", contact_email="")
    url = reverse("policy:event_publish", args=[event.slug])

    html = client.get(url).content.decode()
    client.post(url)

    event.refresh_from_db()
    assert ("a city, or that it is online" in html, event.state) == (True, "draft")
    assert reverse("policy:event_edit", args=[event.slug]) in html  # where it is completed


def test_event_goes_its_way_from_draft_to_archive_and_back(client, secretariat):
    event = EventFactory()

    def act(name, **data):
        client.post(reverse(f"policy:event_{name}", args=[event.slug]), data)
        event.refresh_from_db()
        return event.state

    states = [act("publish"), act("cancel", reason="Strike"), act("archive"), act("restore")]

    assert states == ["published", "cancelled", "archived", "draft"]


def test_cancel_tells_who_is_registered_waits_or_is_invited(client, secretariat):
    home = UniversityFactory()
    head = person_as("head", home)
    event = EventFactory(published=True, quota=1, full=True)
    waiting = RegistrationFactory(event=event, waiting=True).person
    gone = RegistrationFactory(event=event, cancelled=True).person
    InvitationFactory(event=event, university=home)
    coming = event.registrations.get(state="approved").person

    client.post(reverse("policy:event_cancel", args=[event.slug]), {"reason": "The hall burnt down."})

    told = {notice.recipient for notice in Notice.objects.filter(body__contains="The hall burnt down.")}
    assert (told, gone in told) == ({coming, waiting, head}, False)


def test_cancel_without_a_reason_says_so(client, secretariat):
    event = EventFactory(published=True)

    response = client.post(reverse("policy:event_cancel", args=[event.slug]), {"reason": " "})

    event.refresh_from_db()
    assert (response.status_code, event.state) == (422, "published")


def test_event_to_which_people_come_is_cancelled_not_archived(client, secretariat):
    event = RegistrationFactory(approved=True).event

    response = client.post(reverse("policy:event_archive", args=[event.slug]), follow=True)

    event.refresh_from_db()
    assert ("Cancel the event first" in response.content.decode(), event.state) == (True, "published")


# Registering in the browser


def test_person_registers_with_answers_changes_them_and_leaves(client):
    event = EventFactory(published=True)
    food = QuestionFactory(event=event, is_required=True)
    hotel = QuestionFactory(event=event, kind=EventQuestion.Kind.YES_NO)
    user = UserFactory()
    client.force_login(user)
    url = reverse("policy:event_register", args=[event.slug])

    missing = client.post(url, {f"question-{hotel.pk}": "maybe"})
    assert (missing.status_code, event.registrations.count()) == (422, 0)

    client.post(url, {f"question-{food.pk}": "no fish", f"question-{hotel.pk}": "yes"})
    registration = event.registrations.get()
    assert registration.answers == {str(food.pk): "no fish", str(hotel.pk): "yes"}

    client.post(url, {f"question-{food.pk}": "no meat"})
    registration.refresh_from_db()
    assert registration.answers == {str(food.pk): "no meat"}

    client.post(reverse("policy:event_leave", args=[event.slug]))
    registration.refresh_from_db()
    assert registration.state == "cancelled"


def test_person_of_two_universities_says_for_which_one(client):
    event, user = EventFactory(published=True), UserFactory()
    first, second = UniversityFactory(), UniversityFactory()
    for university in (first, second):
        person_as("grants", university, person=user)
    client.force_login(user)
    url = reverse("policy:event_register", args=[event.slug])

    elsewhere = client.post(url, {"university": UniversityFactory().pk})
    client.post(url, {"university": second.pk})

    assert (elsewhere.status_code, event.registrations.get().university) == (422, second)


def test_registering_for_a_closed_event_says_so(client):
    event = EventFactory(past=True)
    client.force_login(UserFactory())

    response = client.get(reverse("policy:event_register", args=[event.slug]), follow=True)

    assert "is not open" in response.content.decode()


def test_leaving_without_being_registered_is_not_possible(client):
    client.force_login(UserFactory())

    assert client.post(reverse("policy:event_leave", args=[EventFactory(published=True).slug])).status_code == 403


TURNS = {
    "asked": "The organisers look at your registration.",
    "approved": "You have a place.",
    "waiting": "You are number 1 on the waiting list.",
    "refused": "You cannot take part.",
    "cancelled": "Register until",
}


@pytest.mark.parametrize("state", TURNS)
def test_event_page_says_where_my_registration_stands(client, state):
    registration = RegistrationFactory(**({} if state == "asked" else {state: True}))
    client.force_login(registration.person)

    response = client.get(registration.event.get_absolute_url())

    assert TURNS[state] in response.context["turn"]["title"]


@pytest.mark.parametrize("state", ["asked", "approved", "waiting", "attended"])
def test_nothing_is_offered_that_is_refused_once_the_event_has_begun(client, state):
    event = EventFactory(published=True, starts_at=in_days(-0.1), ends_at=in_days(1))
    QuestionFactory(event=event)
    registration = RegistrationFactory(event=event, **({} if state == "asked" else {state: True}))
    client.force_login(registration.person)

    assert client.get(event.get_absolute_url()).context["turn"]["actions"] == []


def test_who_was_noted_as_present_early_is_not_offered_to_cancel(client):
    registration = RegistrationFactory(attended=True)
    client.force_login(registration.person)

    assert client.get(registration.event.get_absolute_url()).context["turn"]["actions"] == []


# What the database holds


NOW = timezone.now()
BROKEN = {
    "policy_event_state_known": {"state": "lost"},
    "policy_event_audience_known": {"audience": "friends"},
    "policy_event_precision_known": {"precision": "second"},
    "policy_event_starts_at_before_ends_at": {"ends_at": NOW},
    "policy_event_registration_closes_at_before_ends_at": {"registration_closes_at": NOW + timedelta(days=99)},
    "registration_closes_after_it_opens": {
        "registration_opens_at": NOW,
        "registration_closes_at": NOW - timedelta(days=1),
    },
    "an_event_has_a_place": {"quota": 0},
    "a_cancelled_event_says_why": {"state": "cancelled"},
    "whom_to_ask_has_an_address": {"contact_email": ""},
}


@pytest.mark.parametrize("name", BROKEN)
def test_database_holds_event_constraint(name):
    event = EventFactory(published=True)

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(**BROKEN[name])


def test_database_holds_constraints_of_programme_and_questions():
    item, question = ProgrammeItemFactory(), QuestionFactory()
    broken = [
        ("policy_programmeitem_starts_at_before_ends_at", item, {"ends_at": timezone.now()}),
        ("policy_eventquestion_kind_known", question, {"kind": "essay"}),
        ("a_choice_has_two_answers", question, {"kind": "choice"}),
    ]

    for name, row, changes in broken:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(**changes)
    with pytest.raises(IntegrityError, match="a_question_once_per_event"), transaction.atomic():
        QuestionFactory(event=question.event, text=question.text)
