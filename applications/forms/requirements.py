"""Rows that say what is asked of an applicant, for a round and for anything that can be chosen."""

from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from applications.eligibility import plain
from applications.models import Requirement
from members.models import Field, University

Asks = Requirement.Asks

# What each kind of requirement is made of; the other columns of the row stay empty.
MADE_OF = {
    Asks.LEVEL: ("level",),
    Asks.SEMESTER: ("number",),
    Asks.ECTS: ("number",),
    Asks.GRADE: ("number",),
    Asks.LANGUAGE: ("language", "cefr"),
    Asks.FIELD: ("field",),
    Asks.HOME: ("home",),
    Asks.TEXT: ("text",),
}
PARTS = ("number", "level", "language", "cefr", "field", "home", "text")
EMPTY = {"number": None, "field": None, "home": None}


class RequirementForm(forms.ModelForm):
    """One requirement; the style sheet shows only the fields that the chosen kind is made of."""

    class Meta:
        fields = ["asks", *PARTS, "is_blocking"]
        widgets = {"number": forms.NumberInput(attrs={"min": 0, "step": "any"})}
        labels = {"is_blocking": _("Needed to apply")}
        help_texts = {"number": "", "field": ""}

    def __init__(self, *args: Any, choices: dict[str, list[tuple[Any, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, options in choices.items():
            # On the widget only: the field itself still looks up what was sent, so nothing gets in that is not there.
            self.fields[name].widget.choices = options
        if self.instance.number is not None:
            self.initial["number"] = plain(self.instance.number)
        self.fields["asks"].choices = [("", _("Choose what is asked")), *Asks.choices]

    def clean(self) -> dict[str, Any]:
        """Say at the field what is missing, and empty what this kind of requirement does not use."""
        cleaned = super().clean()
        wanted = MADE_OF.get(cleaned.get("asks"), PARTS)
        for name in PARTS:
            if name not in wanted:
                self._errors.pop(name, None)  # a wrong value where nothing is asked for is no error
                cleaned[name] = EMPTY.get(name, "")
            elif cleaned.get("asks") and name not in self._errors and cleaned.get(name) in (None, ""):
                self.add_error(name, _("Fill this in: the requirement is made of it."))
        number = cleaned.get("number")
        if cleaned.get("asks") == Asks.GRADE and number is not None and number > 100:
            self.add_error("number", _("%(number)s is above 100, the best grade.") % {"number": number})
        return cleaned


class RequirementFormSet(forms.BaseInlineFormSet):
    """All rows share one list of fields and one of universities: two queries, however many rows."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return super().get_form_kwargs(index) | {"choices": self._choices}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        blank = [("", "---------")]
        self._choices = {
            "field": blank + [(field.pk, str(field)) for field in Field.objects.all()],
            "home": blank + [(row.pk, row.short_name) for row in University.objects.filter(archived_at=None)],
        }
        super().__init__(*args, **kwargs)

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Remove")

    def wanted(self) -> list[Model]:
        """The rows to keep, unsaved, in the order of the page; call it when the set is valid."""
        gone = set(self.deleted_forms)
        filled = [form for form in self.forms if form not in gone and (form.has_changed() or form.instance.pk)]
        return [form.instance for form in filled]


def requirement_formset(parent: type[Model], rows: type[Model], *, extra: int = 1) -> type[RequirementFormSet]:
    """The formset of the requirement rows `rows` of a `parent`."""
    return forms.inlineformset_factory(
        parent, rows, form=RequirementForm, formset=RequirementFormSet, extra=extra, max_num=30, validate_max=True
    )
