"""The smallest valid people and universities; situations are traits.

`person_as("exchange", university)` makes somebody with that mandate in force, `student_of(university)` a confirmed
student. `UniversityFactory(member=True)` is a full member of the consortium.
"""

from datetime import date, timedelta

import factory
from allauth.account.models import EmailAddress
from django.utils import timezone
from django.utils.text import slugify
from factory.django import DjangoModelFactory, Password

from members.models import (
    ApiToken,
    CharterHolder,
    Contact,
    Country,
    EmailDomain,
    Fact,
    Factsheet,
    FactsheetTerm,
    Field,
    GradeScale,
    Identifier,
    LanguageSkill,
    Mandate,
    Membership,
    Picture,
    Role,
    StudentProfile,
    Tag,
    Unit,
    University,
    UniversityDocument,
    UniversityName,
    User,
)
from members.models.tokens import digest_of

DEMO_PASSWORD = "demo-portal"
LONG_AGO = date(2015, 1, 1)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        verified = factory.Trait(
            address=factory.RelatedFactory(
                "tests.factories.members.EmailAddressFactory", factory_related_name="user", verified=True
            )
        )
        administrator = factory.Trait(is_staff=True, is_superuser=True)

    email = factory.Sequence(lambda n: f"person{n}@university.example")
    given_name = "Robin"
    family_name = factory.Sequence(lambda n: f"Person{n}")
    password = Password(DEMO_PASSWORD)


class EmailAddressFactory(DjangoModelFactory):
    class Meta:
        model = EmailAddress

    user = factory.SubFactory(UserFactory)
    email = factory.SelfAttribute("user.email")
    primary = True
    verified = False


class CountryFactory(DjangoModelFactory):
    """Belgium; `CountryFactory(code="SE")` another one, and the same row when asked again."""

    class Meta:
        model = Country
        django_get_or_create = ("code",)

    code = "BE"
    code3 = factory.LazyAttribute(lambda country: f"{country.code}X")
    numeric = "056"
    name = factory.LazyAttribute(lambda country: f"Country {country.code}")


class FieldFactory(DjangoModelFactory):
    """A detailed field of ISCED-F; the same row when asked again for the same code."""

    class Meta:
        model = Field
        django_get_or_create = ("code",)

    code = "0714"
    depth = factory.LazyAttribute(lambda field: {2: "broad", 3: "narrow"}.get(len(field.code), "detailed"))
    name = factory.LazyAttribute(lambda field: f"Field {field.code}")


class GradeScaleFactory(DjangoModelFactory):
    """Grades as in Italy: 30 is the best, 18 passes."""

    class Meta:
        model = GradeScale
        django_get_or_create = ("code",)

    code = "IT-30"
    name = factory.LazyAttribute(lambda scale: f"Scale {scale.code}")
    best, worst, pass_mark = 30, 0, 18


class CharterHolderFactory(DjangoModelFactory):
    class Meta:
        model = CharterHolder
        django_get_or_create = ("erasmus_code",)

    erasmus_code = factory.Sequence(lambda n: f"B  PLACE{n:03d}")
    name = factory.Sequence(lambda n: f"Hogeschool {n}")
    city = "Leuven"
    country = factory.SubFactory(CountryFactory)


class UniversityFactory(DjangoModelFactory):
    class Meta:
        model = University
        skip_postgeneration_save = True

    class Params:
        member = factory.Trait(
            membership=factory.RelatedFactory(
                "tests.factories.members.MembershipFactory", factory_related_name="university"
            )
        )
        associate = factory.Trait(
            membership=factory.RelatedFactory(
                "tests.factories.members.MembershipFactory", factory_related_name="university", kind="associate"
            )
        )
        former = factory.Trait(
            membership=factory.RelatedFactory(
                "tests.factories.members.MembershipFactory",
                factory_related_name="university",
                kind="former",
            )
        )
        placed = factory.Trait(latitude="50.87960", longitude="4.70090")
        archived = factory.Trait(archived_at=factory.LazyFunction(timezone.now))

    slug = factory.Sequence(lambda n: f"university-{n}")
    short_name = factory.Sequence(lambda n: f"Uni {n}")
    name = factory.Sequence(lambda n: f"University number {n}")
    country = factory.SubFactory(CountryFactory)
    city = "Leuven"


