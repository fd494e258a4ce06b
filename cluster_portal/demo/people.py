"""The accounts of the demo: everybody is invented, every address is verified, one password opens all."""

from collections.abc import Iterable, Iterator

from allauth.account.models import EmailAddress
from django.utils.text import slugify

from cluster_portal.demo.world import DOMAIN, ROLES, World, own_domain
from members.models import JoinedAs, University, User

PARTNERS_BOARD = ("exchange",)  # what associates and SEEEP partners have at least
COUNTRY_OF_NAMES = {"uclouvain": "BE-fr", "grenoble-inp": "FR"}
EXTRA = {
    "exchange": ("kth", "aalto", "polito", "kuleuven", "kit", "upc"),
    "reviewer": ("kth", "aalto", "polito", "kit", "grenoble-inp", "tcd", "uclouvain", "tue", "kuleuven"),
    "director": ("kth", "polito", "tecnico", "aalto"),
    "coordinator": ("kth", "kuleuven", "tuda", "upc"),
}  # one more person in this role there, in office today
FORMER = ("kth", "polito", "tcd", "tue", "uclouvain", "grenoble-inp")  # where an earlier official is remembered
COMING = ("tecnico", "aalto")  # where a grant officer begins next month


def make(world: World) -> None:
    """Fixed accounts, further staff, secretariat and administrator."""
    accounts = [*_of_the_consortium(), *_fixed(world), *_further(world)]
    _keep(world, accounts)


def names_at(university: University) -> str:
    """Whose names the people there mostly bear."""
    return COUNTRY_OF_NAMES.get(university.slug, university.country_id)


def _of_the_consortium() -> Iterator[tuple[str, User]]:
    yield "secretariat", _user(f"secretariat@{DOMAIN}", "Marguerite", "Oosterveld")
    yield "admin", _user(f"admin@{DOMAIN}", "Teodor", "Wexelsen", is_staff=True, is_superuser=True)


def _fixed(world: World) -> Iterator[tuple[str, User]]:
    for university in [*world.members, *world.partners]:
        is_member = university in world.members
        for role in ROLES if is_member else PARTNERS_BOARD:
            yield _account(world, f"{role}.{university.slug}", university)


def _account(world: World, key: str, university: University) -> tuple[str, User]:
    given, family = world.names.of(names_at(university))
    return key, _user(f"{key}@{DOMAIN}", given, family, time_zone=university.time_zone)


def _further(world: World) -> Iterator[tuple[str, User]]:
    """Colleagues, deputies, those who left and those who begin; keys are "extra-exchange.kth" and the like."""
    kinds = [*((f"extra-{role}", slugs) for role, slugs in EXTRA.items()), ("former", FORMER), ("coming", COMING)]
    for kind, slugs in kinds:
        for slug in slugs:
            yield f"{kind}.{slug}", colleague(world, world.universities[slug])
    for university in world.members:
        yield f"deputy.{university.slug}", colleague(world, university)


def colleague(world: World, university: University, joined_as: str = JoinedAs.STAFF) -> User:
    """Somebody at `university` with an address of its invented domain, unsaved."""
    given, family = world.names.of_somebody_at(names_at(university))
    address = f"{slugify(given)}.{slugify(family)}@{own_domain(university)}"
    return _user(address, given, family, joined_as=joined_as, time_zone=university.time_zone)


def _user(email: str, given: str, family: str, joined_as: str = JoinedAs.STAFF, **more: object) -> User:
    return User(email=email, given_name=given, family_name=family, joined_as=joined_as, is_sample=True, **more)


def _keep(world: World, accounts: Iterable[tuple[str, User]]) -> None:
    accounts = list(accounts)
    save(world, [user for _key, user in accounts])
    world.people.update(accounts)


def save(world: World, users: list[User]) -> None:
    """Store accounts with the one password, hashed once, and verified addresses."""
    for user in users:
        user.password = world.password
        user.date_joined = world.calendar.at(-world.dice.randint(30, 700), world.dice.randint(7, 18))
    User.objects.bulk_create(users)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
    )
