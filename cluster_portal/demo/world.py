"""What the parts of the demo share while it is made."""

import random
from dataclasses import dataclass, field
from functools import cached_property

from django.contrib.auth.hashers import make_password

from cluster_portal.demo.calendar import Calendar
from cluster_portal.demo.diary import Diary
from cluster_portal.demo.names import Names
from members.models import Membership, StudentProfile, University, User

DOMAIN = "demo.example"
PASSWORD = "demo-portal"  # noqa: S105 everybody may know it: see members/checks.py
ROLES = ("exchange", "director", "coordinator", "grants", "head", "reviewer")


def own_domain(university: University) -> str:
    """The invented domain beside the real one: who signs up with an address there is a student of the university."""
    return f"{university.slug}.{DOMAIN}"


@dataclass
class World:
    """The dice fall the same way each time: the demo of a given moment is always the same, but for references."""

    calendar: Calendar
    diary: Diary
    dice: random.Random = field(default_factory=lambda: random.Random(20030101))
    people: dict[str, User] = field(default_factory=dict)  # by the part of the address before the domain
    colleagues: dict[tuple[str, str], list[User]] = field(default_factory=dict)  # by role and slug, in office today
    students: dict[str, list[StudentProfile]] = field(default_factory=dict)  # by slug, confirmed ones

    @cached_property
    def password(self) -> str:
        """Hashed once: hashing is slow on purpose."""
        return make_password(PASSWORD)

    @cached_property
    def names(self) -> Names:
        return Names(self.dice)

    @cached_property
    def universities(self) -> dict[str, University]:
        present = University.objects.in_consortium(self.calendar.today).with_kind(self.calendar.today)
        joined = present.select_related("country", "grade_scale").order_by("pk")
        return {university.slug: university for university in joined}

    @cached_property
    def members(self) -> list[University]:
        return [place for place in self.universities.values() if place.kind_now == Membership.Kind.MEMBER]

    @cached_property
    def partners(self) -> list[University]:
        """Associates and SEEEP partners."""
        return [place for place in self.universities.values() if place.kind_now != Membership.Kind.MEMBER]

    @property
    def secretariat(self) -> User:
        return self.people["secretariat"]

    def officer(self, role: str, university: University) -> User:
        """The person of the fixed account of this role there."""
        return self.people[f"{role}.{university.slug}"]

    def one_of(self, role: str, university: University) -> User:
        """Somebody who acts in this role there today, the fixed account or a colleague."""
        return self.dice.choice([self.officer(role, university), *self.colleagues.get((role, university.slug), [])])
