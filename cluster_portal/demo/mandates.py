"""Who acts for whom: mandates that began, run and ended, an office passed on, deputies, invitations."""

from collections.abc import Callable
from datetime import datetime, timedelta

from cluster_portal.demo.people import COMING, EXTRA, FORMER, PARTNERS_BOARD
from cluster_portal.demo.world import ROLES, World, own_domain
from members.actions import invitations, mandates
from members.acts import record
from members.models import Mandate, Role, University, User

SECOND_HATS = (("coordinator", Role.AUDITOR, "kuleuven"), ("director", Role.COORDINATOR, "tue"))
ENDS_IN_A_WEEK = ("extra-coordinator", "kth")
DEPUTIES = {"kth": (-4, 17), "aalto": (-60, -31), "polito": (12, 26), "kit": (-10, None)}  # days from today
EVERYBODYS_DEPUTY = (-200, -186)  # a fortnight of holidays long past, where nothing else is said


def make(world: World) -> None:
    """Give all mandates, then forget what the accounts knew of their own."""
    consortium = _given(world, world.secretariat, Role.SECRETARIAT, None, first=-800)
    _store(world, [consortium, *_of_members(world), *_of_partners(world)])
    _stories(world)
    world.diary.play()
    for user in world.people.values():
        user.__dict__.pop("_mandates", None)


def _given(
    world: World, person: User, role: str, university: University | None, *, first: int, last: int | None = None
) -> Mandate:
    """A mandate from and until so many days from today, unsaved."""
    day = world.calendar.day
    return Mandate(
        person=person,
        role=role,
        university=university,
        starts_on=day(first),
        ends_on=None if last is None else day(last),
        given_by=None if role == Role.SECRETARIAT else world.secretariat,
    )


def _of_members(world: World) -> list[Mandate]:
    found = []
    for university in world.members:
        for role in ROLES:
            first, last = -world.dice.randint(90, 600), world.dice.choice([None, None, 200, 500])
            found.append(_given(world, world.officer(role, university), role, university, first=first, last=last))
        found.append(_official(world, university))
    found += [_extra(world, role, slug) for role, slugs in EXTRA.items() for slug in slugs]
    for role, second, slug in SECOND_HATS:
        found.append(_given(world, world.people[f"{role}.{slug}"], second, world.universities[slug], first=-150))
    return found


def _official(world: World, university: University) -> Mandate:
    """The exchange account is the official too; where somebody was before, that mandate is passed on."""
    former = world.people.get(f"former.{university.slug}")
    holder = former or world.officer("exchange", university)
    return _given(world, holder, Role.OFFICIAL, university, first=-790 if former else -world.dice.randint(300, 700))


def _extra(world: World, role: str, slug: str) -> Mandate:
    person, university = world.people[f"extra-{role}.{slug}"], world.universities[slug]
    world.colleagues[role, slug] = [person]
    last = 7 if (f"extra-{role}", slug) == ENDS_IN_A_WEEK else None
    return _given(world, person, role, university, first=-world.dice.randint(60, 500), last=last)


def _of_partners(world: World) -> list[Mandate]:
    roles = (*PARTNERS_BOARD, Role.OFFICIAL)
    return [
        _given(world, world.officer("exchange", place), role, place, first=-world.dice.randint(100, 700))
        for place in world.partners
        for role in roles
    ]


def _store(world: World, given: list[Mandate]) -> None:
    Mandate.objects.bulk_create(given)
    for mandate in given:
        days_ago = (world.calendar.today - mandate.starts_on).days
        world.diary.plan(world.calendar.at(-days_ago - 2, 10), _note(mandate))


def _note(mandate: Mandate) -> Callable[[datetime], object]:
    return lambda at: record("mandate.given", mandate, by=mandate.given_by)


