"""When two people edited the same page: both versions beside each other, and a form that still holds what was typed."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models
from django.forms.models import InlineForeignKeyField
from django.http import QueryDict
from django.utils.formats import localize

NOTHING = "–"


@dataclass(frozen=True)
class Versions:
    """One thing that differs: what is stored now, and what this person typed."""

    label: str
    theirs: str
    mine: str


def text_of(field: forms.Field, value: Any) -> str:
    """A value of a form field as people read it."""
    if value in (None, "", []):
        return NOTHING
    if isinstance(value, list | tuple):
        return ", ".join(text_of(field, item) for item in value)
    choices = dict(getattr(field, "choices", ())) if not isinstance(field, forms.ModelChoiceField) else {}
    return str(choices.get(value, localize(value)))


def versions_of_form(form: forms.ModelForm, stored: models.Model, **beside: Any) -> list[Versions]:
    """The fields in which the valid `form` and the `stored` row differ; `beside` are what is stored outside the row."""
    found = []
    stored_values = {name: getattr(stored, name) for name in form._meta.fields} | beside
    for name, value in stored_values.items():
        if name not in form.fields:  # left out where it cannot be changed now, as the window of a public round
            continue
        field = form.fields[name]
        theirs, mine = text_of(field, value), text_of(field, form.cleaned_data[name])
        if theirs != mine:
            found.append(Versions(str(form[name].label), theirs, mine))
    return found


def still_typed(form: forms.ModelForm, version: int) -> QueryDict:
    """What was typed in `form`, now on top of `version`."""
    data = form.data.copy()
    data[form.add_prefix("version")] = str(version)
    return data


def line_of(row: forms.ModelForm, values: dict[str, Any]) -> str:
    """One row of a list as a few lines of "label: value"; empty fields are left out."""
    shown = {
        name: row.fields[name] for name in row._meta.fields if not isinstance(row.fields[name], InlineForeignKeyField)
    }
    texts = [(str(field.label), text_of(field, values.get(name))) for name, field in shown.items()]
    return "\n".join(f"{label}: {text}" for label, text in texts if text != NOTHING)


def versions_of_rows(posted: forms.BaseInlineFormSet, fresh: forms.BaseInlineFormSet) -> list[Versions]:
    """The rows in which the valid formset `posted` and `fresh`, the same over the rows stored now, differ."""
    mine = {row.instance.pk: row for row in posted.initial_forms}
    found = []
    for row in fresh.initial_forms:
        theirs = line_of(row, {name: getattr(row.instance, name) for name in row._meta.fields})
        # What is left in `mine` at the end was removed by the other person meanwhile.
        typed = mine.pop(row.instance.pk, None)
        text = NOTHING if typed is None or typed in posted.deleted_forms else line_of(typed, typed.cleaned_data)
        if text != theirs:
            found.append(Versions(str(row.instance), theirs, text))
    added = [*mine.values(), *(row for row in posted.extra_forms if row.has_changed())]
    found += [Versions(str(row.instance), NOTHING, line_of(row, row.cleaned_data)) for row in added]
    return found


def rows_still_typed(posted: forms.BaseInlineFormSet, fresh: forms.BaseInlineFormSet) -> dict[str, str]:
    """Data for a formset over the rows stored now: this person's values where they had the row, theirs where new."""
    mine = {row.instance.pk: row for row in posted.initial_forms}
    stored = fresh.initial_forms
    blocks = [_typed(mine.pop(row.instance.pk)) if row.instance.pk in mine else _shown(row) for row in stored]
    added = [*mine.values(), *(row for row in posted.extra_forms if row.has_changed())]
    # Without its key, which is gone: saved again, the row is a new one.
    blocks += [_typed(row) | {"id": ""} for row in added if row not in posted.deleted_forms]
    start = posted.prefix
    data = {f"{start}-{number}-{name}": value for number, block in enumerate(blocks) for name, value in block.items()}
    return data | {f"{start}-TOTAL_FORMS": str(len(blocks)), f"{start}-INITIAL_FORMS": str(len(stored))}


def _typed(row: forms.ModelForm) -> dict[str, Any]:
    start = f"{row.prefix}-"
    return {name.removeprefix(start): value for name, value in row.data.items() if name.startswith(start)}


def _shown(row: forms.ModelForm) -> dict[str, Any]:
    """What the browser would send of an untouched row."""
    sent = {}
    for name, field in row.fields.items():
        value = field.prepare_value(row.get_initial_for_field(field, name))
        if isinstance(field, forms.BooleanField):
            sent |= {name: "on"} if value else {}
        else:
            sent[name] = str(getattr(value, "pk", value)) if value is not None else ""
    return sent
