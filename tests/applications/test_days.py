"""Shortly after midnight at the university, while UTC still has yesterday: desk and round are of the day there."""

from datetime import UTC, date, datetime

import pytest

from applications.actions.guards import desk_people
from applications.file_page import choices_of
from tests.factories.applications import ChoiceFactory, OptionRequirementFactory, RoundFactory
from tests.factories.members import MandateFactory, UniversityFactory

pytestmark = pytest.mark.django_db
AFTER_MIDNIGHT = datetime(2027, 5, 1, 22, 30, tzinfo=UTC)  # half past one of the second of May in Helsinki
THERE = date(2027, 5, 2)


def test_who_sits_at_the_desk_from_today_is_told_already_and_who_left_yesterday_is_not():
    aalto = UniversityFactory(time_zone="Europe/Helsinki")
    new = MandateFactory(role="exchange", university=aalto, starts_on=THERE)
    MandateFactory(role="exchange", university=aalto, starts_on=date(2020, 1, 1), ends_on=date(2027, 5, 1))

    assert desk_people(RoundFactory(university=aalto), AFTER_MIDNIGHT) == [new.person]


def test_the_office_judges_on_the_day_of_the_round():
    choice = ChoiceFactory(application__submitted=True, application__round__time_zone="Europe/Helsinki")
    OptionRequirementFactory(option=choice.option, asks="ects", number=60)

    [row] = choices_of(choice.application, AFTER_MIDNIGHT)

    assert {verdict.on for verdict in row["verdicts"]} == {THERE}
