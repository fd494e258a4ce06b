"""The smallest valid programmes, with their pathways, intakes and seats; situations are traits.

`ProgrammeFactory()` is a draft without partners. `programme_between(kth, polito)` is a published dual master's with two
partners and a pathway in each direction, ready for an intake; `IntakeFactory(programme=...)` is open now.
"""

from datetime import timedelta
from decimal import Decimal

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from members.models import University
from programmes.content import content_of
from programmes.models import (
    Cotutelle,
    CotutelleFile,
    CotutelleSupervisor,
    Course,
    CourseImport,
    Intake,
    PartnerRole,
    Pathway,
    PathwaySemester,
    Programme,
    ProgrammeCourse,
    ProgrammeLanguage,
    ProgrammePartner,
    ProgrammeRequirement,
    Revision,
    Seats,
    WishListItem,
    YearlyDate,
)
from tests.factories.members import FieldFactory, UniversityFactory, UserFactory


class ProgrammeFactory(DjangoModelFactory):
    class Meta:
        model = Programme
        skip_postgeneration_save = True

    class Params:
        published = factory.Trait(
            state=Programme.State.PUBLISHED,
            published_at=factory.LazyFunction(timezone.now),
            field=factory.SubFactory(FieldFactory),
        )
        archived = factory.Trait(state=Programme.State.ARCHIVED)
        sample = factory.Trait(is_sample=True)
        complete = factory.Trait(
            field=factory.SubFactory(FieldFactory),
            summary="One year here, one year there.",
            award="Master of Science from each university",
            website="https://programme.example/",
            ects_total=120,
            duration_semesters=4,
        )

    slug = factory.Sequence(lambda n: f"programme-{n}")
    title = factory.Sequence(lambda n: f"Programme number {n}")


class ProgrammePartnerFactory(DjangoModelFactory):
    class Meta:
        model = ProgrammePartner

    class Params:
        coordinating = factory.Trait(role=PartnerRole.COORDINATING)
        associated = factory.Trait(role=PartnerRole.ASSOCIATED)

    programme = factory.SubFactory(ProgrammeFactory)
    university = factory.SubFactory(UniversityFactory)


class ProgrammeLanguageFactory(DjangoModelFactory):
    class Meta:
        model = ProgrammeLanguage

    programme = factory.SubFactory(ProgrammeFactory)
    language = "en"
    cefr = "B2"


class ProgrammeRequirementFactory(DjangoModelFactory):
    """120 ECTS; `ProgrammeRequirementFactory(english="C1")` asks for English."""

    class Meta:
        model = ProgrammeRequirement

    class Params:
        english = None

    programme = factory.SubFactory(ProgrammeFactory)
    asks = factory.LazyAttribute(lambda row: "language" if row.english else "ects")
    number = factory.LazyAttribute(lambda row: None if row.english else 120)
    language = factory.LazyAttribute(lambda row: "en" if row.english else "")
    cefr = factory.LazyAttribute(lambda row: row.english or "")


class YearlyDateFactory(DjangoModelFactory):
    class Meta:
        model = YearlyDate

    programme = factory.SubFactory(ProgrammeFactory)
    what = YearlyDate.What.HOME_APPLICATION
    month = 12
    day = 1


class PathwayFactory(DjangoModelFactory):
    """Two universities; `PathwayFactory(semesters=4)` studies the first half at home, 30 credits each."""

    class Meta:
        model = Pathway
        skip_postgeneration_save = True

    programme = factory.SubFactory(ProgrammeFactory)
    key = factory.LazyAttribute(lambda pathway: f"{pathway.home.slug}-{pathway.host.slug}")
    home = factory.SubFactory(UniversityFactory)
    host = factory.SubFactory(UniversityFactory)

    @factory.post_generation
    def semesters(self, create, extracted, **_):
        for number in range(1, (extracted or 0) + 1):
            place = self.home if number <= extracted / 2 else self.host
            PathwaySemester.objects.create(pathway=self, number=number, university=place, ects=30)


