"""The smallest valid exchange places; situations are traits.

`PlacementFactory()` is a complete draft; `PlacementFactory(published=True, round=round)` can be chosen in that round.
"""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from applications.models import Application, RoundOption
from exchange.models import Placement, PlacementImport
from tests.factories.applications import ApplicationFactory, ChoiceFactory, RoundFactory
from tests.factories.members import FieldFactory, UniversityFactory, UserFactory


class PlacementFactory(DjangoModelFactory):
    """Two places in robotics next year, complete but for being published."""

    class Meta:
        model = Placement
        skip_postgeneration_save = True

    class Params:
        published = factory.Trait(state=Placement.State.PUBLISHED)
        withdrawn = factory.Trait(state=Placement.State.WITHDRAWN)
        archived = factory.Trait(state=Placement.State.ARCHIVED)
        bare = factory.Trait(description="", languages=[], contact_name="", contact_email="")

    title = factory.Sequence(lambda n: f"Robotics {n}")
    host = factory.SubFactory(UniversityFactory)
    academic_year = factory.LazyFunction(lambda: timezone.now().year + 1)
    term = "autumn"
    level = "master"
    field = factory.SubFactory(FieldFactory)
    places = 2
    description = "Courses in control, a laboratory of mobile robots."
    languages = ["en"]
    contact_name = "Ada Lind"
    contact_email = "ada.lind@university.example"
    state_since = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def round(self, create, extracted, **kwargs):
        if create and extracted:
            RoundOption.objects.create(round=extracted, option=self)

    @factory.post_generation
    def partners(self, create, extracted, **kwargs):
        if create and extracted:
            self.only_partners.set(extracted)


class PlacementImportFactory(DjangoModelFactory):
    """A sheet of one good row."""

    class Meta:
        model = PlacementImport

    university = factory.SubFactory(UniversityFactory)
    uploaded_by = factory.SubFactory(UserFactory)
    file_name = "places.csv"
    table = factory.LazyFunction(lambda: [row_of_a_sheet()])


def row_of_a_sheet(**cells: str) -> dict[str, str]:
    """A row as it is read from a file, valid where the field 0714 exists; `cells` go over it."""
    year = timezone.now().year + 1
    row = {"title": "Robotics", "academic_year": str(year), "term": "Autumn", "level": "Master", "field": "0714"}
    return row | {"places": "4", "languages": "en"} | cells


def chosen(placement: Placement, state: str = "open", **application: object) -> Application:
    """Somebody's submitted application that names `placement`, its choice standing in `state`."""
    traits = {"offered": {"offered": True}, "accepted": {"accepted": True}, "waiting": {"waitlisted": True}}
    fields = application or traits.get(state, {"submitted": True})
    made = ApplicationFactory(round=fields.pop("round", None) or RoundFactory(open=True), **fields)
    ChoiceFactory(application=made, option=placement, state=state)
    return made
