"""Places under any sequence of acts, and under many connections at once."""

import threading

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from members.acts import Refused
from members.models import User
from policy import actions
from policy.models import Event, Registration
from tests.factories.members import UserFactory
from tests.factories.policy import EventFactory, RegistrationFactory

State = Registration.State
PEOPLE = 5
STEPS = st.one_of(
    st.tuples(st.sampled_from(["register", "leave", "approve", "refuse", "first"]), st.integers(0, PEOPLE - 1)),
    st.tuples(st.just("quota"), st.one_of(st.none(), st.integers(1, 4))),
    st.tuples(st.just("clock"), st.none()),
)


def take(step, what, event, people):
    """Try one step of the story; what is refused changes nothing."""
    now = timezone.now()
    if step == "clock":
        actions.fill_free_places(event=event, now=now)
        return
    if step == "quota":
        event = Event.objects.get(pk=event.pk)
        event.quota = what
        actions.change_event(event=event, version=event.version, fields=["quota"], by=people[0], now=now)
        return
    if step == "register":
        actions.register(event=event, by=people[what], now=now)
        return
    registration = Registration.objects.select_related("event").get(event=event, person=people[what])
    acts = {"leave": actions.leave, "approve": actions.approve, "first": actions.put_first}
    if step == "refuse":
        actions.refuse(registration=registration, reason="No.", by=people[0], now=now)
    else:
        acts[step](registration=registration, by=people[what], now=now)


def check(event):
    """Never more than the quota, never a free place while somebody waits, everybody in line at a place of their own."""
    event = Event.objects.get(pk=event.pk)
    taken = Registration.objects.holding_a_place().filter(event=event).count()
    lines = list(Registration.objects.waiting().filter(event=event).values_list("line", flat=True))
    if event.quota is None:
        assert lines == []
    else:
        assert taken <= event.quota
        assert taken == event.quota or lines == []
    assert len(set(lines)) == len(lines)


@pytest.mark.django_db
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=st.lists(STEPS, max_size=14), needs_approval=st.booleans(), quota=st.integers(1, 3))
def test_no_story_oversells_the_quota_or_leaves_a_place_free_while_somebody_waits(story, needs_approval, quota):
    event = EventFactory(published=True, quota=quota, needs_approval=needs_approval)
    people = UserFactory.create_batch(PEOPLE)

    for step, what in story:
        try:
            take(step, what, event, people)
        except (Refused, Registration.DoesNotExist):
            continue
        finally:
            check(event)


@pytest.mark.django_db(transaction=True)
def test_last_seat_six_people_at_once():
    event = EventFactory(published=True, quota=1)
    people = UserFactory.create_batch(6)
    outcomes, gate = [], threading.Barrier(6)

    def ask(person_pk):
        try:
            gate.wait()
            person = User.objects.get(pk=person_pk)
            outcomes.append(actions.register(event=event, by=person, now=timezone.now()).state)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=[person.pk]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["approved"] + ["waiting"] * 5
    lines = Registration.objects.waiting().values_list("line", flat=True)
    assert list(lines) == [0, 1, 2, 3, 4]


@pytest.mark.django_db(transaction=True)
def test_two_leave_at_once_and_the_two_who_wait_move_up():
    event = EventFactory(published=True, quota=2)
    leaving = RegistrationFactory.create_batch(2, event=event, approved=True)
    RegistrationFactory.create_batch(3, event=event, waiting=True)
    gate = threading.Barrier(2)

    def leave(pk):
        try:
            gate.wait()
            registration = Registration.objects.select_related("event", "person").get(pk=pk)
            actions.leave(registration=registration, by=registration.person, now=timezone.now())
        finally:
            connection.close()

    threads = [threading.Thread(target=leave, args=[registration.pk]) for registration in leaving]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    states = sorted(Registration.objects.values_list("state", flat=True))
    assert states == ["approved", "approved", "cancelled", "cancelled", "waiting"]
