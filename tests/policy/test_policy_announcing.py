"""What the room announces: tasks, deadlines, a section of university pages, reminders, what it holds of people."""

from datetime import timedelta

import pghistory
import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.utils import timezone

from members import loading
from members.models import Act
from members.personal_data import all_holdings
from members.reference_data import read
from notifications.models import Notice
from notifications.registries import deadlines_for, tasks_for
from policy import actions, announcing, reference, reminders, tasks
from policy.models import Body, BodyMembership, Event, EventInvitation, Registration
from tests.factories.members import UniversityFactory, UserFactory, person_as
from tests.factories.policy import (
    BodyFactory,
    EventFactory,
    InvitationFactory,
    RegistrationFactory,
    SeatFactory,
    in_days,
)

pytestmark = pytest.mark.django_db


def titles(user):
    return [task.title for task in tasks_for(user, timezone.now()) if task.room == "policy"]


# Tasks


def test_invitation_is_a_task_until_it_is_answered():
    home = UniversityFactory()
    head = person_as("head", home)
    invitation = InvitationFactory(university=home)

    before = titles(head)
    actions.decline(invitation=invitation, by=head, now=timezone.now())

    assert (before, titles(head)) == ([f"Answer the invitation: {invitation.event.title}"], [])


def test_registrations_to_approve_are_a_task_of_the_chair_and_of_nobody_else():
    chair, other = SeatFactory(chair=True), SeatFactory(chair=True).person
    event = EventFactory(published=True, body=chair.body, needs_approval=True)
    RegistrationFactory.create_batch(3, event=event)

    assert (titles(chair.person), titles(other), titles(UserFactory())) == (["Approve 3 registrations"], [], [])


def test_drafts_wait_for_who_runs_them():
    chair = SeatFactory(chair=True)
    EventFactory(body=chair.body, title="Meeting of the group")
    EventFactory(title="Staff week")

    assert titles(chair.person) == ["Publish the event: Meeting of the group"]
    assert titles(person_as("secretariat")) == ["Publish the event: Staff week"]


@pytest.mark.parametrize("rows", [1, 3])
def test_tasks_query_count(django_assert_num_queries, rows):
    home, chair = UniversityFactory(), SeatFactory(chair=True)
    head = person_as("head", home, person=chair.person)
    for _row in range(rows):
        InvitationFactory(university=home)
        RegistrationFactory(event=EventFactory(published=True, body=chair.body))
    head.mandates_on(timezone.localdate())

    with django_assert_num_queries(6):  # invitations, bodies, approvals, drafts; once what the account may do
        assert len(list(announcing.tasks(head, timezone.now()))) == 2 * rows


# Deadlines


def test_closing_of_a_registration_is_a_deadline_for_who_may_come_and_is_not_registered():
    closes = {"registration_closes_at": in_days(10)}
    public = EventFactory(published=True, **closes)
    EventFactory(published=True, invited=True, **closes)
    EventFactory(published=True)
    registered = RegistrationFactory(event=public).person

    def seen(user):
        return [deadline.url for deadline in deadlines_for(user, timezone.now()) if deadline.room == "policy"]

    url = public.get_absolute_url()
    assert [seen(user) for user in (AnonymousUser(), UserFactory(), registered)] == [[url], [url], []]


# The section of a university's page


def test_university_page_has_the_coming_events_there():
    host = UniversityFactory()
    coming = EventFactory(published=True, host=host)
    EventFactory(published=True, invited=True, host=host)
    EventFactory(past=True, host=host)

    section = announcing.section(host, AnonymousUser(), timezone.now())

    assert ([row.title for row in section.rows], section.total) == ([coming.title], 1)


# Jobs of the clock


def begins_in(**when):
    starts = timezone.now() + timedelta(**when)
    return EventFactory(published=True, starts_at=starts, ends_at=starts + timedelta(hours=2))


def test_who_comes_is_reminded_a_week_and_a_day_before_and_once_each():
    week, day = begins_in(days=6), begins_in(hours=20)
    begins_in(days=9)
    for event in (week, day):
        RegistrationFactory(event=event, approved=True)
        RegistrationFactory(event=event, waiting=True)

    assert (tasks.remind(), tasks.remind()) == (2, 0)
    assert sorted(Notice.objects.values_list("subject", flat=True)) == sorted(
        [f"Soon: {week.title}", f"Soon: {day.title}"]
    )
    soon = Notice.objects.get(subject=f"Soon: {day.title}")
    assert f"http://localhost:8000/policy/events/{day.slug}.ics" in soon.body


def test_late_reminder_tells_only_of_the_nearer_distance():
    event = begins_in(days=6)
    RegistrationFactory(event=event, approved=True)
    now = event.starts_at - timedelta(hours=3)

    assert (reminders.send_due(now), reminders.send_due(now)) == (1, 0)


