"""What an office types about its exchange places."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from applications.forms.requirements import requirement_formset
from applications.models import OptionRequirement
from exchange.models import Placement
from members.academic_years import running_on, words
from members.forms.sheets import SheetForm
from members.models import Contact, Field, Language, Unit, University

PlacementRequirements = requirement_formset(Placement, OptionRequirement, extra=2)


def years_around(day: date, *also: int | None) -> list[tuple[int, str]]:
    """The academic years one may offer places for on `day`, and those in `also`."""
    years = {*range(day.year - 1, day.year + 4), *(year for year in also if year)}
    return [(year, words(year)) for year in sorted(years)]


def fields_by_broad() -> list[Any]:
    """Detailed fields under the name of their broad field, for a select; one query."""
    rows = list(Field.objects.all())
    broad = {row.code: row.name for row in rows if row.depth == Field.Depth.BROAD}
    groups: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        if row.depth == Field.Depth.DETAILED:
            groups.setdefault(broad.get(row.code[:2], row.code[:2]), []).append((row.code, str(row)))
    return [("", "---------"), *groups.items()]


class PlacementForm(forms.ModelForm):
    """Everything about a placement but its host, its state and its requirements."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    academic_year = forms.TypedChoiceField(label=_("Academic year"), coerce=int)
    languages = forms.MultipleChoiceField(
        label=_("Taught in"), choices=Language, widget=forms.CheckboxSelectMultiple, required=False
    )

    class Meta:
        model = Placement
        fields = [
            "title", "description", "field", "level", "languages", "unit", "unit_name", "courses_url",
            "academic_year", "term", "months", "starts_on", "ends_on",
            "places", "only_partners", "ects_min", "ects_max",
            "contact", "contact_name", "contact_email", "contact_audience",
        ]  # fmt: skip
        widgets = {
            "starts_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "ends_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "only_partners": forms.CheckboxSelectMultiple,
            "description": forms.Textarea(attrs={"rows": 6}),
        }
        labels = {"contact": _("Contact of your office")}
        error_messages = {"places": {"min_value": _("Offer at least one place.")}}

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        host = self.instance.host
        self.fields["academic_year"].choices = years_around(day, self.instance.academic_year)
        self.fields["field"].queryset = Field.objects.detailed()
        self.fields["field"].widget.choices = fields_by_broad()
        self.fields["unit"].queryset = Unit.objects.filter(university=host)
        # What stands stays choosable after its time, or saving another field would take it out without a word.
        own, members = Contact.objects.filter(university=host), University.objects.in_consortium(day)
        self.fields["contact"].queryset = own.filter(
            Q(pk__in=own.in_force(day).values("pk")) | Q(pk=self.instance.contact_id)
        )
        self.fields["only_partners"].queryset = University.objects.filter(
            Q(pk__in=members.values("pk")) | Q(pk__in=self._partners_now())
        ).exclude(pk=host.pk)  # its own students study there already
        if self.instance.pk:
            self.initial["version"] = self.instance.version
        elif not self.instance.academic_year:
            self.initial["academic_year"] = running_on(day) + 1  # places are offered for the year to come

    def _partners_now(self) -> QuerySet:
        if self.instance.pk is None:
            return University.objects.none()
        return Placement.only_partners.through.objects.filter(placement=self.instance).values("university")

    def clean_version(self) -> int:
        return self.cleaned_data["version"] or 0


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is it withdrawn?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The students who chose it and their home offices read this."),
    )


class CopyForm(forms.Form):
    """One placement for another year."""

    academic_year = forms.TypedChoiceField(label=_("For the academic year"), coerce=int)

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["academic_year"].choices = years_around(day)


class CopyYearForm(forms.Form):
    """All placements of a host's year for another year."""

    host = forms.ModelChoiceField(University.objects.none(), label=_("Of"))
    from_year = forms.TypedChoiceField(label=_("From the academic year"), coerce=int)
    to_year = forms.TypedChoiceField(label=_("To the academic year"), coerce=int)

    def __init__(self, *args: Any, day: date, hosts: list[University], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["host"].queryset = University.objects.filter(pk__in=[host.pk for host in hosts])
        self.fields["from_year"].choices = self.fields["to_year"].choices = years_around(day)
        self.initial = {"from_year": running_on(day), "to_year": running_on(day) + 1} | self.initial
        if len(hosts) == 1:
            self.fields["host"].initial = hosts[0]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("from_year") and cleaned.get("from_year") == cleaned.get("to_year"):
            raise ValidationError({"to_year": _("Choose another year than the one you copy from.")})
        return cleaned


class ImportForm(SheetForm):
    host = forms.ModelChoiceField(University.objects.none(), label=_("Places of"), to_field_name="slug")

    field_order = ["host"]

    def __init__(self, *args: Any, hosts: list[University], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["host"].queryset = University.objects.filter(pk__in=[host.pk for host in hosts])
        if len(hosts) == 1:
            self.fields["host"].initial = hosts[0].slug
