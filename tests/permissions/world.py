"""The small world that the matrix is walked in: two universities with one of everything each, and one person per role."""

from functools import cached_property
from typing import Any

from members.models import Role, User
from tests.factories.applications import (
    ApplicationFactory,
    ChoiceFactory,
    CriterionFactory,
    DecisionFactory,
    DocumentFileFactory,
    OptionFactory,
    ReviewFactory,
    RoundFactory,
)
from tests.factories.exchange import PlacementFactory, PlacementImportFactory
from tests.factories.members import MandateFactory, StudentProfileFactory, UniversityFactory, UserFactory, student_of
from tests.factories.notifications import CaughtMailFactory, NoticeFactory
from tests.factories.programmes import open_intake, programme_between
from tests.permissions.addresses import Address

STAFF = ("official", "exchange", "director", "coordinator", "grants", "head", "reviewer", "auditor")
ROLES = ["visitor", "newcomer", "student", "fellow", *STAFF, "secretariat", "admin"]

# In which state the application stands that an address is asked for; submitted where it does not matter.
STATE_FOR = {
    "applications:application_accept": "offered",
    "applications:application_decline": "offered",
    "applications:application_edit": "draft",
    "applications:application_submit": "draft",
    "applications:decision_edit": "eligible",
    "applications:letter_edit": "eligible",
    "applications:review_edit": "eligible",
    "applications:review_recuse": "eligible",
    "applications:review_assign": "eligible",
    "applications:review_reopen": "eligible",
}


class Side:
    """One university and one of everything that belongs to it."""

    def __init__(self, host: Any) -> None:
        self.university = UniversityFactory(member=True, placed=True)
        self.student = student_of(self.university)
        self.people = {
            role: MandateFactory(role=role, university=self.university).person for role in STAFF if role in Role.values
        }
        self.mandate = MandateFactory(role=Role.COORDINATOR, university=self.university)
        self.waiting = StudentProfileFactory(university=self.university)
        self.host = host

    @cached_property
    def programme(self) -> Any:
        return programme_between(self.university, self.host)

    @cached_property
    def intake(self) -> Any:
        return open_intake(self.programme)

    @cached_property
    def placement(self) -> Any:
        return PlacementFactory(published=True, host=self.university)

    @cached_property
    def sheet(self) -> Any:
        return PlacementImportFactory(university=self.university, uploaded_by=self.people["exchange"])

    @cached_property
    def round(self) -> Any:
        round = RoundFactory(open=True, university=self.university)
        CriterionFactory(round=round)
        return round

    def application(self, state: str) -> Any:
        """The side's own student's application in `state`, with a choice, a document, a review and a decision."""
        made = self.__dict__.setdefault("applications", {})
        if state not in made:
            made[state] = self._application(state)
        return made[state]

    def _application(self, state: str) -> Any:
        round = self.round if state in {"submitted", "draft"} else RoundFactory(closed=True, university=self.university)
        applicant = {"draft": student_of(self.university)} if state == "draft" else {}
        mine = {"applicant": self.student} if state != "draft" else applicant
        traits = {} if state == "draft" else {state: True}
        application = ApplicationFactory(round=round, **mine, **traits)
        ChoiceFactory(application=application, option=OptionFactory(round=round))
        DocumentFileFactory(slot__application=application)
        if state == "eligible":
            ReviewFactory(application=application, reviewer=self.people["reviewer"])
            DecisionFactory(application=application)
        return application


class World:
    """`own` is the side that the roles belong to, `other` is somebody else's."""

    def __init__(self) -> None:
        host = UniversityFactory(member=True)
        self.sides = {"own": Side(host), "other": Side(host)}
        self.mail = CaughtMailFactory()

    def person(self, role: str) -> User | None:
        """Who asks in `role`; nobody for a visitor. A newcomer has an account and nothing else."""
        own = self.sides["own"]
        others = {
            "visitor": lambda: None,
            "newcomer": UserFactory,
            "student": lambda: own.student,
            "fellow": lambda: student_of(own.university),
            "secretariat": lambda: MandateFactory(secretariat=True, role=Role.SECRETARIAT).person,
            "admin": lambda: UserFactory(administrator=True),
        }
        return own.people[role] if role in own.people else others[role]()

    def about(self, address: Address, whose: str) -> dict[str, Any]:
        """What fills the parameters of `address`, at the own side or at the other."""
        side = self.sides[whose]
        return {param: self._value(address, param, side) for param in address.params}

    def _value(self, address: Address, param: str, side: Side) -> Any:
        if address.name in SPECIAL and param in SPECIAL[address.name]:
            return SPECIAL[address.name][param](side)
        if (address.room, param) in BY_ROOM:
            return BY_ROOM[address.room, param](side)
        if param == "reference" and address.room == "applications":
            return side.application(STATE_FOR.get(address.name, "submitted")).reference
        raise LookupError(f"Say in tests/permissions/world.py what {param!r} of {address.name} is.")


# What a parameter means in a room …
BY_ROOM = {
    ("members", "slug"): lambda side: side.university.slug,
    ("people", "slug"): lambda side: side.university.slug,
    ("programmes", "slug"): lambda side: side.programme.slug,
    ("exchange", "slug"): lambda side: side.placement.slug,
    ("exchange", "pk"): lambda side: side.sheet.pk,
    ("exchange", "ending"): lambda side: "csv",
    ("applications", "slug"): lambda side: side.round.slug,
    ("applications", "slot"): lambda side: side.application("submitted").document_slots.get().pk,
    ("notifications", "reference"): lambda side: NoticeFactory(recipient=side.student).reference,
    ("notifications", "token"): lambda side: "not-a-token",
    ("people", "token"): lambda side: "not-a-token",
}

# … and at single addresses.
SPECIAL: dict[str, dict[str, Any]] = {
    "applications:review_reopen": {"review": lambda side: side.application("eligible").reviews.get().pk},
}
