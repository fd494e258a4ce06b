"""The steps in which a programme is written. A step shows parts of a content and gives them back, changed."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from members.forms.tags import TagsField
from members.models import Field, Tag
from programmes.content import BASICS, Content, fingerprint
from programmes.content.snapshot import plain
from programmes.forms.pathways import MOST_SEMESTERS, PathwayFormSet, initial_pathway
from programmes.forms.rows import (
    OF_UNIVERSITIES,
    Choices,
    DateRow,
    LanguageRow,
    LanguageRows,
    PartnerRow,
    PartnerRows,
    RequirementRow,
    Rows,
    rows_of,
)
from programmes.models import Programme

USUAL_SEMESTERS = 4
YEARS = {"since": (1950, 2100), "agreement_years": (1, 50)}


class BasicsForm(forms.ModelForm):
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")

    class Meta:
        model = Programme
        fields = list(BASICS)
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 2}),
            "description": forms.Textarea(attrs={"rows": 8}),
            "thesis_rule": forms.Textarea(attrs={"rows": 4}),
            "supervised_by_both": forms.NullBooleanSelect,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field"].widget.choices = fields_by_broad()
        for name, (least, most) in YEARS.items():
            self.fields[name].validators += [MinValueValidator(least), MaxValueValidator(most)]
            self.fields[name].widget.attrs |= {"min": least, "max": most}

    def content(self) -> dict[str, Any]:
        return {name: plain(self.instance, name) for name in BASICS}


class TagsForm(forms.Form):
    tags = TagsField()

    def __init__(self, *args: Any, held: list[str], **kwargs: Any) -> None:
        super().__init__(*args, initial={"tags": held}, **kwargs)
        self.fields["tags"].offer(Tag.objects.to_choose(Tag.Scope.PARTNERSHIPS, held))

    def content(self) -> list[str]:
        return [tag.slug for tag in self.cleaned_data["tags"]]


def fields_by_broad() -> list[Any]:
    """Narrow and detailed fields under the name of their broad field: one query."""
    rows = list(Field.objects.all())
    groups: dict[str, list[tuple[str, str]]] = {row.name: [] for row in rows if row.depth == Field.Depth.BROAD}
    broad = {row.code: row.name for row in rows if row.depth == Field.Depth.BROAD}
    for row in rows:
        if row.depth != Field.Depth.BROAD:
            groups.setdefault(broad.get(row.code[:2], row.code[:2]), []).append((row.code, str(row)))
    return [("", "---------"), *groups.items()]


class Step:
    """One page of the form. `parts` are the parts of the content it writes, `template` draws its forms."""

    key = ""
    label: Any = ""
    parts: tuple[str, ...] = ()

    def __init__(self, content: Content, data: Any = None) -> None:
        self.stored, self.data = content, data

    @property
    def template(self) -> str:
        return f"programmes/_step_{self.key}.html"

    @cached_property
    def choices(self) -> Choices:
        return Choices(row["university"] for row in self.stored["partners"])

    @property
    def seen(self) -> str:
        """The name of the state that this page shows; who saves names it again."""
        # Of these parts alone: two people may write two steps at once without being in each other's way.
        return fingerprint({part: self.stored[part] for part in self.parts})

    @property
    def forms(self) -> dict[str, Any]:
        raise NotImplementedError

    def is_valid(self) -> bool:
        return all(form.is_valid() for form in self.forms.values())

    def lock(self) -> None:
        """Show everything, let nothing be typed."""
        for form in self.forms.values():
            for row in getattr(form, "forms", [form]):
                for field in row.fields.values():
                    field.disabled = True

    def content(self) -> Content:
        return {part: self.forms[part].content() for part in self.parts}

    def _rows(self, part: str, factory: type[Rows], **kwargs: Any) -> Rows:
        """The formset of a list of the content."""
        names = [name for name in OF_UNIVERSITIES if any(name in row for row in self.stored[part])]
        initial = [self.choices.initial(row, names) for row in self.stored[part]]
        rows = factory(self.data, initial=initial, prefix=part, form_kwargs=kwargs)
        rows.known = self.choices
        return rows


class BasicsStep(Step):
    key, label, parts = "basics", _("The programme"), ("basics", "languages", "tags")

    @cached_property
    def forms(self) -> dict[str, Any]:
        languages = rows_of(LanguageRow, LanguageRows)(self.data, initial=self.stored["languages"], prefix="languages")
        return {
            "basics": BasicsForm(self.data, initial=self.stored["basics"], prefix="basics"),
            "languages": languages,
            "tags": TagsForm(self.data, held=self.stored["tags"], prefix="tags"),
        }


class PartnersStep(Step):
    key, label, parts = "partners", _("Partners"), ("partners",)

    @cached_property
    def forms(self) -> dict[str, Any]:
        factory = rows_of(PartnerRow, PartnerRows, extra=1 if len(self.stored["partners"]) > 1 else 2)
        return {"partners": self._rows("partners", factory, choices={"university": self.choices.universities})}


class PathwaysStep(Step):
    key, label, parts = "pathways", _("Where one studies when"), ("pathways",)

    @property
    def semesters(self) -> int:
        """As many as the programme has, or as the longest pathway has already."""
        longest = max((len(row["semesters"]) for row in self.stored["pathways"]), default=0)
        return min(MOST_SEMESTERS, max(self.stored["basics"].get("duration_semesters") or USUAL_SEMESTERS, longest))

    @cached_property
    def forms(self) -> dict[str, Any]:
        initial = [initial_pathway(row, self.choices) for row in self.stored["pathways"]]
        kwargs = {"choices": self.choices, "semesters": self.semesters}
        return {"pathways": PathwayFormSet(self.data, initial=initial, prefix="pathways", form_kwargs=kwargs)}


class RequirementsStep(Step):
    key, label, parts = "requirements", _("Requirements and dates"), ("requirements", "yearly_dates")

    @cached_property
    def forms(self) -> dict[str, Any]:
        sides = self.choices.sides
        choices = {"field": self.choices.fields, "home": self.choices.universities, "asked_by": sides}
        return {
            "requirements": self._rows("requirements", rows_of(RequirementRow), choices=choices),
            "yearly_dates": self._rows("yearly_dates", rows_of(DateRow), choices={"university": sides}),
        }


STEPS: dict[str, type[Step]] = {step.key: step for step in (BasicsStep, PartnersStep, PathwaysStep, RequirementsStep)}
