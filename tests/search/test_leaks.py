"""Nobody finds what they may not see: each kind, in each standing, for each role, on the page, in the counts, in the
suggestions and in the corrections.
"""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from applications.models import Round
from members.models import Contact, SearchEntry
from members.searching.finding import Search
from members.searching.kinds import registered
from members.searching.typed import Typed
from programmes.models import Programme
from tests.factories.applications import ApplicationFactory, ReviewFactory, RoundFactory
from tests.factories.exchange import PlacementFactory
from tests.factories.funding import CallFactory
from tests.factories.members import (
    ContactFactory,
    MandateFactory,
    StudentProfileFactory,
    UnitFactory,
    UniversityFactory,
    UserFactory,
    person_as,
    student_of,
)
from tests.factories.people import ExpertFactory
from tests.factories.policy import BodyFactory, EventFactory
from tests.factories.practices import practice_of
from tests.factories.programmes import (
    CotutelleFactory,
    CotutelleSupervisorFactory,
    CourseFactory,
    cotutelle_in,
    programme_between,
)

pytestmark = pytest.mark.django_db
WORD, SECRET = "Zyxwort", "Kolibri"
NAME = f"{WORD} {SECRET}"

EVERYBODY = {
    "visitor", "newcomer", "student", "fellow", "exchange", "director", "reviewer", "grants", "stranger", "secretariat",
}  # fmt: skip
SIGNED_IN = EVERYBODY - {"visitor"}
STAFF = {"exchange", "director", "reviewer", "grants"}
OWN_UNIVERSITY = {"student", "fellow", *STAFF}


class Cast:
    """Two universities with people of each role at the first; `stranger` is the exchange office of the second."""

    def __init__(self):
        self.home, self.away = UniversityFactory(name="Home"), UniversityFactory(name="Away")
        self.people = {
            "newcomer": UserFactory(),
            "student": student_of(self.home),
            "fellow": student_of(self.home),
            "exchange": person_as("exchange", self.home),
            "director": person_as("director", self.home),
            "reviewer": person_as("reviewer", self.home),
            "grants": person_as("grants", self.home),
            "stranger": person_as("exchange", self.away),
            "secretariat": person_as("secretariat"),
        }

    def own_application(self, **traits):
        round = RoundFactory(open=True, university=self.home)
        return ApplicationFactory(round=round, applicant=self.people["student"], **traits)

    def cotutelle(self, state):
        """A joint doctorate of the student, and people who have to do with one at its two sides."""
        student, partner = self.people["student"], UniversityFactory(member=True)
        self.people |= {
            "supervisor": UserFactory(),
            "coordinator": person_as("coordinator", self.home),
            "official": person_as("official", partner),
            "coordinator elsewhere": person_as("coordinator", self.away),
        }
        file = cotutelle_in(state, candidate=student, home=self.home, partner=partner, title=NAME)
        CotutelleSupervisorFactory(cotutelle=file, side="home", user=self.people["supervisor"])

    def reviewed(self):
        application = self.own_application(submitted=True)
        ReviewFactory(application=application, reviewer=self.people["reviewer"])


def programme(cast, **fields):
    return programme_between(cast.home, UniversityFactory(), title=NAME, **fields)


def mandate(cast, **fields):
    return MandateFactory(university=cast.home, role="grants", person__family_name=NAME, **fields)


def expert(**fields):
    return ExpertFactory(mandate__person__family_name=NAME, **fields)


def named(cast, application):
    application.applicant.family_name = NAME
    application.applicant.save()


def dated(days):
    return timezone.localdate() + timedelta(days=days)


