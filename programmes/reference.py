"""The dual degrees of `data/dual_degrees.json` as rows: real ones as their pages tell them, samples by the convention.

What a page does not tell stays empty. Samples fill what the rules of their framework say, and are marked as samples.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from members.loading import Load, Row
from members.models import University
from members.reference_data import read
from programmes.models import (
    Diploma,
    PartnerRole,
    Pathway,
    PathwaySemester,
    Programme,
    ProgrammeKind,
    ProgrammeLanguage,
    ProgrammePartner,
    ProgrammeRequirement,
    Tuition,
    YearlyDate,
)

FILE = Path(__file__).parent / "data" / "dual_degrees.json"
Item = dict[str, Any]

KINDS = {
    "bilateral_double": ProgrammeKind.DOUBLE,
    "erasmus_double": ProgrammeKind.DOUBLE,
    "cluster_dual_doctorate": ProgrammeKind.COTUTELLE,
    "sese": ProgrammeKind.DOCTORAL,
    "seeep_summer_school": ProgrammeKind.SCHOOL,
    "unite": ProgrammeKind.JOINT,
}
GRANTS = {"erasmus": "Erasmus+ grant", "dfh": "grant of the Franco-German University (DFH)"}
SEMESTER_ECTS = 30

SAMPLE_MASTER = {
    "summary": "The first year at home, the second at the partner; both universities award their degree.",
    "description": (
        "You enrol at your home university and spend the second year at the partner. Courses taken there count at home,"
        " and the other way round. The thesis is written at the partner and supervised from both sides."
    ),
    "award": "Master of Science from each of the two universities",
    "thesis_rule": "Both supervisors confirm the topic in writing before the third semester ends.",
}
SAMPLE_DOCTORATE = {
    "summary": "One thesis with a supervisor at each university, one joint examination, a degree from both.",
    "description": (
        "Each candidate has an annex of their own that names the two supervisors, the stays at both universities and"
        " where the examination is held."
    ),
    "award": "Doctorate from each of the two universities",
    "thesis_rule": "One supervisor at each university; one public examination before a joint jury.",
}


def load(load: Load) -> None:
    """Bring this room's tables to what the file says; programmes that people made stay as they are."""
    file = read(FILE)
    places = dict(University.objects.values_list("slug", "pk"))
    names = dict(University.objects.values_list("slug", "short_name"))
    known_on = datetime.strptime(file["meta"]["as_of"], "%Y-%m").replace(tzinfo=UTC)
    frameworks = {framework["code"]: framework for framework in file["frameworks"]}
    items = file["items"]
    load.bring(
        Programme, ("slug",), [programme(item, frameworks[item["framework"]], names, known_on) for item in items]
    )
    with_ids = _with_ids(Programme, items)
    load.bring(ProgrammePartner, ("programme_id", "university_id"), _each(with_ids, partners, places))
    load.bring(ProgrammeLanguage, ("programme_id", "language"), _each(with_ids, languages, places))
    load.bring(ProgrammeRequirement, ("programme_id", "position"), _each(with_ids, requirements, places))
    load.bring(
        YearlyDate, ("programme_id", "what", "university_id", "month", "day"), _each(with_ids, yearly_dates, places)
    )
    load.bring(Pathway, ("programme_id", "key"), _each(with_ids, pathways, places))
    drawn = Pathway.objects.filter(programme__in=[pk for pk, item in with_ids.items() if item["ects_split"]])
    rows = [row for pathway in drawn for row in semesters(pathway, with_ids[pathway.programme_id])]
    load.bring(PathwaySemester, ("pathway_id", "number"), rows)


def _with_ids(model: type[Programme], items: list[Item]) -> dict[int, Item]:
    ids = dict(model.objects.values_list("slug", "pk"))
    return {ids[item["key"]]: item for item in items if item["key"] in ids}


def _each(with_ids: dict[int, Item], rows: Any, places: dict[str, int]) -> Iterator[Row]:
    for pk, item in with_ids.items():
        for row in rows(item, places):
            yield {"programme_id": pk, **row}


def programme(item: Item, framework: Item, names: dict[str, str], known_on: datetime) -> Row:
    is_sample = item["origin"] == "sample"
    ects, thesis = item["ects"], item["thesis"] or {}
    invented = SAMPLE_DOCTORATE if item["level"] == "doctorate" else SAMPLE_MASTER
    by_convention = item["framework"] in {"cluster_convention", "cluster_dual_doctorate"}
    return {
        "slug": item["key"],
        "title": item["title"] or _title(item, names),
        "kind": KINDS.get(item["framework"], ProgrammeKind.DUAL),
        "level": item["level"],
        "field_id": item["field"],
        "ects_total": ects,
        "duration_semesters": ects // SEMESTER_ECTS if ects else None,
        "framework": item["framework"],
        "diploma": _diploma(item, by_convention),
        "tuition": Tuition.HOME if framework.get("tuition_at") == "home" else "",
        "thesis_ects": thesis.get("ects"),
        "supervised_by_both": thesis.get("supervised_by_both"),
        "funding": ", ".join(GRANTS[grant] for grant in item["funding"]),
        "since": int(item["since"]) if item["since"] else None,
        "last_known_year": int(item["last_known_to_run"]) if item["last_known_to_run"] else None,
        "agreement_years": item["agreement_years"],
        "state": item["state"],
        "is_sample": is_sample,
        "published_at": known_on if item["state"] == Programme.State.PUBLISHED else None,
        **(invented if is_sample else {}),
    }


