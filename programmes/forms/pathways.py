"""Pathways as a form: from where to where, and each semester's place, credits and content."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from programmes.content.snapshot import written
from programmes.forms.rows import Choices, Rows
from programmes.models import Pathway, PathwaySemester

MOST_SEMESTERS = 12
MOST_PATHWAYS = 12


class PathwayRow(forms.ModelForm):
    """One pathway; the semester fields are called `place_1`, `ects_1`, `what_1` and so on."""

    key = forms.SlugField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Pathway
        fields = ["key", "home", "host", "name"]

    def __init__(self, *args: Any, choices: Choices, semesters: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places, self.numbers = choices, range(1, semesters + 1)
        for name in ("home", "host"):
            self.fields[name].widget.choices = choices.sides
        choices.serve(self)
        for number in self.numbers:
            self._add_semester(number)

    def _add_semester(self, number: int) -> None:
        named = {"number": number}
        sides = [(slug, place) for slug, place in self.places.by_slug.items() if place in self.places.partners]
        self.fields[f"place_{number}"] = forms.ChoiceField(
            label=_("Semester %(number)s, place") % named,
            # By slug, as the content names places; the two ends of a pathway are fields of the model and named by key.
            choices=[("", "---------"), *((slug, place.short_name) for slug, place in sides)],
            required=False,
        )
        self.fields[f"ects_{number}"] = PathwaySemester._meta.get_field("ects").formfield(
            label=_("Semester %(number)s, ECTS credits") % named,
            min_value=0,
            max_value=60,
            step_size=Decimal("0.5"),
        )
        self.fields[f"what_{number}"] = PathwaySemester._meta.get_field("what").formfield(
            label=_("Semester %(number)s, what") % named
        )

    @property
    def is_spare(self) -> bool:
        """A row that nobody has written into yet."""
        return self.empty_permitted and not self.has_changed()

    @property
    def semesters(self) -> list[dict[str, Any]]:
        """The fields of each semester, for the template."""
        names = ("place", "ects", "what")
        return [{"number": n, **{name: self[f"{name}_{n}"] for name in names}} for n in self.numbers]

    @property
    def main_fields(self) -> list[Any]:
        return [self["home"], self["host"], self["name"]]

    def clean(self) -> dict[str, Any]:
        """A semester with credits or content has a place, and no semester is left out before a later one."""
        cleaned = super().clean()
        used = [n for n in self.numbers if any(cleaned.get(f"{name}_{n}") for name in ("place", "ects", "what"))]
        for number in range(1, max(used, default=0) + 1):
            if not cleaned.get(f"place_{number}") and f"place_{number}" not in self.errors:
                self.add_error(f"place_{number}", _("Say where this semester is spent."))
        return cleaned

    def content(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        home, host = cleaned["home"].slug, cleaned["host"].slug
        return {
            # Once given it stays, whatever the name becomes: seats and applications hang on it.
            "key": cleaned["key"] or slugify(f"{home}-{host} {cleaned['name']}")[:80].strip("-"),
            "name": cleaned["name"],
            "home": home,
            "host": host,
            "semesters": [self._semester(n) for n in self.numbers if cleaned[f"place_{n}"]],
        }

    def _semester(self, number: int) -> dict[str, Any]:
        ects = self.cleaned_data[f"ects_{number}"]
        return {
            "university": self.cleaned_data[f"place_{number}"],
            "ects": None if ects is None else written(ects),
            "what": self.cleaned_data[f"what_{number}"],
        }


class PathwayRows(Rows):
    """Two pathways between the same universities need a name each: by it they are told apart."""

    def clean(self) -> None:
        keys = [form.content()["key"] for form in self.kept() if form.is_valid()]
        if len(keys) > len(set(keys)):
            raise ValidationError(_("Two pathways lead from and to the same university; give one of them a name."))


PathwayFormSet = forms.formset_factory(
    PathwayRow, PathwayRows, extra=1, can_delete=True, max_num=MOST_PATHWAYS, validate_max=True
)


def initial_pathway(row: dict[str, Any], choices: Choices) -> dict[str, Any]:
    """A pathway of the content as the form shows it."""
    shown = {**choices.initial(row, ("home", "host")), "key": row["key"], "name": row["name"]}
    shown.pop("semesters")
    for number, term in enumerate(row["semesters"], start=1):
        shown |= {f"place_{number}": term["university"], f"ects_{number}": term["ects"], f"what_{number}": term["what"]}
    return shown