# kind, standing: how it is made, who finds it
SEEN = {
    ("university", "public"): (lambda cast: UniversityFactory(name=NAME), EVERYBODY),
    ("university", "archived"): (lambda cast: UniversityFactory(name=NAME, archived=True), {"secretariat"}),
    ("unit", "public"): (lambda cast: UnitFactory(name=NAME), EVERYBODY),
    ("unit", "archived"): (lambda cast: UnitFactory(name=NAME, university__archived=True), {"secretariat"}),
    ("contact", "public"): (lambda cast: ContactFactory(name=NAME), EVERYBODY),
    ("contact", "members"): (lambda cast: ContactFactory(name=NAME, audience=Contact.Audience.MEMBERS), SIGNED_IN),
    ("contact", "own"): (
        lambda cast: ContactFactory(name=NAME, university=cast.home, audience=Contact.Audience.OWN),
        {*OWN_UNIVERSITY, "secretariat"},
    ),
    ("contact", "past"): (lambda cast: ContactFactory(name=NAME, ends_on=dated(-1)), set()),
    ("contact", "archived"): (lambda cast: ContactFactory(name=NAME, university__archived=True), {"secretariat"}),
    ("programme", "public"): (programme, EVERYBODY),
    ("programme", "archived"): (lambda cast: programme(cast, state=Programme.State.ARCHIVED), EVERYBODY),
    ("programme", "draft"): (
        lambda cast: programme(cast, state=Programme.State.DRAFT),
        {"director", "secretariat"},
    ),
    ("programme", "by its address"): (
        lambda cast: programme(cast, listing=Programme.Listing.LINK_ONLY),
        {"director"},
    ),
    ("course", "public"): (lambda cast: CourseFactory(title=NAME), EVERYBODY),
    ("course", "ended"): (lambda cast: CourseFactory(title=NAME, ended=True), EVERYBODY),
    ("course", "archived"): (lambda cast: CourseFactory(title=NAME, university__archived=True), {"secretariat"}),
    ("placement", "public"): (lambda cast: PlacementFactory(title=NAME, published=True), EVERYBODY),
    ("placement", "draft"): (lambda cast: PlacementFactory(title=NAME, host=cast.home), {"exchange", "secretariat"}),
    ("placement", "withdrawn"): (
        lambda cast: PlacementFactory(title=NAME, host=cast.home, withdrawn=True),
        {"exchange", "secretariat"},
    ),
    ("placement", "archived"): (
        lambda cast: PlacementFactory(title=NAME, host=cast.home, archived=True),
        {"exchange", "secretariat"},
    ),
    ("round", "public"): (lambda cast: RoundFactory(title=NAME, open=True), EVERYBODY),
    ("round", "draft"): (
        lambda cast: RoundFactory(title=NAME, university=cast.home),
        {"exchange", "secretariat"},
    ),
    ("round", "archived"): (
        lambda cast: RoundFactory(title=NAME, university=cast.home, state=Round.State.ARCHIVED),
        {"exchange", "secretariat"},
    ),
    ("person", "now"): (mandate, {*OWN_UNIVERSITY, "secretariat"}),
    ("person", "past"): (lambda cast: mandate(cast, ends_on=dated(-1)), set()),
    ("person", "coming"): (lambda cast: mandate(cast, starts_on=dated(9)), set()),
    ("expert", "public"): (lambda cast: expert(public=True), EVERYBODY),
    ("expert", "members"): (lambda cast: expert(members=True), SIGNED_IN - {"newcomer"}),
    ("expert", "left"): (lambda cast: expert(public=True, mandate__ends_on=dated(-1)), set()),
    ("student", "waiting"): (
        lambda cast: StudentProfileFactory(university=cast.home, user__family_name=NAME),
        {"exchange"},
    ),
    ("call", "public"): (lambda cast: CallFactory(title=NAME, open=True), EVERYBODY),
    ("call", "draft"): (
        lambda cast: CallFactory(title=NAME, drafted=True, office=cast.home),
        {"grants", "secretariat"},
    ),
    ("call", "archived"): (lambda cast: CallFactory(title=NAME, state="archived", office=cast.away), {"secretariat"}),
    ("body", "any"): (lambda cast: BodyFactory(name=NAME), EVERYBODY),
    ("event", "public"): (lambda cast: EventFactory(title=NAME, published=True), EVERYBODY),
    ("event", "members"): (
        lambda cast: EventFactory(title=NAME, published=True, members=True),
        SIGNED_IN - {"newcomer"},
    ),
    ("event", "invited"): (lambda cast: EventFactory(title=NAME, published=True, invited=True), {"secretariat"}),
    ("event", "draft"): (
        lambda cast: EventFactory(title=NAME, host=cast.home),
        {"exchange", "secretariat"},
    ),
    ("event", "archived"): (
        lambda cast: EventFactory(title=NAME, host=cast.home, archived=True),
        {"exchange", "secretariat"},
    ),
    ("practice", "public"): (lambda cast: practice_of(cast.home, title=NAME, state="published"), EVERYBODY),
    ("practice", "draft"): (
        lambda cast: practice_of(cast.home, "draft", title=NAME, owner=cast.people["grants"]),
        {"grants", "secretariat"},
    ),
    ("cotutelle", "draft"): (
        lambda cast: CotutelleFactory(candidate=cast.people["student"], home=cast.home, title=NAME),
        {"student"},
    ),
    ("cotutelle", "requested"): (
        lambda cast: cast.cotutelle("requested"),
        {"student", "coordinator", "official", "supervisor"},
    ),
    ("cotutelle", "defended"): (
        lambda cast: cast.cotutelle("defended"),
        {"student", "coordinator", "official", "supervisor"},
    ),
    ("application", "draft"): (lambda cast: named(cast, cast.own_application()), {"student"}),
    ("application", "submitted"): (
        lambda cast: named(cast, cast.own_application(submitted=True)),
        {"student", "exchange"},
    ),
    ("application", "in review"): (
        lambda cast: (cast.reviewed(), named(cast, cast.own_application(submitted=True))),
        {"student", "exchange", "reviewer"},
    ),
}


