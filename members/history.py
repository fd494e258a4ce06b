"""What changed on a university's page, field by field: read from the history that triggers keep."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.formats import date_format, localize
from django.utils.text import capfirst
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import gettext as _
from pghistory.models import Events

from members import academic_years
from members.models import (
    Contact,
    EmailDomain,
    Fact,
    Factsheet,
    FactsheetTerm,
    Identifier,
    Membership,
    Picture,
    Tag,
    Unit,
    University,
    UniversityDocument,
    UniversityName,
    UniversityTag,
    User,
)
from members.zones import written

MODELS = [
    University, Identifier, UniversityName, Contact, Unit, Fact, Factsheet, Membership, EmailDomain, Picture,
    UniversityTag, UniversityDocument,
]  # fmt: skip
LONGEST = 160
Things = dict[str, dict[int, str]]
# What only the portal reads; who confirmed a page is told better by the log of acts.
NOT_TOLD = {
    "version",
    "id",
    "university_id",
    "factsheet_id",
    "width",
    "height",
    "confirmed_by_id",
    "is_sample",
    "reference",
    "sha256",
    "size",
    "content_type",
    "uploaded_by_id",
    "uploaded_at",
}


@dataclass(frozen=True)
class Change:
    """One field before and after; for a row that came or went only one of them is filled."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """One row that somebody changed, at one moment."""

    at: datetime
    who: str
    what: str
    verb: str
    changes: list[Change]


def events_of(university: University) -> QuerySet[Events]:
    """Every change to the university and to the rows of its page, the newest first."""
    names = [model.pgh_event_model._meta.label for model in [*MODELS, FactsheetTerm]]
    sheets = Factsheet.objects.filter(university=university).values_list("pk", flat=True)
    own = Q(pgh_obj_model=University._meta.label, pgh_obj_id=str(university.pk))
    rows = Q(pgh_data__university_id=university.pk)
    terms = Q(pgh_obj_model=FactsheetTerm._meta.label, pgh_data__factsheet_id__in=list(sheets))
    # By the slug too: all rows of one transaction were written at the same moment.
    return Events.objects.across(*names).filter(own | rows | terms).order_by("-pgh_created_at", "-pgh_slug")


def entries_of(events: list[Events]) -> list[Entry]:
    """Events in words; three queries at most for the people and things they name."""
    people, things = _people(events), _things(events)
    return [entry for entry in (_entry(event, people, things) for event in events) if entry.changes]


def _people(events: list[Events]) -> dict[int, str]:
    # SQL by hand has no context, and that of a load names nobody: only a request says who is there.
    keys = {(event.pgh_context or {}).get("user") for event in events} - {None}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=keys)}


def _things(events: list[Events]) -> Things:
    """Names of the units and tags that rows point to, by column.

    A unit that is gone is told by its number, a tag by the label it had at last: merging takes tags away, and the
    history still tells who carried them.
    """
    units = Unit.objects.filter(pk__in=_keys(events, "unit_id", "parent_id")).values_list("pk", "name")
    tags = Tag.pgh_event_model.objects.filter(id__in=_keys(events, "tag_id")).order_by("pgh_id")
    of_units = dict(units)
    return {"unit_id": of_units, "parent_id": of_units, "tag_id": dict(tags.values_list("id", "label"))}


def _keys(events: list[Events], *columns: str) -> set[int]:
    return {event.pgh_data.get(name) for event in events for name in columns} - {None}


def _entry(event: Events, people: dict[int, str], things: Things) -> Entry:
    model = apps.get_model(event.pgh_obj_model)
    user = (event.pgh_context or {}).get("user")
    return Entry(
        at=event.pgh_created_at,
        who=people.get(user, _("the portal")),
        what=_title(model, event.pgh_data),
        verb={"insert": _("added"), "delete": _("removed")}.get(event.pgh_label, _("changed")),
        changes=_changes(model, event, things),
    )


def _title(model: type[models.Model], data: dict[str, Any]) -> str:
    kind = capfirst(model._meta.verbose_name)
    if model is FactsheetTerm:
        return f"{kind} “{FactsheetTerm(academic_year=data['academic_year'], term=data['term'])}”"
    for name in ("title", "name", "value", "domain", "alt", "kind", "academic_year"):
        if data.get(name) and model is not University:
            return f"{kind} “{_text(model, name, data[name], {})}”"
    return kind if model is not University else _("Profile")


def _changes(model: type[models.Model], event: Events, things: Things) -> list[Change]:
    if event.pgh_label == "insert":
        pairs = {name: (None, value) for name, value in event.pgh_data.items()}
    elif event.pgh_label == "delete":
        pairs = {name: (value, None) for name, value in event.pgh_data.items()}
    else:
        pairs = event.pgh_diff or {}
    return [
        Change(_label(model, name), _text(model, name, before, things), _text(model, name, after, things))
        for name, (before, after) in pairs.items()
        if name not in NOT_TOLD and (before or after)
    ]


def _field(model: type[models.Model], column: str) -> models.Field | None:
    return next((field for field in model._meta.concrete_fields if field.attname == column), None)


def _label(model: type[models.Model], column: str) -> str:
    field = _field(model, column)
    return capfirst(field.verbose_name) if field else column


def _text(model: type[models.Model], column: str, value: Any, things: Things) -> str:
    """A stored value in words, shortened; nothing is an empty text."""
    if value in (None, "", []):
        return ""
    field = _field(model, column)
    if isinstance(field, models.FileField):
        return _("a file")
    if column == "academic_year":
        return academic_years.words(value)
    if column in things:
        return things[column].get(value, str(value))
    if isinstance(value, list):
        text = ", ".join(_word(getattr(field, "base_field", None), each) for each in value)
    else:
        text = _word(field, value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _word(field: models.Field | None, value: Any) -> str:
    choices = dict(field.flatchoices) if field is not None and field.choices else {}
    return str(choices.get(value, _read(field, value)))


def _read(field: models.Field | None, value: Any) -> str:
    """A value as the history keeps it (JSON), as people read it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(field, models.DateTimeField):
        return written(field.to_python(value), get_current_timezone_name(), "j M Y, H:i")
    if isinstance(field, models.DateField):
        return date_format(field.to_python(value), "j M Y")
    return value if isinstance(value, str) else str(localize(value))


def last_change_of(model: type[models.Model]) -> models.Subquery:
    """When a row of `model` last changed, for an annotation: its triggers wrote it down."""
    events = model.pgh_event_model.objects.filter(pgh_obj=models.OuterRef("pk")).order_by("-pgh_id")
    return models.Subquery(events.values("pgh_created_at")[:1])
