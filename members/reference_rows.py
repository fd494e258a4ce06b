"""What the reference data files say, as rows of this room's tables."""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from members.loading import Load, Row
from members.models import (
    CharterHolder,
    Country,
    EmailDomain,
    Fact,
    Field,
    GradeScale,
    Identifier,
    Membership,
    Unit,
    University,
    UniversityName,
)
from members.reference_data import charter_holders, first_day, items, last_day

Item = dict[str, Any]


def load(load: Load) -> None:
    """Bring this room's tables to what its files say, referred-to tables first."""
    load.bring(Country, ("code",), map(country, items("countries")))
    load.bring(Field, ("code",), map(field, items("isced_f")))
    load.bring(GradeScale, ("code",), map(grade_scale, items("grade_scales")))
    load.bring(CharterHolder, ("erasmus_code",), map(charter_holder, charter_holders()))
    universities = items("universities")
    load.bring(University, ("slug",), map(university, universities))
    with_ids = _with_ids(universities)
    load.bring(Membership, ("university_id", "kind", "starts_on"), _of_each(with_ids, memberships))
    load.bring(UniversityName, ("university_id", "name"), _of_each(with_ids, names))
    load.bring(Identifier, ("university_id", "scheme"), _of_each(with_ids, identifiers))
    load.bring(Fact, ("university_id", "kind", "year"), _of_each(with_ids, facts))
    load.bring(Unit, ("university_id", "parent_id", "name"), _of_each(with_ids, units))
    _add_email_domains(load, with_ids)


def country(item: Item) -> Row:
    return {
        "code": item["code"],
        "code3": item["code3"],
        "numeric": item["numeric"] or "",
        "name": item["name"],
        "capital": item["capital"] or "",
        "in_eu": item["eu"],
        "in_ehea": item["ehea"],
        "erasmus_programme_country": item["erasmus"]["status"] != "not_associated",
        "erasmus_from": first_day(item["erasmus"].get("from")),
        "erasmus_region": item["erasmus"].get("region"),
        "horizon_status": item["horizon"]["status"],
        "horizon_from": first_day(item["horizon"].get("from")),
    }


def field(item: Item) -> Row:
    return {
        "code": item["code"],
        "depth": item["depth"],
        "parent_id": item["parent"],
        "name": item["labels"]["en"],
        "labels": item["labels"],
    }


def grade_scale(item: Item) -> Row:
    """Letters are counted: the last passing one is 1, each better one 1 more, a fail is 0."""
    letters = [grade["grade"] for grade in item["passing_grades"]] if item["type"] == "letter" else []
    best, worst, pass_mark = (len(letters), 0, 1) if letters else (item["best"], item["worst"], item["pass_mark"])
    return {
        "code": item["code"],
        "name": item["name"],
        "country_id": item["country"],
        "best": _decimal(best),
        "worst": _decimal(worst),
        "pass_mark": _decimal(pass_mark),
        "letters": letters,
    }


def charter_holder(item: dict[str, str]) -> Row:
    return {
        "erasmus_code": item["erasmus_code"],
        "pic": item["pic"],
        "oid": item["oid"],
        "name": item["name"],
        "other_name": item["other_name"],
        "city": item["city"],
        "country_id": item["country"],
        "domain": item["domain"],
        "ror": item["ror"],
        "latitude": _decimal(item["latitude"]),
        "longitude": _decimal(item["longitude"]),
        "charter_from": first_day(item["charter_from"]),
        "charter_until": last_day(item["charter_until"]),
    }


def university(item: Item) -> Row:
    unit = item["participating_unit"]
    return {
        "slug": item["slug"],
        "short_name": item["short_name"],
        "name": item["name"],
        "official_name": item["official_name"],
        "participating_unit": unit["name"] if _is_part_of_the_whole(item) else "",
        "country_id": item["country"],
        "city": item["city"],
        "latitude": _decimal(item["latitude"]),
        "longitude": _decimal(item["longitude"]),
        "time_zone": item["time_zone"],
        "website": item["website"],
        "founded": item["founded"],
        "alliance": item["alliance"]["name"] if item["alliance"] else "",
        "official_languages": item["official_languages"],
        "teaching_languages": item["teaching_languages"],
        "grade_scale_id": item["grade_scale"],
        "dual_doctorate_signatory": bool(item["dual_doctorate_signatory"]),
    }


def memberships(item: Item) -> Iterator[Row]:
    for membership in item["memberships"]:
        yield {
            "kind": membership["kind"],
            "starts_on": first_day(membership["from"]),
            "ends_on": last_day(membership["until"]),
            "note": _note_on(membership),
        }


def names(item: Item) -> Iterator[Row]:
    for name in item["names"]:
        yield {
            "name": name["name"],
            "language": name["language"],
            "starts_on": first_day(name["from"]),
            "ends_on": last_day(name["until"]),
        }


def identifiers(item: Item) -> Iterator[Row]:
    for code in item["identifiers"]:
        yield {"scheme": code["scheme"], "value": code["value"], "of_parent": code["held_by_parent"]}


def facts(item: Item) -> Iterator[Row]:
    for fact in item["facts"]:
        columns = ("kind", "value", "year", "scope", "source")
        yield {**{column: fact[column] for column in columns}, "is_stale": fact["stale"]}


def units(item: Item) -> Iterator[Row]:
    """The school through which a university takes part, or that takes part most."""
    unit = item["participating_unit"]
    if unit and unit["name"] != item["name"]:
        yield {"parent_id": None, "name": unit["name"]}


def _add_email_domains(load: Load, universities: list[tuple[int, Item]]) -> None:
    """For new universities only: whose addresses belong to a university is decided by its people afterwards."""
    new = load.added(University)
    EmailDomain.objects.bulk_create(
        [
            EmailDomain(university_id=pk, domain=item["email_domain"])
            for pk, item in universities
            if item["slug"] in new
        ],
        # A domain that its people gave to another university stays there.
        ignore_conflicts=True,
    )


def _with_ids(universities: list[Item]) -> list[tuple[int, Item]]:
    ids = dict(University.objects.values_list("slug", "pk"))
    return [(ids[item["slug"]], item) for item in universities if item["slug"] in ids]


def _of_each(universities: list[tuple[int, Item]], rows: Callable[[Item], Iterable[Row]]) -> Iterator[Row]:
    for pk, item in universities:
        for row in rows(item):
            yield {"university_id": pk, **row}


def _is_part_of_the_whole(item: Item) -> bool:
    """UCLouvain takes part through its engineering school; Técnico, a school too, is a university of its own here."""
    unit = item["participating_unit"]
    return bool(unit and unit["relation"] == "is_the_member" and unit["name"] != item["name"])


def _note_on(membership: Item) -> str:
    if "was" not in membership:
        return "" if membership["certainty"] in {"sourced", "confirmed"} else membership["certainty"].capitalize()
    since = f" from {membership['was_from']}" if "was_from" in membership else ""
    return f"{membership['was'].capitalize()}{since}, last known in {membership['last_known']}"


def _decimal(value: float | str | None) -> Decimal | None:
    return None if value in {None, ""} else Decimal(str(value))
