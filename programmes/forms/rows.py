"""Rows of the lists that a programme is made of; each knows itself as plain data."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import DELETION_FIELD_NAME, BaseFormSet
from django.utils.translation import gettext_lazy as _

from applications.forms.requirements import RequirementForm
from members.forms.known import look_up_among
from members.models import Field, University
from programmes.content.snapshot import plain_row
from programmes.models import PartnerRole, ProgrammeLanguage, ProgrammePartner, ProgrammeRequirement, YearlyDate

MOST_ROWS = 30
OF_UNIVERSITIES = frozenset({"university", "home", "host", "asked_by"})
BLANK = ("", "---------")


class Choices:
    """What the selects of all rows of a page share: two queries, however many rows."""

    def __init__(self, partners: Iterable[str] = ()) -> None:
        known = University.objects.filter(archived_at=None).order_by("short_name")
        self.by_slug = {place.slug: place for place in known}
        self.partners = [self.by_slug[slug] for slug in partners if slug in self.by_slug]

    @property
    def universities(self) -> list[tuple[Any, str]]:
        return [BLANK, *((place.pk, f"{place.short_name}, {place.city}") for place in self.by_slug.values())]

    @property
    def sides(self) -> list[tuple[Any, str]]:
        return [BLANK, *((place.pk, place.short_name) for place in self.partners)]

    @property
    def fields(self) -> list[tuple[Any, str]]:
        return [BLANK, *((field.pk, str(field)) for field in Field.objects.all())]

    def serve(self, form: forms.Form) -> None:
        """Let the universities that `form` names be found here, without a query for every row."""
        for name in OF_UNIVERSITIES & {*form.fields}:
            look_up_among(form.fields[name], self.by_slug.values())

    def initial(self, row: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
        """`row` of a content as a form shows it: universities by key instead of slug."""
        shown = dict(row)
        for name in names:
            place = self.by_slug.get(row.get(name) or "")
            shown[name] = place.pk if place else None
        return shown


class Row(forms.ModelForm):
    """A row of one of the content's lists; `part` names the list."""

    part = ""

    def __init__(self, *args: Any, choices: dict[str, list[tuple[Any, str]]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, options in (choices or {}).items():
            self.fields[name].widget.choices = options

    def content(self) -> dict[str, Any]:
        """The row as the content holds it; call it when the form is valid."""
        return content_of_row(self)


def content_of_row(form: forms.ModelForm) -> dict[str, Any]:
    return plain_row(form.instance, form.part)


class LanguageRow(Row):
    part = "languages"

    class Meta:
        model = ProgrammeLanguage
        fields = ["language", "cefr"]


class PartnerRow(Row):
    part = "partners"

    class Meta:
        model = ProgrammePartner
        fields = ["university", "role", "unit", "degree", "ects", "tuition_eu", "tuition_non_eu"]
        labels = {
            "tuition_eu": _("Tuition a year, EU, in euros"),
            "tuition_non_eu": _("Tuition a year, others, in euros"),
        }
        help_texts = {"tuition_eu": "", "tuition_non_eu": "", "degree": ""}


class RequirementRow(RequirementForm):
    part = "requirements"
    content = content_of_row

    class Meta(RequirementForm.Meta):
        model = ProgrammeRequirement
        fields = [*RequirementForm.Meta.fields, "asked_by"]


class DateRow(Row):
    part = "yearly_dates"

    class Meta:
        model = YearlyDate
        fields = ["what", "university", "month", "day", "until_month", "until_day"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("until_day") and not cleaned.get("until_month"):
            self.add_error("until_month", _("Give the month in which it ends."))
        return cleaned


class Rows(BaseFormSet):
    """A list of rows; rows left empty and rows taken out do not count."""

    unique: tuple[str, ...] = ()
    known: Choices | None = None
    twice = _("%(row)s stands in the list twice.")

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Remove")
        if self.known is not None:
            self.known.serve(form)

    def kept(self) -> list[Any]:
        """The forms that count, in the order of the page."""
        # Rows that stood there count though nobody touched them: the content is written as a whole.
        filled = [form for form in self.forms if form.has_changed() or form.initial]
        return [form for form in filled if not form.cleaned_data.get(DELETION_FIELD_NAME)]

    def content(self) -> list[dict[str, Any]]:
        return [form.content() for form in self.kept()]

    def clean(self) -> None:
        seen = set()
        for form in self.kept():
            row = tuple(form.cleaned_data.get(name) for name in self.unique)
            if self.unique and row in seen:
                raise ValidationError(self.twice, params={"row": str(form.instance)})
            seen.add(row)


class LanguageRows(Rows):
    unique = ("language",)


class PartnerRows(Rows):
    unique = ("university",)

    def clean(self) -> None:
        super().clean()
        roles = [form.cleaned_data.get("role") for form in self.kept()]
        if roles.count(PartnerRole.COORDINATING) > 1:
            raise ValidationError(_("One university coordinates; give the others another role."))


def rows_of(form: type[forms.ModelForm], rows: type[Rows] = Rows, *, extra: int = 1) -> type[Rows]:
    return forms.formset_factory(form, rows, extra=extra, can_delete=True, max_num=MOST_ROWS, validate_max=True)