def _title(item: Item, names: dict[str, str]) -> str:
    return "Double degree of {} and {}".format(*(names[partner["university"]] for partner in item["partners"]))


def _diploma(item: Item, by_convention: bool) -> str:
    if not item["gives_degree"]:
        return Diploma.NONE
    return Diploma.SEPARATE if by_convention else ""


def partners(item: Item, places: dict[str, int]) -> Iterator[Row]:
    """In a sample the first partner coordinates; of real ones the pages do not tell who does."""
    for position, partner in enumerate(item["partners"]):
        leads = item["origin"] == "sample" and position == 0
        yield {
            "university_id": places[partner["university"]],
            "role": PartnerRole.COORDINATING if leads else partner["role"],
            "unit": partner["unit"] or "",
            "position": position,
        }


def languages(item: Item, places: dict[str, int]) -> Iterator[Row]:
    sample_level = "C1" if item["level"] == "doctorate" else "B2"
    for language in item["languages"]:
        yield {"language": language, "cefr": sample_level if item["origin"] == "sample" else ""}


def requirements(item: Item, places: dict[str, int]) -> Iterator[Row]:
    asked = item["requirements"] or (_sample_requirements(item) if item["origin"] == "sample" else [])
    for position, row in enumerate(asked):
        yield {
            "position": position,
            "asks": row["kind"],
            "number": row.get("ects"),
            "language": row.get("language", ""),
            "cefr": row.get("level", ""),
            "text": row.get("text", ""),
            "asked_by_id": places[row["at"]] if "at" in row else None,
            "is_blocking": True,
        }


def _sample_requirements(item: Item) -> list[Item]:
    """What the convention asks for: results, language, motivation."""
    language = item["languages"][0] if item["languages"] else "en"
    if item["level"] == "doctorate":
        return [
            {"kind": "language", "language": language, "level": "C1"},
            {"kind": "text", "text": "A supervisor at each of the two universities"},
        ]
    return [
        {"kind": "ects", "ects": SEMESTER_ECTS},
        {"kind": "language", "language": language, "level": "B2"},
        {"kind": "text", "text": "Results and motivation are weighed"},
    ]


def yearly_dates(item: Item, places: dict[str, int]) -> Iterator[Row]:
    for written in item["deadlines"]:
        month, day = _month_and_day(written.get("on") or written.get("from") or written.get("month"))
        until_month, until_day = _month_and_day(written.get("until"))
        yield {
            "what": written["what"],
            "university_id": places[written["university"]] if written["university"] else None,
            "month": month,
            "day": day,
            "until_month": until_month,
            "until_day": until_day,
        }


def _month_and_day(written: str | None) -> tuple[int | None, int | None]:
    """ "12-01" is (12, 1), "01" is (1, None), nothing is (None, None)."""
    month, *rest = written.split("-") if written else [None]
    return int(month) if month else None, int(rest[0]) if rest else None


def pathways(item: Item, places: dict[str, int]) -> Iterator[Row]:
    """Where the split of credits is known: from each of the two universities to the other."""
    ends = [partner["university"] for partner in item["partners"]]
    if not item["ects_split"] or len(ends) != 2:
        return
    for position, (home, host) in enumerate((ends, ends[::-1])):
        yield {
            "key": f"{home}-{host}",
            "home_id": places[home],
            "host_id": places[host],
            "position": position,
        }


def semesters(pathway: Pathway, item: Item) -> Iterable[Row]:
    """The home share first, then the host's, in semesters of 30 credits; the last one holds the thesis."""
    split, thesis = item["ects_split"], item["thesis"] or {}
    at_home, at_host = split["home"] // SEMESTER_ECTS, split["host"] // SEMESTER_ECTS
    total = at_home + at_host
    for number in range(1, total + 1):
        yield {
            "pathway_id": pathway.pk,
            "number": number,
            "university_id": pathway.home_id if number <= at_home else pathway.host_id,
            "ects": SEMESTER_ECTS,
            "what": "Thesis" if number == total and thesis.get("ects") == SEMESTER_ECTS else "",
        }
