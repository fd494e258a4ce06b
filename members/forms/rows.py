"""The small lists on a university's page: one part, one page, one formset."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.forms.documents import DocumentForm
from members.forms.known import KnownRows, look_up_among
from members.models import Contact, EmailDomain, Fact, Identifier, Membership, Picture, Unit, University, UniversityName
from members.models.details import is_old

MOST_ROWS = 200
YEAR = RegexValidator(r"^\d{4}(/\d{2})?\Z", _("Write a year like 2027, or an academic year like 2027/28."))


def date_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class IdentifierForm(forms.ModelForm):
    class Meta:
        model = Identifier
        fields = ["scheme", "value", "of_parent"]


class NameForm(forms.ModelForm):
    class Meta:
        model = UniversityName
        fields = ["name", "language", "starts_on", "ends_on"]
        widgets = {"starts_on": date_input(), "ends_on": date_input()}


class OfThisUniversity(forms.ModelForm):
    """A form whose choice of units is that of the university alone, read once for all rows (`units`)."""

    def __init__(self, *args: Any, units: list[Unit], **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("unit", "parent"):
            if name in self.fields:
                self.fields[name].queryset = Unit.objects.filter(pk__in=[unit.pk for unit in units])
                look_up_among(self.fields[name], units)
                self.fields[name].choices = [("", "–"), *((unit.pk, unit.name) for unit in units)]


class ContactForm(OfThisUniversity):
    class Meta:
        model = Contact
        fields = ["purpose", "name", "email", "phone", "link", "unit", "audience", "starts_on", "ends_on"]
        widgets = {"starts_on": date_input(), "ends_on": date_input()}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not any(cleaned.get(way) for way in ("email", "phone", "link")):
            raise forms.ValidationError(_("Give an e-mail address, a telephone number or a page."))
        return cleaned


class UnitForm(OfThisUniversity):
    class Meta:
        model = Unit
        fields = ["name", "code", "parent", "website"]


class FactForm(forms.ModelForm):
    class Meta:
        model = Fact
        fields = ["kind", "value", "year", "scope", "source"]
        help_texts = {"scope": _("Such as: all campuses, doctoral students included.")}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["year"].validators.append(YEAR)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("year"):
            self.instance.is_stale = is_old(cleaned["year"], timezone.localdate())
        return cleaned


class MembershipForm(forms.ModelForm):
    class Meta:
        model = Membership
        fields = ["kind", "starts_on", "ends_on", "note"]
        widgets = {"starts_on": date_input(), "ends_on": date_input()}


class DomainForm(forms.ModelForm):
    class Meta:
        model = EmailDomain
        fields = ["domain"]


class PictureForm(forms.ModelForm):
    class Meta:
        model = Picture
        fields = ["alt", "credit", "position"]
        widgets = {"position": forms.NumberInput(attrs={"data-size": "short"})}


@dataclass(frozen=True)
class Part:
    """One list of rows on the edit pages. `curators` parts are the secretariat's."""

    key: str
    label: Any
    intro: Any
    related: str
    form: type[forms.ModelForm]
    add_label: Any = ""
    curators: bool = False
    of_units: bool = False
    extra: int = 1

    @property
    def is_tree(self) -> bool:
        return self.form is UnitForm

    def formset(self, university: University, data: Any = None) -> forms.BaseInlineFormSet:
        """The formset of this part for `university`, bound when `data` is given."""
        made = forms.inlineformset_factory(
            University,
            self.form.Meta.model,
            form=self.form,
            formset=UnitRows if self.is_tree else KnownRows,
            extra=self.extra,
            max_num=MOST_ROWS,
            validate_max=True,
        )
        options = {"form_kwargs": {"units": list(university.units.all())}} if self.of_units else {}
        return made(data, instance=university, prefix=self.key, queryset=self.rows(university), **options)

    def rows(self, university: University) -> Any:
        return getattr(university, self.related).order_by("pk")


class UnitRows(KnownRows):
    """The tree stays a tree: no unit below itself, and a unit goes only with, or after, the units below it."""

    def clean(self) -> None:
        super().clean()
        rows = {row.instance.pk: row for row in self.initial_forms if hasattr(row, "cleaned_data")}
        leaving = {row.instance.pk for row in self.deleted_forms}
        parents = {pk: row.cleaned_data.get("parent") for pk, row in rows.items() if pk not in leaving}
        for pk, parent in parents.items():
            if parent is None:
                continue
            if parent.pk in leaving:
                raise forms.ValidationError(
                    _("“%(parent)s” cannot go while “%(child)s” is part of it."),
                    params={"parent": parent.name, "child": rows[pk].instance.name},
                )
            if stands_below(parent.pk, pk, {key: unit.pk for key, unit in parents.items() if unit}):
                raise forms.ValidationError(
                    _("“%(parent)s” cannot be above “%(child)s”: it stands below it."),
                    params={"parent": parent.name, "child": rows[pk].instance.name},
                )

    def save(self, commit: bool = True) -> list[Unit]:
        """What goes together goes from below, because a unit is protected while another one is part of it."""
        saved = super().save(commit)
        above = {unit.pk: unit.parent_id for unit in self.deleted_objects}
        self.deleted_objects.sort(key=lambda unit: sum(stands_below(unit.pk, pk, above) for pk in above), reverse=True)
        return saved


def stands_below(unit: int, above: int, parents: dict[int, int]) -> bool:
    """Whether `unit` is `above` itself, or one goes up from it to `above`; safe in a tree that is broken already."""
    seen = set()
    while unit not in seen:
        if unit == above:
            return True
        seen.add(unit)
        unit = parents.get(unit, unit)
    return False


PARTS = {
    part.key: part
    for part in (
        Part(
            "identifiers", _("Codes"),
            _("How registers and systems know your university. Each code is checked by the rule of its kind."),
            "identifiers", IdentifierForm, _("Add a code"),
        ),
        Part(
            "names", _("Names"),
            _("Names it bore or bears besides the ones in the profile: people who search for them find the page."),
            "names", NameForm, _("Add a name"),
        ),
        Part(
            "contacts", _("Contacts"),
            _("Offices outlive persons. Visitors without an account write through a form and never see the address."),
            "contacts", ContactForm, _("Add a contact"), of_units=True,
        ),
        Part(
            "units", _("Units"),
            _("Faculties, schools, departments, laboratories, as a tree. Save a unit before you put others below it."),
            "units", UnitForm, _("Add a unit"), of_units=True,
        ),
        Part(
            "facts", _("Numbers"),
            _("Each number with its year and source. One older than three years is marked as old."),
            "facts", FactForm, _("Add a number"),
        ),
        Part(
            "memberships", _("Membership"),
            _("What the university is, or was, to the consortium. Empty days are open or not known."),
            "memberships", MembershipForm, _("Add a membership"), curators=True,
        ),
        Part(
            "domains", _("E-mail domains"),
            _("Students with a verified address in one of these belong to the university without asking the office."),
            "email_domains", DomainForm, _("Add a domain"), curators=True,
        ),
    )
}  # fmt: skip
DOCUMENTS = Part("documents", _("Documents"), "", "documents", DocumentForm, extra=0)
PICTURES = Part("pictures", _("Pictures"), "", "pictures", PictureForm, extra=0)
