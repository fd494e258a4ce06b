"""Until when a host wants a nomination: its factsheet's line of the place's year and term."""

import pytest

from applications import nominations
from tests.factories.applications import ApplicationFactory, ChoiceFactory, OptionFactory
from tests.factories.members import FactsheetFactory, FactsheetTermFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("place", "lines", "counts"),
    [
        ("autumn", ["autumn", "spring"], "autumn"),
        ("spring", ["autumn", "spring"], "spring"),
        ("year", ["autumn", "spring"], "autumn"),
        ("year", ["autumn", "year"], "year"),
        ("spring", ["autumn", "year"], None),
        ("autumn", [], None),
    ],
)
def test_the_line_of_the_term_counts_and_a_year_goes_by_the_autumn(place, lines, counts):
    choice = ChoiceFactory(
        application=ApplicationFactory(accepted=True), option=OptionFactory(term=place), state="accepted"
    )
    factsheet = FactsheetFactory(university=choice.option.host)
    moments = {term: FactsheetTermFactory(factsheet=factsheet, term=term).nominations_close_at for term in lines}
    FactsheetTermFactory(factsheet=factsheet, term="autumn", academic_year=2020)

    found = nominations.of_application(choice.application)

    assert (found and found.at) == moments.get(counts)


@pytest.mark.parametrize(
    ("application", "choice"),
    [({"submitted": True}, {}), ({"accepted": True}, {"state": "accepted", "option__kind": "dual_degree"})],
    ids=["no place yet", "a dual degree has no nomination"],
)
def test_without_a_place_of_an_exchange_there_is_none(application, choice):
    choice = ChoiceFactory(application=ApplicationFactory(**application), option=OptionFactory(
        kind=choice.pop("option__kind", "exchange")), **choice)  # fmt: skip
    FactsheetTermFactory(factsheet__university=choice.option.host)

    assert nominations.of_application(choice.application) is None
