"""Selects that many rows of a page share: what they offer is read once, and what was chosen is looked up there."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models


class KnownRows(forms.BaseInlineFormSet):
    """An inline formset that finds the row behind each hidden key among those it has read, not by a query for each."""

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        look_up_among(form.fields[self._pk_field.name], self.get_queryset())


def look_up_among(field: forms.ModelChoiceField, rows: Iterable[models.Model]) -> None:
    """Let `field` find its row among `rows` instead of asking the database for every row of a formset."""
    known = {str(row.pk): row for row in rows}

    def to_python(value: Any) -> models.Model | None:
        if value in field.empty_values:
            return None
        key = value.pk if isinstance(value, models.Model) else value
        if str(key) not in known:
            raise ValidationError(field.error_messages["invalid_choice"], code="invalid_choice", params={"value": key})
        return known[str(key)]

    # On this field alone: the class, and the list of another university, know nothing of it.
    field.to_python = to_python
