"""What a university types about its courses."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.academic_years import running_on, words
from members.models import Language, Term, Unit
from programmes.forms.steps import fields_by_broad
from programmes.models import Course

YEARS_BACK, YEARS_AHEAD = 10, 5


def years_around(day: date, *also: int | None) -> list[tuple[int, str]]:
    """The academic years one may name on `day`, and those in `also`."""
    running = running_on(day)
    years = {*range(running - YEARS_BACK, running + YEARS_AHEAD + 1), *(year for year in also if year)}
    return [(year, words(year)) for year in sorted(years, reverse=True)]


def one_of_the_years(label: Any, **more: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, coerce=int, empty_value=None, **more)


class CourseForm(forms.ModelForm):
    """Everything about a course but its university."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    terms = forms.MultipleChoiceField(
        label=_("Taught in the term"), choices=Term, widget=forms.CheckboxSelectMultiple,
        help_text=_("Both autumn and spring, if it is given twice; full year, if it runs through both."),
    )  # fmt: skip
    languages = forms.MultipleChoiceField(label=_("Taught in"), choices=Language, widget=forms.CheckboxSelectMultiple)
    url = forms.URLField(label=_("Page in the catalogue"), required=False, max_length=300, assume_scheme="https")
    first_year = one_of_the_years(_("First taught in"), required=False)
    last_year = one_of_the_years(
        _("Last taught in"), required=False, help_text=_("Empty as long as no end is in sight.")
    )

    class Meta:
        model = Course
        fields = [
            "code", "title", "unit", "field", "level", "ects", "terms", "languages", "open_to_exchange",
            "exchange_note", "prerequisites", "url", "first_year", "last_year",
        ]  # fmt: skip
        widgets = {
            "prerequisites": forms.Textarea(attrs={"rows": 4}),
            "ects": forms.NumberInput(attrs={"step": "0.5", "min": "0.5", "max": "60", "data-size": "short"}),
        }

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.filter(university=self.instance.university)
        self.fields["field"].widget.choices = fields_by_broad()
        for name in ("first_year", "last_year"):
            self.fields[name].choices = [("", "–"), *years_around(day, getattr(self.instance, name))]
        if self.instance.pk:
            self.initial["version"] = self.instance.version

    def clean_version(self) -> int:
        return self.cleaned_data["version"] or 0

    def _get_validation_exclusions(self) -> set[str]:
        """The university is not typed, but whether a code is taken there is told beside the form, not after it."""
        return super()._get_validation_exclusions() - {"university"}


class CloseCourseForm(forms.Form):
    last_year = one_of_the_years(_("Last taught in"))

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last_year"].choices = years_around(day)
        self.fields["last_year"].initial = running_on(day)