def test_nobody_is_reminded_of_what_does_not_take_place():
    RegistrationFactory(event=EventFactory(cancelled=True, starts_at=in_days(2)), approved=True)

    assert tasks.remind() == 0


def test_job_mends_a_free_place_that_was_left_behind():
    event = EventFactory(published=True, quota=2)
    RegistrationFactory.create_batch(3, event=event, waiting=True)
    full = EventFactory(published=True, quota=1, full=True)
    RegistrationFactory(event=full, waiting=True)

    assert (tasks.fill_free_places(), tasks.fill_free_places()) == (2, 0)


# What is held of a person


def holding(key):
    return next(one for one in all_holdings() if one.key == key)


def test_person_reads_seats_registrations_and_answers():
    seat = SeatFactory()
    RegistrationFactory(person=seat.person, answers={"1": "vegan"})

    assert [row["body"] for row in holding("seats").rows(seat.person)] == [seat.body.name]
    assert [row["answers"] for row in holding("registrations").rows(seat.person)] == [{"1": "vegan"}]
    assert (holding("seats").count(seat.person), holding("event-materials").count(seat.person)) == (1, 0)


def test_words_to_the_organisers_are_told_to_who_wrote_them_and_not_to_the_delegate():
    invitation = InvitationFactory(accepted=True, words="I cannot stand the chair.")
    delegate = UserFactory()
    EventInvitation.objects.update(state="delegated", delegate=delegate)

    rows = holding("event-invitations").rows

    assert [row["words"] for row in rows(invitation.answered_by)] == ["I cannot stand the chair."]
    assert [row["words"] for row in rows(delegate)] == [""]


def test_erasure_deletes_answers_also_from_the_history_and_gives_the_place_back():
    event = EventFactory(published=True, quota=1)
    registration = RegistrationFactory(event=event, approved=True, answers={"1": "vegan"})
    waiting = RegistrationFactory(event=event, waiting=True)

    holding("registrations").erase(registration.person, timezone.now())

    registration.refresh_from_db()
    waiting.refresh_from_db()
    assert (registration.answers, registration.state, waiting.state) == ({}, "cancelled", "approved")
    kept = Registration.pgh_event_model.objects.filter(pgh_obj=registration).values_list("answers", flat=True)
    assert set(map(str, kept)) == {"{}"}


def test_erasure_deletes_why_somebody_was_refused_also_from_history_and_log():
    registration, by = RegistrationFactory(), UserFactory()
    actions.refuse(registration=registration, reason="You left early last year.", by=by, now=timezone.now())

    holding("registrations").erase(registration.person, timezone.now())

    registration.refresh_from_db()
    assert (registration.state, registration.reason) == ("refused", "Erased at the person's request.")
    assert "You left early last year." not in {*reasons_kept_of(registration)}


def test_words_to_the_organisers_go_from_invitation_history_and_log():
    head = person_as("head")
    invitation = InvitationFactory(university=head.mandates.get().university)
    actions.decline(invitation=invitation, by=head, now=timezone.now(), words="I am ill.")
    assert "I am ill." in {*Act.objects.about(invitation).values_list("reason", flat=True)}

    holding("event-invitations").erase(head, timezone.now())

    invitation.refresh_from_db()
    history = EventInvitation.pgh_event_model.objects.filter(pgh_obj=invitation).values_list("words", flat=True)
    log = Act.objects.about(invitation).values_list("reason", flat=True)
    assert {invitation.words, *history, *log} == {""}


def reasons_kept_of(registration):
    """What history and log say of why."""
    history = Registration.pgh_event_model.objects.filter(pgh_obj=registration)
    yield from history.values_list("reason", flat=True)
    yield from Act.objects.about(registration).values_list("reason", flat=True)


# Reference data


def test_reference_data_is_loaded_once_however_often_it_runs():
    call_command("load_reference_data", verbosity=0)
    counted = (Body.objects.count(), BodyMembership.objects.count(), Event.objects.count())
    again = loading.Load()
    again.run([reference.load])

    assert (counted, again.changes) == ((17, 12, 19), [])


def test_every_meeting_of_the_file_has_a_series_a_source_and_plausible_dates():
    items = read(reference.DATA / "events.json")["items"]

    assert [item["key"] for item in items if not (item["series"] and item["source"])] == []
    assert len({item["key"] for item in items}) == len(items)


def test_event_that_somebody_edited_is_not_overwritten():
    call_command("load_reference_data", verbosity=0)
    event = Event.objects.get(slug="general-assembly-2024")
    event.summary = "A better sentence."
    with pghistory.context(source="a person"):
        actions.change_event(
            event=event, version=event.version, fields=["summary"], by=UserFactory(), now=timezone.now()
        )

    call_command("load_reference_data", verbosity=0)

    event.refresh_from_db()
    assert event.summary == "A better sentence."


def test_body_without_seats_has_a_page(client):
    assert client.get(BodyFactory().get_absolute_url()).status_code == 200
