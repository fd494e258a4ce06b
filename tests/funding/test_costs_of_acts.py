"""What an act on a call asks the database does not grow with those who follow it or want a part in it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from funding import actions
from funding.models import Interest
from tests.factories.funding import CallFactory, FollowFactory, InterestFactory, StageFactory
from tests.factories.members import UniversityFactory, UserFactory, person_as

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("many", [1, 4])]


def test_following_costs_the_same_however_many_follow(django_assert_num_queries, many):
    call, person = CallFactory(open=True), UserFactory()
    FollowFactory.create_batch(many, call=call)

    with django_assert_num_queries(6):
        actions.follow_call(call=call, by=person)


def test_an_interest_is_told_at_the_same_cost_however_many_are_interested(django_assert_num_queries, many):
    call, university = CallFactory(open=True), UniversityFactory(member=True)
    InterestFactory.create_batch(many, call=call)
    officer = person_as("grants", university)
    interest = Interest(call=call, university=university, person=officer, part="partner", expertise=["optics"])

    with django_assert_num_queries(38):
        actions.express_interest(interest=interest, by=officer, now=timezone.now())


def test_withdrawing_an_interest_costs_the_same_however_many_there_are(django_assert_num_queries, many):
    call = CallFactory(open=True)
    interests = InterestFactory.create_batch(many, call=call)

    with django_assert_num_queries(6):
        actions.withdraw_interest(interest=interests[0], by=interests[0].person, now=timezone.now())


def test_a_new_deadline_is_told_at_the_same_cost_however_many_follow(django_assert_num_queries, many):
    call, secretariat = CallFactory(open=True), person_as("secretariat")
    FollowFactory.create_batch(many, call=call)
    call.budget_eur = 2_000_000

    with django_assert_num_queries(47):
        actions.change_call(call=call, version=call.version, by=secretariat, now=timezone.now())


def test_publishing_costs_the_same_for_any_number_of_stages(django_assert_num_queries, many):
    call, secretariat = CallFactory(), person_as("secretariat")
    for place in range(many):
        StageFactory(call=call, number=place + 1, deadline=timezone.now() + timedelta(days=30 + place))

    with django_assert_num_queries(10):
        actions.publish_call(call=call, by=secretariat, now=timezone.now())


def test_putting_away_costs_the_same_however_many_follow(django_assert_num_queries, many):
    call, secretariat = CallFactory(open=True), person_as("secretariat")
    FollowFactory.create_batch(many, call=call)

    with django_assert_num_queries(14):
        actions.archive_call(call=call, by=secretariat, now=timezone.now())