class IntakeFactory(DjangoModelFactory):
    """An intake whose window is open now, until ten days from now."""

    class Meta:
        model = Intake

    class Params:
        coming = factory.Trait(opens_at=factory.LazyFunction(lambda: timezone.now() + timedelta(days=5)))
        over = factory.Trait(closes_at=factory.LazyFunction(lambda: timezone.now() - timedelta(days=5)))

    programme = factory.SubFactory(ProgrammeFactory)
    key = factory.LazyAttribute(lambda intake: f"{intake.academic_year}-{intake.term}")
    academic_year = 2027
    term = "autumn"
    opens_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=20))
    closes_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=10))
    time_zone = "Europe/Brussels"


class SeatsFactory(DjangoModelFactory):
    class Meta:
        model = Seats

    intake = factory.SubFactory(IntakeFactory, programme__published=True)
    pathway = factory.SubFactory(PathwayFactory, programme=factory.SelfAttribute("..intake.programme"))
    places = 3

    @classmethod
    def _create(cls, model_class, *, intake, pathway, places, **fields):
        seats = model_class.of(intake, pathway, places)
        for name, value in fields.items():
            setattr(seats, name, value)
        seats.save()
        return seats


class RevisionFactory(DjangoModelFactory):
    """A version of the programme that says what the programme says."""

    class Meta:
        model = Revision

    class Params:
        submitted = factory.Trait(state=Revision.State.REVIEW)
        returned = factory.Trait(state=Revision.State.RETURNED, comment="Name the thesis rule.")

    programme = factory.SubFactory(ProgrammeFactory)
    content = factory.LazyAttribute(lambda revision: content_of(revision.programme))
    based_on = factory.SelfAttribute("programme.version")
    begun_by = factory.SubFactory(UserFactory)
    state_since = factory.LazyFunction(timezone.now)


class WishListItemFactory(DjangoModelFactory):
    class Meta:
        model = WishListItem

    user = factory.SubFactory(UserFactory)
    programme = factory.SubFactory(ProgrammeFactory, published=True)


class CotutelleFactory(DjangoModelFactory):
    """A draft with nothing but a title; `CotutelleFactory(complete=True)` lacks nothing but papers and supervisors.

    `cotutelle_in("convention", home=kth)` makes one with all of it, in that state.
    """

    class Meta:
        model = Cotutelle

    class Params:
        complete = factory.Trait(
            field=factory.SubFactory(FieldFactory),
            motivation="Their tunnel is the only one in Europe.",
            starts_on=factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=30)),
            ends_on=factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=1430)),
            home_months=24,
            partner_months=24,
            defence_side="home",
            diploma="separate",
        )

    candidate = factory.SubFactory(UserFactory)
    home = factory.SubFactory(UniversityFactory, member=True)
    partner = factory.SubFactory(UniversityFactory, member=True)
    title = factory.Sequence(lambda n: f"On turbulence, part {n}")
    state_since = factory.LazyFunction(timezone.now)


class CotutelleSupervisorFactory(DjangoModelFactory):
    class Meta:
        model = CotutelleSupervisor

    cotutelle = factory.SubFactory(CotutelleFactory)
    name = factory.Sequence(lambda n: f"Professor {n}")
    email = factory.LazyAttribute(lambda row: row.user.email if row.user else "")
    user = None


class CotutelleFileFactory(DjangoModelFactory):
    class Meta:
        model = CotutelleFile

    cotutelle = factory.SubFactory(CotutelleFactory)
    kind = "cv"
    number = 1
    file = factory.django.FileField(filename="cv.pdf", data=b"%PDF-1.4 cv")
    name = "cv.pdf"
    content_type = "application/pdf"
    size = 11
    sha256 = factory.Sequence(lambda n: f"{n:064x}"[::-1])
    uploaded_by = factory.SelfAttribute("cotutelle.candidate")


