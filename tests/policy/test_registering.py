"""Registering: places, waiting list, approval, cancelling, the organiser's acts; each act with its log and notices."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from members.acts import Refused
from members.models import Act
from notifications.models import Notice
from policy import actions
from policy.models import Event, Registration
from tests.factories.members import UniversityFactory, UserFactory
from tests.factories.policy import EventFactory, RegistrationFactory, in_days

pytestmark = pytest.mark.django_db
State = Registration.State


def register(event, user=None, **more):
    return actions.register(event=event, by=user or UserFactory(), now=timezone.now(), **more)


def states(event):
    return list(Registration.objects.filter(event=event).order_by("pk").values_list("state", flat=True))


def subjects(user):
    return list(Notice.objects.filter(recipient=user).order_by("pk").values_list("subject", flat=True))


# Registering


def test_register_gives_a_place_while_one_is_free_then_a_place_in_line():
    event = EventFactory(published=True, quota=2)

    for _person in range(4):
        register(event)

    assert states(event) == ["approved", "approved", "waiting", "waiting"]
    assert list(Registration.objects.waiting().values_list("line", flat=True)) == [0, 1]


def test_register_without_quota_gives_everybody_a_place():
    event = EventFactory(published=True)

    for _person in range(3):
        register(event)

    assert states(event) == ["approved"] * 3


def test_register_waits_for_approval_where_the_event_wants_it():
    event = EventFactory(published=True, needs_approval=True)

    registration = register(event)

    assert registration.state == State.ASKED
    assert subjects(registration.person) == [f"Your registration waits for approval: {event.title}"]


def test_register_keeps_answers_university_log_and_tells_the_person():
    event, home, user = EventFactory(published=True), UniversityFactory(), UserFactory()

    registration = register(event, user, university=home, answers={"7": "vegan"})

    registration.refresh_from_db()
    assert (registration.university, registration.answers) == (home, {"7": "vegan"})
    assert [(act.kind, act.actor, act.after) for act in Act.objects.about(registration)] == [
        ("registration.asked", user, "approved")
    ]
    assert subjects(user) == [f"You are registered: {event.title}"]
    assert f"http://localhost:8000/policy/events/{event.slug}.ics" in Notice.objects.get().body


CLOSED = {
    "draft": {"state": "draft"},
    "cancelled": {"cancelled": True},
    "archived": {"archived": True},
    "over": {"past": True},
    "begun": {"published": True, "starts_at": in_days(-1)},
    "not open yet": {"published": True, "registration_opens_at": in_days(2)},
    "closed": {"published": True, "registration_closes_at": in_days(-2)},
    "without registration": {"published": True, "takes_registrations": False},
}


@pytest.mark.parametrize("when", CLOSED)
def test_register_is_refused_when_the_event_is(when):
    event = EventFactory(**CLOSED[when])

    with pytest.raises(Refused, match="not open"):
        register(event)
    assert Event.objects.open_for_registration(timezone.now()).count() == 0


def test_register_twice_is_refused():
    event, user = EventFactory(published=True), UserFactory()
    register(event, user)

    with pytest.raises(Refused, match="registered already"):
        register(event, user)


def test_register_after_a_refusal_is_refused_with_its_reason():
    registration = RegistrationFactory(refused=True)

    with pytest.raises(Refused, match="For heads of office only"):
        register(registration.event, registration.person)


def test_register_again_after_cancelling_takes_the_same_row():
    registration = RegistrationFactory(cancelled=True)

    again = register(registration.event, registration.person)

    assert (again.pk, again.state) == (registration.pk, State.APPROVED)


# Leaving and the waiting list


def test_leaving_lets_the_next_in_line_move_up_at_once():
    event = EventFactory(published=True, quota=1)
    first, second, third = (register(event) for _person in range(3))

    actions.leave(registration=first, by=first.person, now=timezone.now())

    assert states(event) == ["cancelled", "approved", "waiting"]
    assert subjects(second.person)[-1] == f"You moved up: {event.title}"
    assert [act.kind for act in Act.objects.about(second)][-1] == "registration.moved_up"
    assert subjects(third.person) == [f"You are on the waiting list: {event.title}"]


def test_leaving_the_line_moves_nobody():
    event = EventFactory(published=True, quota=1, full=True)
    second, third = register(event), register(event)

    actions.leave(registration=second, by=second.person, now=timezone.now())

    third.refresh_from_db()
    assert third.state == State.WAITING


def test_leaving_is_refused_once_the_event_has_begun():
    registration = RegistrationFactory(event__published=True, event__starts_at=in_days(-1), approved=True)

    with pytest.raises(Refused, match="begun"):
        actions.leave(registration=registration, by=registration.person, now=timezone.now())


def test_more_places_let_the_line_move_up_in_the_same_act():
    event = EventFactory(published=True, quota=1, full=True)
    waiting = [register(event) for _person in range(3)]

    event.quota = 3
    actions.change_event(event=event, version=1, fields=["quota"], by=UserFactory(), now=timezone.now())

    for registration in waiting:
        registration.refresh_from_db()
    assert [registration.state for registration in waiting] == ["approved", "approved", "waiting"]


def test_no_limit_lets_everybody_move_up():
    event = EventFactory(published=True, quota=1, full=True)
    waiting = [register(event) for _person in range(3)]

    event.quota = None
    actions.change_event(event=event, version=1, fields=["quota"], by=UserFactory(), now=timezone.now())

    assert Registration.objects.waiting().count() == 0
    assert Registration.objects.filter(pk__in=[one.pk for one in waiting], state="approved").count() == 3


def test_nobody_moves_up_into_a_cancelled_or_past_event():
    for trait in ("cancelled", "past"):
        event = EventFactory(**{trait: True}, quota=2)
        RegistrationFactory(event=event, waiting=True)

        assert actions.fill_free_places(event=event, now=timezone.now()) == []


def test_put_first_brings_somebody_to_the_front_of_the_line():
    event = EventFactory(published=True, quota=1, full=True)
    second, third = register(event), register(event)

    actions.put_first(registration=third, by=UserFactory(), now=timezone.now())

    assert list(Registration.objects.waiting()) == [third, second]


def test_put_first_is_refused_for_somebody_who_does_not_wait():
    with pytest.raises(Refused, match="does not wait"):
        actions.put_first(registration=RegistrationFactory(approved=True), by=UserFactory(), now=timezone.now())


# Approving, refusing, noting who was there


def test_approve_gives_a_place_or_a_place_in_line():
    event = EventFactory(published=True, quota=1, needs_approval=True)
    first, second = register(event), register(event)

    for registration in (first, second):
        actions.approve(registration=registration, by=UserFactory(), now=timezone.now())

    assert states(event) == ["approved", "waiting"]
    assert subjects(second.person)[-1] == f"You are on the waiting list: {event.title}"


def test_approve_is_refused_for_what_is_decided_already():
    with pytest.raises(Refused, match="waits for approval"):
        actions.approve(registration=RegistrationFactory(approved=True), by=UserFactory(), now=timezone.now())


def test_refuse_tells_the_reason_and_wants_one():
    registration = RegistrationFactory()

    with pytest.raises(Refused, match="Say why"):
        actions.refuse(registration=registration, reason=" ", by=UserFactory(), now=timezone.now())
    actions.refuse(registration=registration, reason="For heads only.", by=UserFactory(), now=timezone.now())

    assert (registration.state, Notice.objects.get().body) == (State.REFUSED, "For heads only.")


def test_mark_attended_is_possible_from_the_first_day_on():
    coming = RegistrationFactory(approved=True)
    running = RegistrationFactory(event__published=True, event__starts_at=in_days(-0.1), approved=True)

    with pytest.raises(Refused, match="not begun"):
        actions.mark_attended(registration=coming, by=UserFactory(), now=timezone.now())
    actions.mark_attended(registration=running, by=UserFactory(), now=timezone.now())
    assert running.state == State.ATTENDED

    actions.unmark_attended(registration=running, by=UserFactory(), now=timezone.now())
    assert running.state == State.APPROVED


def test_change_answers_is_refused_once_the_event_has_begun():
    registration = RegistrationFactory(event__published=True, event__starts_at=in_days(-1), approved=True)

    with pytest.raises(Refused, match="too late"):
        actions.change_answers(
            registration=registration, answers={}, university=None, by=registration.person, now=timezone.now()
        )


# The machine as data, and the database's last word


def test_registration_every_state_is_reachable():
    reached = {target for _sources, target in Registration.TRANSITIONS.values()}

    assert reached == set(State)


def test_event_every_state_is_reachable():
    reached = {target for _sources, target in Event.TRANSITIONS.values()}

    assert reached == set(Event.State)


@pytest.mark.parametrize("state", ["approved", "attended"])
def test_database_never_gives_more_places_than_there_are(state):
    event = EventFactory(published=True, quota=1, full=True)
    waiting = RegistrationFactory(event=event, waiting=True)

    with pytest.raises(IntegrityError, match="all are taken"), transaction.atomic():
        Registration.objects.filter(pk=waiting.pk).update(state=state, line=None)


def test_database_refuses_fewer_places_than_are_taken():
    event = EventFactory(published=True, quota=2, full=True)

    with pytest.raises(IntegrityError, match="2 are taken"), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(quota=1)


def test_change_event_is_refused_for_fewer_places_than_are_taken():
    event = EventFactory(published=True, quota=2, full=True)
    event.quota = 1

    with pytest.raises(Refused, match="2 people come"):
        actions.change_event(event=event, version=1, fields=["quota"], by=UserFactory(), now=timezone.now())


BROKEN = {
    "a_person_registers_once": lambda one: RegistrationFactory(event=one.event, person=one.person),
    "policy_registration_state_known": lambda one: set_on(one, state="lost"),
    "who_waits_has_a_place_in_line": lambda one: set_on(one, state="waiting"),
    "a_refused_registration_says_why": lambda one: set_on(one, state="refused"),
    "everybody_waits_in_line": lambda one: RegistrationFactory.create_batch(
        2, event=one.event, state="waiting", line=7
    ),
}


def set_on(row, **changes):
    return type(row).objects.filter(pk=row.pk).update(**changes)


@pytest.mark.parametrize("name", BROKEN)
def test_database_holds_registration_constraint(name):
    registration = RegistrationFactory()

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        BROKEN[name](registration)
