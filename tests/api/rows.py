"""Rows of each resource, complete enough that every part of its answer is filled."""

from tests.factories.applications import RoundFactory
from tests.factories.exchange import PlacementFactory
from tests.factories.funding import CallFactory, StageFactory
from tests.factories.members import ContactFactory, FieldFactory, IdentifierFactory, UnitFactory, UniversityFactory
from tests.factories.policy import BodyFactory, EventFactory, SeriesFactory
from tests.factories.practices import practice_of
from tests.factories.programmes import (
    CourseFactory,
    ProgrammeCourseFactory,
    ProgrammeRequirementFactory,
    open_intake,
    programme_between,
)


def universities(count):
    for university in UniversityFactory.create_batch(count, member=True, placed=True):
        IdentifierFactory(university=university)
        ContactFactory(university=university)


def units(count):
    for _ in range(count):
        UnitFactory(parent=UnitFactory())


def programmes(count):
    for _ in range(count):
        programme = programme_between()
        open_intake(programme)
        ProgrammeRequirementFactory(programme=programme, english="C1")
        ProgrammeCourseFactory(programme=programme, pathway=programme.pathways.first())


def courses(count):
    for _ in range(count):
        unit = UnitFactory()
        CourseFactory(university=unit.university, unit=unit, field=FieldFactory(code="0714"), open=True)


def placements(count):
    round, partner = RoundFactory(open=True), UniversityFactory()
    PlacementFactory.create_batch(count, published=True, round=round, partners=[partner])


def rounds(count):
    RoundFactory.create_batch(count, open=True)


def calls(count):
    for call in CallFactory.create_batch(count, open=True):
        call.fields.add(FieldFactory(code="07"))


def events(count):
    EventFactory.create_batch(
        count, published=True, series=SeriesFactory(), body=BodyFactory(), host=UniversityFactory()
    )


def practices(count):
    for _ in range(count):
        practice_of()


def bare() -> None:
    """One row of each resource with nothing but what it must have: what may be empty is empty."""
    programme = programme_between()
    open_intake(programme)
    ProgrammeRequirementFactory(programme=programme, english="C1")
    ProgrammeCourseFactory(programme=programme)
    for factory in (UniversityFactory, UnitFactory, CourseFactory):
        factory()
    for factory in (PlacementFactory, EventFactory):
        factory(published=True)
    StageFactory(call=CallFactory(state="published"), opens_at=None)
    CallFactory(state="published")
    RoundFactory(open=True)
    practice_of()


MAKERS = {
    made.__name__: made
    for made in (universities, units, programmes, courses, placements, rounds, calls, events, practices)
}


def make(kind: str, count: int) -> None:
    """So many rows of the resource `kind`; what else they need comes along."""
    MAKERS[kind](count)
