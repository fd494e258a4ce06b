"""Where the rooms that offer something to choose say how it is reached, what is asked, and what a desk may take up."""

from collections.abc import Callable, Collection, Iterable

from django.db.models import QuerySet

from applications.models.options import Option, Requirement
from applications.models.rounds import Round
from members.models import StudentProfile, University

RequirementProvider = Callable[[Collection[int]], dict[int, Iterable[Requirement]]]

Barred = Callable[[StudentProfile], QuerySet[Option]]

ForOthers = Callable[[Collection[University]], QuerySet[Option]]

Choosable = Callable[[Round], QuerySet[Option]]

_choosable: dict[str, Choosable] = {}
_addresses: dict[str, Callable[[Option], str]] = {}
_requirements: dict[str, RequirementProvider] = {}
_barred: dict[str, Barred] = {}
_for_others: dict[str, ForOthers] = {}


def register_address(kind: str, address: Callable[[Option], str]) -> None:
    """Announce the address of the page that shows an option of `kind`; it must not query."""
    _addresses[kind] = address


def register_requirements(kind: str, provider: RequirementProvider, barred: Barred) -> None:
    """Announce what the room asks beyond the option's own rows: `provider(option pks)` answers per pk, in one query.

    `barred(profile)` is the same rule as a set: the options where something that the room asks speaks against the
    student, so that a list can be narrowed without judging row by row.
    """
    _requirements[kind], _barred[kind] = provider, barred


def register_for_others(kind: str, for_others: ForOthers) -> None:
    """Announce `for_others(homes)`: the options of `kind` that no student of any of `homes` may choose.

    A round of which nothing else can be chosen is not for these students, whoever runs it; it must not query.
    """
    _for_others[kind] = for_others


def options_for_others(homes: Collection[University]) -> dict[str, QuerySet[Option]]:
    """By kind, the options that no student of any of `homes` may choose; kinds in which everybody may are left out."""
    return {kind: for_others(homes) for kind, for_others in _for_others.items()}


def register_choosable(kind: str, choosable: Choosable) -> None:
    """Announce `choosable(round)`: the options that the desk of a round may put up for choice, taken up or not.

    Without one the options of a round come with it (a dual degree's seats come from its intake).
    """
    _choosable[kind] = choosable


def choosable_in(round: Round) -> QuerySet[Option] | None:
    """The options that may be put up for choice in `round`; None where the desk does not choose them."""
    choosable = _choosable.get(round.kind)
    return choosable(round) if choosable else None


def address_of(option: Option) -> str:
    """The page of `option` in its room; empty while no room has announced one."""
    address = _addresses.get(option.kind)
    return address(option) if address else ""


def requirements_from_rooms(kind: str, options: Collection[int]) -> dict[int, list[Requirement]]:
    """What the room of `kind` asks beyond the options' own rows, by the pk of the option."""
    provider = _requirements.get(kind)
    return {pk: list(rows) for pk, rows in provider(options).items()} if provider and options else {}


def not_barred_by_rooms(kind: str, options: QuerySet[Option], profile: StudentProfile) -> QuerySet[Option]:
    """Narrow `options` to those where nothing that the room of `kind` asks speaks against this student; no query."""
    barred = _barred.get(kind)
    return options.exclude(pk__in=barred(profile).values("pk")) if barred else options
