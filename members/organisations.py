"""Which known organisations are near to what is typed: those of the directory and every charter holder."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Max

from members.lookalikes import Candidate, LookAlike, LookAlikes
from members.models import CharterHolder, Country, Identifier, University, UniversityName

OURS, REGISTER = "ours:", "register:"


@dataclass(frozen=True)
class Near:
    """A known organisation: `university` where it stands in the directory, else `erasmus_code` of the register."""

    name: str
    city: str
    country: str
    university: University | None
    erasmus_code: str


def near_organisations(name: str, *, city: str = "", country: str = "", limit: int = 6) -> list[Near]:
    """Known organisations whose name is near to `name`, the nearest first; `country` is an ISO code.

    Four queries and a few milliseconds; the index is built again (about a second) after names changed.
    """
    if len(name.strip()) < 3:
        return []
    found = index(*_state()).find(name, city=city, country=country, limit=limit)
    codes = [one.key.removeprefix(REGISTER) for one in found if one.key.startswith(REGISTER)]
    held = {
        code.value: code.university
        for code in Identifier.objects.filter(scheme="erasmus", value__in=codes).select_related("university")
    }
    slugs = [one.key.removeprefix(OURS) for one in found if one.key.startswith(OURS)]
    ours = {university.slug: university for university in University.objects.filter(slug__in=slugs)}
    names = dict(Country.objects.filter(code__in={one.country for one in found}).values_list("code", "name"))
    return _each_once([_near(one, ours, held, names) for one in found])


def _near(one: LookAlike, ours: dict[str, University], held: dict[str, University], countries: dict[str, str]) -> Near:
    code = one.key.removeprefix(REGISTER) if one.key.startswith(REGISTER) else ""
    university = held.get(code) if code else ours.get(one.key.removeprefix(OURS))
    return Near(one.name, one.city, countries.get(one.country, one.country), university, code)


def _each_once(found: list[Near]) -> list[Near]:
    """A university that is also in the register is shown once."""
    seen: set[int] = set()
    kept = []
    for one in found:
        if one.university is None or one.university.pk not in seen:
            kept.append(one)
        if one.university is not None:
            seen.add(one.university.pk)
    return kept


def _state() -> tuple[int, int | None, int | None]:
    """Changes whenever a name may have: the index belongs to it."""
    last = [
        model.pgh_event_model.objects.aggregate(last=Max("pgh_id"))["last"] for model in (University, UniversityName)
    ]
    # The register has no history of its own; a load that changes it adds or removes holders.
    return CharterHolder.objects.count(), last[0], last[1]


# One: the state only moves on, so an index of an earlier one is never asked for again.
@lru_cache(maxsize=1)
def index(holders: int, last_university: int | None, last_name: int | None) -> LookAlikes:
    return LookAlikes(_candidates())


def _candidates() -> Iterator[Candidate]:
    # The archived ones too: whoever types such a name wants to bring it back, not to enter it a second time.
    for slug, city, country, *names in University.objects.values_list(
        "slug", "city", "country_id", "name", "official_name", "short_name"
    ):
        yield from ((f"{OURS}{slug}", name, city, country) for name in names if name)
    others = UniversityName.objects.values_list(
        "university__slug", "name", "university__city", "university__country_id"
    )
    yield from ((f"{OURS}{slug}", name, city, country) for slug, name, city, country in others)
    holders = CharterHolder.objects.values_list("erasmus_code", "name", "other_name", "city", "country_id")
    for code, name, other_name, city, country in holders:
        yield from ((f"{REGISTER}{code}", known, city, country) for known in (name, other_name) if known)
