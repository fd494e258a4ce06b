"""From rows to plain data."""

import hashlib
import json
from decimal import Decimal
from typing import Any

from django.db import models

from members.models import University
from programmes.models import Programme, ProgrammeLanguage, ProgrammePartner, ProgrammeRequirement, YearlyDate

Content = dict[str, Any]

BASICS = (
    "title", "kind", "level", "field", "summary", "description", "award", "diploma", "ects_total",
    "duration_semesters", "framework", "since", "agreement_years", "tuition", "tuition_note", "funding",
    "thesis_ects", "supervised_by_both", "thesis_rule", "website", "contact_email", "listing",
)  # fmt: skip

# The parts that are lists of rows: model, columns, and the columns by which a row is known again.
LISTS: dict[str, tuple[type[models.Model], tuple[str, ...], tuple[str, ...]]] = {
    "languages": (ProgrammeLanguage, ("language", "cefr"), ("language",)),
    "partners": (
        ProgrammePartner,
        ("university", "role", "unit", "ects", "degree", "tuition_eu", "tuition_non_eu", "position"),
        ("university",),
    ),
    "requirements": (
        ProgrammeRequirement,
        ("asks", "number", "level", "language", "cefr", "field", "home", "text", "is_blocking", "asked_by", "position"),
        # A requirement has no name of its own: it is known again by its place in the list.
        ("position",),
    ),
    "yearly_dates": (
        YearlyDate,
        ("what", "university", "month", "day", "until_month", "until_day"),
        ("what", "university", "month", "day"),
    ),
}

PARTS = ("basics", "languages", "tags", "partners", "pathways", "requirements", "yearly_dates")


def empty_content() -> Content:
    return {"basics": {}, **{part: [] for part in PARTS[1:]}}


def content_of(programme: Programme) -> Content:
    """The whole programme as plain data. Joins what it reads; eight queries where nothing was prefetched."""
    return {
        "basics": {name: plain(programme, name) for name in BASICS},
        "tags": tags_of(programme),
        "pathways": [_pathway(pathway) for pathway in _related(programme, "pathways")],
        **{part: [plain_row(row, part) for row in _related(programme, part)] for part in LISTS},
    }


def tags_of(programme: Programme) -> list[str]:
    return [tag.slug for tag in programme.tags.all()]


def completed(content: Content, programme: Programme) -> Content:
    """A version begun before programmes had tags says of them what the programme says."""
    return content if "tags" in content else {**content, "tags": tags_of(programme)}


def plain_row(row: models.Model, part: str) -> dict[str, Any]:
    """A row of one of the lists; its position is its place in the list."""
    return {name: plain(row, name) for name in LISTS[part][1] if name != "position"}


def _related(programme: Programme, part: str) -> models.QuerySet:
    joined = {
        "partners": ["university"],
        "requirements": ["home", "asked_by"],
        "yearly_dates": ["university"],
        "pathways": ["home", "host"],
    }
    rows = getattr(programme, part).select_related(*joined[part]) if part in joined else getattr(programme, part).all()
    return rows.prefetch_related("semesters__university") if part == "pathways" else rows


def _pathway(pathway: Any) -> dict[str, Any]:
    return {
        "key": pathway.key,
        "name": pathway.name,
        "home": pathway.home.slug,
        "host": pathway.host.slug,
        "semesters": [
            {"university": term.university.slug, "ects": plain(term, "ects"), "what": term.what}
            for term in pathway.terms
        ],
    }


def plain(row: models.Model, name: str) -> Any:
    """A column as JSON holds it: a university's slug, a field's code, a decimal number as text."""
    column = row._meta.get_field(name)
    if column.is_relation:
        return _name_of(row, column)
    value = getattr(row, name)
    return written(value) if isinstance(value, Decimal) else value


def _name_of(row: models.Model, column: Any) -> str | None:
    if column.related_model is University:
        place = getattr(row, column.name)
        return place.slug if place else None
    return getattr(row, column.attname)


def written(number: Decimal) -> str:
    """A decimal number without idle zeros: "30", "7.5"."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def fingerprint(part: Any) -> str:
    """A short name for one state of a part: who saves over another state than the one they saw is told."""
    return hashlib.sha256(json.dumps(part, sort_keys=True).encode()).hexdigest()[:16]


def slugs_of(content: Content) -> list[str | None]:
    """Every university that `content` names, some more than once; None stands where none is named."""
    found = [row["university"] for part in ("partners", "yearly_dates") for row in content[part]]
    found += [row[name] for row in content["requirements"] for name in ("home", "asked_by")]
    for pathway in content["pathways"]:
        found += [pathway["home"], pathway["host"], *(term["university"] for term in pathway["semesters"])]
    return found