def found_by(person, kind):
    """Whether counts, results and suggestions show something of `kind` to `person`; they must agree."""
    looking = Search(Typed.read(WORD), person or AnonymousUser(), [kind])
    shown = kind in looking.found.counts
    assert (looking.total > 0, kind in {entry.kind for entry in looking.rows()}) == (shown, shown)
    everywhere = Search(Typed.read(WORD), person or AnonymousUser())
    assert (kind in {entry.kind for entry in everywhere.suggestions()}) == shown
    return shown


@pytest.mark.parametrize(("kind", "standing"), SEEN, ids=lambda word: word)
def test_everybody_finds_what_they_may_see_and_nothing_else(kind, standing):
    make, expected = SEEN[kind, standing]
    cast = Cast()
    make(cast)
    people = {"visitor": None, **cast.people}

    assert {role for role, person in people.items() if found_by(person, kind)} == expected
    assert SearchEntry.objects.filter(kind=kind, title__contains=WORD).exists()


@pytest.mark.parametrize("address", ["/search/", "/search/suggest/"])
@pytest.mark.parametrize(("role", "finds"), [("visitor", False), ("student", False), ("exchange", True)])
def test_pages_show_what_was_found_and_nothing_else(client, address, role, finds):
    cast = Cast()
    PlacementFactory(title=NAME, host=cast.home)
    if role in cast.people:
        client.force_login(cast.people[role])

    page = client.get(address, {"q": WORD}).content.decode()

    assert (SECRET in page) == finds


def test_every_kind_has_its_rows_here():
    assert {kind for kind, _standing in SEEN} == {kind.key for kind in registered()}


def test_correction_does_not_tell_that_something_unseen_exists(client):
    PlacementFactory(title="Zyxwortarium")

    page = client.get("/search/", {"q": "Zyxwortariun"})

    assert page.context["found"].total == 0
    assert "zyxwortarium" not in page.content.decode().lower()


def test_addresses_of_contacts_are_not_found_by_visitors(client):
    ContactFactory(name="Exchange office", email="hidden@zyxwort.example")

    assert client.get("/search/", {"q": "hidden@zyxwort.example"}).context["found"].total == 0


@pytest.mark.ignore_template_errors
def test_administration_lists_no_students_file(client):
    ApplicationFactory(submitted=True, applicant__family_name=WORD)
    cotutelle_in("requested", title=f"On {WORD}")
    UniversityFactory(name="Åbo Akademi")
    client.force_login(UserFactory(administrator=True))

    listed = client.get("/admin/members/searchentry/").content.decode()

    assert "Åbo Akademi" in listed
    assert WORD not in listed
