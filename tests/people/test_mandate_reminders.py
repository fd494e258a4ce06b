"""The end of a mandate is told a month before, once, to those whom it concerns."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from members.actions import mandates
from members.actions.mandate_reminders import ending_unannounced, remind_of_ends
from members.models import Act
from members.tasks import remind
from notifications.models import Notice
from tests.factories.members import MandateFactory, UniversityFactory, UserFactory, person_as

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 5, 4, 12, tzinfo=UTC)
LAST = NOW.date() + timedelta(days=30)


def told(person):
    return list(Notice.objects.filter(recipient=person).values_list("subject", flat=True))


def test_the_holder_and_of_a_desk_that_will_be_empty_the_official_hear_of_it_once():
    university = UniversityFactory(short_name="KTH")
    official = person_as("official", university)
    mandate = MandateFactory(
        university=university, ends_on=LAST, person=UserFactory(given_name="Ada", family_name="Berg")
    )

    counts = [remind_of_ends(now=NOW), remind_of_ends(now=NOW + timedelta(days=1))]

    subject = "Ada Berg is Exchange coordinator, KTH, only until 3 June 2027"
    assert counts == [1, 1]
    assert told(mandate.person) == told(official) == [subject]
    assert f"ask {official} for a mandate from 4 June 2027" in Notice.objects.first().body


def test_where_somebody_else_sits_at_the_desk_only_the_holder_hears():
    university = UniversityFactory()
    official = person_as("official", university)
    MandateFactory(university=university)
    mandate = MandateFactory(university=university, ends_on=LAST)

    remind_of_ends(now=NOW)

    assert (len(told(mandate.person)), told(official)) == (1, [])


@pytest.mark.parametrize(("days", "is_told"), [(22, False), (23, True), (30, True), (31, False)], ids=str)
def test_a_month_ahead_and_a_week_late_at_most(days, is_told):
    MandateFactory(ends_on=NOW.date() + timedelta(days=days))

    assert ending_unannounced(NOW).exists() == is_told


@pytest.mark.parametrize("marks", [{"taken_back_at": NOW}, {"starts_on": LAST}], ids=["taken back", "not begun"])
def test_what_is_not_in_force_is_not_told(marks):
    MandateFactory(ends_on=LAST, **marks)

    assert not ending_unannounced(NOW).exists()


def test_an_end_that_was_just_set_was_told_then():
    mandate, now = MandateFactory(), timezone.now()
    last = timezone.localdate(now) + timedelta(days=30)
    mandates.end(mandate=mandate, last_day=last, reason="", by=mandate.person, today=timezone.localdate(now))
    before = told(mandate.person)

    remind()
    lately = told(mandate.person)
    Act.objects.update(at=now - timedelta(days=31))
    remind()

    assert (len(before), len(lately), len(told(mandate.person))) == (1, 1, 2)


def test_of_the_officials_own_end_the_secretariat_hears():
    secretariat = person_as("secretariat")
    mandate = MandateFactory(official=True, ends_on=LAST)

    remind_of_ends(now=NOW)

    assert (len(told(secretariat)), len(told(mandate.person))) == (1, 1)
