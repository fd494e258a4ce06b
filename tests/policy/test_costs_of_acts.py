"""What an act on an event asks the database does not grow with those who come, wait, or are invited."""

import pytest
from django.utils import timezone

from policy import actions
from tests.factories.members import UserFactory, person_as
from tests.factories.policy import EventFactory, InvitationFactory, RegistrationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("many", [1, 4])]


def test_registering_costs_the_same_however_many_come(django_assert_num_queries, many):
    event, person = EventFactory(published=True), UserFactory()
    RegistrationFactory.create_batch(many, event=event, approved=True)

    with django_assert_num_queries(17):
        actions.register(event=event, by=person, now=timezone.now())


def test_joining_the_line_costs_the_same_however_long_it_is(django_assert_num_queries, many):
    event, person = EventFactory(published=True, quota=1, full=True), UserFactory()
    RegistrationFactory.create_batch(many, event=event, waiting=True)

    with django_assert_num_queries(19):
        actions.register(event=event, by=person, now=timezone.now())


def test_leaving_moves_one_up_at_the_same_cost_however_many_wait(django_assert_num_queries, many):
    event = EventFactory(published=True, quota=1)
    coming = RegistrationFactory(event=event, approved=True)
    RegistrationFactory.create_batch(many, event=event, waiting=True)

    with django_assert_num_queries(28):
        actions.leave(registration=coming, by=coming.person, now=timezone.now())


def test_approving_costs_the_same_however_many_ask(django_assert_num_queries, many):
    event = EventFactory(published=True, needs_approval=True)
    asked = RegistrationFactory.create_batch(many, event=event)

    with django_assert_num_queries(15):
        actions.approve(registration=asked[0], by=person_as("secretariat"), now=timezone.now())


def test_answering_an_invitation_costs_the_same_however_many_are_invited(django_assert_num_queries, many):
    event = EventFactory(published=True)
    invitations = InvitationFactory.create_batch(many, event=event)
    head = person_as("head", invitations[0].university)

    with django_assert_num_queries(28):
        actions.accept(invitation=invitations[0], by=head, now=timezone.now())


def test_cancelling_costs_the_same_however_many_are_told(django_assert_num_queries, many):
    event, secretariat = EventFactory(published=True), person_as("secretariat")
    RegistrationFactory.create_batch(many, event=event, approved=True)

    with django_assert_num_queries(15):
        actions.cancel_event(event=event, reason="The host cannot.", by=secretariat, now=timezone.now())