class TagFactory(DjangoModelFactory):
    """A tag for partners, or with `partnerships=True` for programmes; `on` are the things that carry it."""

    class Meta:
        model = Tag
        skip_postgeneration_save = True

    class Params:
        partnerships = factory.Trait(scope=Tag.Scope.PARTNERSHIPS)

    scope = Tag.Scope.PARTNERS
    label = factory.Sequence(lambda n: f"Word {n}")
    slug = factory.LazyAttribute(lambda tag: slugify(tag.label))

    @factory.post_generation
    def on(tag, create, things, **kwargs):  # noqa: N805 factory_boy gives the tag
        for thing in things or ():
            thing.tags.add(tag)


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    university = factory.SubFactory(UniversityFactory)
    kind = Membership.Kind.MEMBER
    starts_on = LONG_AGO


class UniversityNameFactory(DjangoModelFactory):
    class Meta:
        model = UniversityName

    university = factory.SubFactory(UniversityFactory)
    name = factory.Sequence(lambda n: f"Former name {n}")


class IdentifierFactory(DjangoModelFactory):
    """A Wikidata item, because any number is a valid one; give scheme and value for another code."""

    class Meta:
        model = Identifier

    university = factory.SubFactory(UniversityFactory)
    scheme = Identifier.Scheme.WIKIDATA
    value = factory.Sequence(lambda n: f"Q{n + 1}")


class EmailDomainFactory(DjangoModelFactory):
    class Meta:
        model = EmailDomain

    university = factory.SubFactory(UniversityFactory)
    domain = factory.Sequence(lambda n: f"uni{n}.example")


class UnitFactory(DjangoModelFactory):
    class Meta:
        model = Unit

    university = factory.SubFactory(UniversityFactory)
    name = factory.Sequence(lambda n: f"Faculty {n}")


class ContactFactory(DjangoModelFactory):
    class Meta:
        model = Contact

    university = factory.SubFactory(UniversityFactory)
    purpose = Contact.Purpose.INCOMING
    name = factory.Sequence(lambda n: f"Exchange office {n}")
    email = factory.Sequence(lambda n: f"office{n}@university.example")


class FactFactory(DjangoModelFactory):
    class Meta:
        model = Fact

    university = factory.SubFactory(UniversityFactory)
    kind = Fact.Kind.STUDENTS
    value = 12000
    year = "2025"


class FactsheetFactory(DjangoModelFactory):
    class Meta:
        model = Factsheet

    university = factory.SubFactory(UniversityFactory)


class FactsheetTermFactory(DjangoModelFactory):
    class Meta:
        model = FactsheetTerm

    factsheet = factory.SubFactory(FactsheetFactory)
    academic_year = 2027
    term = "autumn"
    nominations_close_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=30))
    applications_close_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=60))


class PictureFactory(DjangoModelFactory):
    class Meta:
        model = Picture

    university = factory.SubFactory(UniversityFactory)
    image = factory.django.ImageField(filename="campus.webp", format="WEBP")
    alt = factory.Sequence(lambda n: f"Campus {n}")


class UniversityDocumentFactory(DjangoModelFactory):
    class Meta:
        model = UniversityDocument

    university = factory.SubFactory(UniversityFactory, member=True)
    title = factory.Sequence(lambda n: f"Guide {n}")
    file = factory.django.FileField(filename="guide.pdf", data=b"%PDF-1.4 guide")
    name = "guide.pdf"
    content_type = "application/pdf"
    size = 14
    sha256 = factory.Sequence(lambda n: f"{n:064x}"[::-1])
    uploaded_by = factory.SubFactory(UserFactory)