def cotutelle_in(state: str = "requested", **fields: object) -> Cotutelle:
    """A file with its words, a supervisor at each side and both papers, that stands in `state`."""
    states = Cotutelle.State
    now, official = timezone.now(), UserFactory() if state not in states.in_hands else None
    past = {} if state == states.DRAFT else {"requested_at": now}
    for side, agreed in (("home", states.HOME_AGREED), ("partner", states.PARTNER_AGREED)):
        if state in (agreed, *states.agreed):
            past |= {f"{side}_agreed_at": now, f"{side}_agreed_by": official}
    if state in states.signed:
        past |= {f"{side}_signed_on": now.date() - timedelta(days=40) for side in ("home", "partner")}
        past["convention_sha256"] = "f" * 64
    if state in (states.SENT_BACK, states.REFUSED, states.ENDED):
        past["reason"] = "The plan says nothing about the second year."
    if state == states.DEFENDED:
        past["defended_on"] = now.date()
    cotutelle = CotutelleFactory(complete=True, state=state, **past | fields)
    for side in ("home", "partner"):
        CotutelleSupervisorFactory(cotutelle=cotutelle, side=side)
    for kind in ("cv", "plan"):
        CotutelleFileFactory(cotutelle=cotutelle, kind=kind)
    return cotutelle


class CourseFactory(DjangoModelFactory):
    """A master's course in autumn, in English; `CourseFactory(open=True)` takes exchange students."""

    class Meta:
        model = Course

    class Params:
        open = factory.Trait(open_to_exchange=True)
        ended = factory.Trait(last_year=2020)

    university = factory.SubFactory(UniversityFactory)
    code = factory.Sequence(lambda n: f"EL{n:04d}")
    title = factory.Sequence(lambda n: f"Control theory {n}")
    ects = Decimal("7.5")
    terms = ["autumn"]
    languages = ["en"]


class ProgrammeCourseFactory(DjangoModelFactory):
    class Meta:
        model = ProgrammeCourse

    programme = factory.SubFactory(ProgrammeFactory, published=True)
    course = factory.SubFactory(CourseFactory)
    semester = 1


class CourseImportFactory(DjangoModelFactory):
    """A sheet of one good row."""

    class Meta:
        model = CourseImport

    university = factory.SubFactory(UniversityFactory)
    uploaded_by = factory.SubFactory(UserFactory)
    file_name = "courses.csv"
    table = factory.LazyFunction(lambda: [course_row()])


def course_row(**cells: str) -> dict[str, str]:
    """A row as it is read from a file; `cells` go over it."""
    row = {"code": "EL2520", "title": "Control theory", "ects": "7.5", "terms": "Spring", "languages": "en"}
    return row | {"level": "Master"} | cells


def programme_between(first: University | None = None, second: University | None = None, **fields: object) -> Programme:
    """A dual master's that lacks nothing: `first` coordinates, a pathway in each direction, taught in English.

    Published unless `state` says otherwise.
    """
    first, second = first or UniversityFactory(), second or UniversityFactory()
    published = {} if "state" in fields else {"published": True}
    programme = ProgrammeFactory(complete=True, **published, **fields)
    ProgrammePartnerFactory(programme=programme, university=first, coordinating=True, position=0)
    ProgrammePartnerFactory(programme=programme, university=second, position=1)
    ProgrammeLanguageFactory(programme=programme)
    for position, (home, host) in enumerate([(first, second), (second, first)]):
        PathwayFactory(programme=programme, home=home, host=host, position=position, semesters=4)
    return programme


def open_intake(programme: Programme, places: int = 3, **fields: object) -> Intake:
    """An intake that is open now, with `places` seats on every pathway of `programme`."""
    intake = IntakeFactory(programme=programme, **fields)
    for pathway in programme.pathways.all():
        SeatsFactory(intake=intake, pathway=pathway, places=places)
    return intake