def _stories(world: World) -> None:
    for number, slug in enumerate(FORMER):
        _pass_on(world, world.universities[slug], days_ago=120 + 60 * number)
    for university in world.members:
        _name_deputy(world, university)
    _end_early(world)
    _take_back(world, world.universities["tue"])
    for slug in COMING:
        _begin_later(world, world.universities[slug])
    _invite(world, "kth", "visiting.reviewer", Role.REVIEWER, days_ago=2)
    _invite(world, "polito", "summer.office", Role.EXCHANGE, days_ago=19)


def _pass_on(world: World, university: University, *, days_ago: int) -> None:
    """The former official passed the office on to the exchange coordinator."""
    mandate = Mandate.objects.get(university=university, role=Role.OFFICIAL)
    last_day = world.calendar.day(-days_ago)
    world.diary.plan(
        world.calendar.at(-days_ago - 10, 15),
        lambda at: mandates.hand_over(
            mandate=mandate, successor=world.officer("exchange", university), last_day=last_day, by=mandate.person,
            today=at.date(),
        ),
    )  # fmt: skip


def _name_deputy(world: World, university: University) -> None:
    first, last = DEPUTIES.get(university.slug, EVERYBODYS_DEPUTY)
    holder, day = world.officer("exchange", university), world.calendar.day
    mandate = Mandate.objects.get(university=university, role=Role.EXCHANGE, person=holder)
    world.diary.plan(
        world.calendar.at(min(first, 0) - 6, 11),
        lambda at: mandates.name_deputy(
            mandate=mandate, deputy=world.people[f"deputy.{university.slug}"], first_day=day(first),
            last_day=None if last is None else day(last), by=holder, today=at.date(),
        ),
    )  # fmt: skip


def _end_early(world: World) -> None:
    """A director who left for another university."""
    mandate = Mandate.objects.get(person=world.people["extra-director.tecnico"])
    world.colleagues["director", "tecnico"] = []
    world.diary.plan(
        world.calendar.at(-40, 16),
        lambda at: mandates.end(
            mandate=mandate, last_day=at.date() + timedelta(days=10), reason="Moves to another university.",
            by=world.officer("exchange", mandate.university), today=at.date(),
        ),
    )  # fmt: skip


def _take_back(world: World, university: University) -> None:
    """A grant officer's mandate that went to the wrong namesake, and was noticed a day later."""
    official, person = world.officer("exchange", university), world.people[f"reviewer.{university.slug}"]

    def give(at: datetime) -> None:
        mandates.give(
            person=person, role=Role.GRANTS, university=university, starts_on=world.calendar.day(20), ends_on=None,
            by=official,
        )  # fmt: skip

    def undo(at: datetime) -> None:
        mandates.take_back(
            mandate=Mandate.objects.get(person=person, role=Role.GRANTS), reason="Given to a namesake by mistake.",
            by=official, today=at.date(), now=at,
        )  # fmt: skip

    world.diary.plan(world.calendar.at(-6, 10), give)
    world.diary.plan(world.calendar.at(-5, 9), undo)


def _begin_later(world: World, university: University) -> None:
    """A grant officer who was invited, has accepted, and begins in a month."""
    official, person = world.officer("exchange", university), world.people[f"coming.{university.slug}"]

    def accept(at: datetime) -> None:
        invitation = invitations.invite(
            email=person.email, role=Role.GRANTS, university=university, starts_on=world.calendar.day(30),
            ends_on=None, by=official, now=at,
        )  # fmt: skip
        invitations.accept_invitation(invitation=invitation, person=person, now=at + timedelta(hours=2))

    world.diary.plan(world.calendar.at(-9, 9), accept)


def _invite(world: World, slug: str, name: str, role: str, *, days_ago: int) -> None:
    """An invitation that nobody has answered."""
    university = world.universities[slug]
    world.diary.plan(
        world.calendar.at(-days_ago, 14),
        lambda at: invitations.invite(
            email=f"{name}@{own_domain(university)}", role=role, university=university,
            starts_on=world.calendar.day(10), ends_on=world.calendar.day(375),
            by=world.officer("exchange", university), now=at,
        ),
    )  # fmt: skip