class MandateFactory(DjangoModelFactory):
    """An exchange coordinator in office; `MandateFactory(secretariat=True)` acts for the consortium."""

    class Meta:
        model = Mandate

    class Params:
        official = factory.Trait(role=Role.OFFICIAL)
        exchange = factory.Trait(role=Role.EXCHANGE)
        director = factory.Trait(role=Role.DIRECTOR)
        coordinator = factory.Trait(role=Role.COORDINATOR)
        grants = factory.Trait(role=Role.GRANTS)
        head = factory.Trait(role=Role.HEAD)
        reviewer = factory.Trait(role=Role.REVIEWER)
        auditor = factory.Trait(role=Role.AUDITOR)
        secretariat = factory.Trait(role=Role.SECRETARIAT, university=None)
        president = factory.Trait(role=Role.PRESIDENT, university=None)
        ended = factory.Trait(ends_on=date(2020, 12, 31))
        with_deputy = factory.Trait(deputy=factory.SubFactory(UserFactory))

    person = factory.SubFactory(UserFactory)
    university = factory.SubFactory(UniversityFactory)
    role = Role.EXCHANGE
    starts_on = LONG_AGO


class StudentProfileFactory(DjangoModelFactory):
    """A student who waits for the office; `StudentProfileFactory(confirmed=True)` counts as a student."""

    class Meta:
        model = StudentProfile

    class Params:
        confirmed = factory.Trait(
            state=StudentProfile.State.CONFIRMED,
            confirmed_by_domain="university.example",
            confirmed_at=factory.LazyFunction(timezone.now),
        )
        complete = factory.Trait(
            degree_programme="Electrical engineering",
            level="bachelor",
            field=factory.SubFactory(FieldFactory),
            semester=5,
            ects_earned=120,
            grade_scale=factory.SubFactory(GradeScaleFactory),
            grade_average=27,
        )

    user = factory.SubFactory(UserFactory)
    university = factory.SubFactory(UniversityFactory)


class LanguageSkillFactory(DjangoModelFactory):
    class Meta:
        model = LanguageSkill

    profile = factory.SubFactory(StudentProfileFactory)
    language = "en"
    level = "C1"


def person_as(role: str, university: University | None = None, **fields: object) -> User:
    """Somebody with a mandate for `role` in force: at `university`, or for the consortium where the role is its own."""
    if role in Role.of_the_consortium:
        return MandateFactory(role=role, university=None, **fields).person
    return MandateFactory(role=role, university=university or UniversityFactory(), **fields).person


def student_of(university: University | None = None, **fields: object) -> User:
    """A confirmed student of `university` with a complete profile."""
    return StudentProfileFactory(
        confirmed=True, complete=True, university=university or UniversityFactory(), **fields
    ).user


class ApiTokenFactory(DjangoModelFactory):
    """A live token that reads universities; its secret is `secret`: `ApiTokenFactory(secret="cluster_mine")`."""

    class Meta:
        model = ApiToken

    class Params:
        secret = factory.Sequence(lambda n: f"cluster_secret_of_token_{n}")
        expired = factory.Trait(
            created_at=factory.LazyFunction(lambda: timezone.now() - timedelta(days=40)),
            expires_at=factory.LazyFunction(lambda: timezone.now() - timedelta(days=10)),
        )
        revoked = factory.Trait(revoked_at=factory.LazyFunction(timezone.now))

    user = factory.SubFactory(UserFactory)
    name = factory.Sequence(lambda n: f"Website {n}")
    scopes = factory.LazyFunction(lambda: ["universities:read"])
    digest = factory.LazyAttribute(lambda token: digest_of(token.secret))
    hint = factory.LazyAttribute(lambda token: token.secret[:12])
    created_at = factory.LazyFunction(timezone.now)
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=30))
