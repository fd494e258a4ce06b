"""The factsheet with its deadlines per term, typed and read in the host's own time zone."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.forms.known import KnownRows
from members.forms.rows import date_input
from members.models import Factsheet, FactsheetTerm

DAYS = ["nominations_close_at", "applications_close_at", "arrival_on", "teaching_from", "teaching_until"]
PARAGRAPHS = ["arrival", "housing", "visa", "insurance", "language", "transcripts"]


def moment_input() -> forms.DateTimeInput:
    return forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})


class FactsheetForm(forms.ModelForm):
    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Factsheet
        fields = [*PARAGRAPHS, "website"]
        widgets = {name: forms.Textarea(attrs={"rows": 4}) for name in PARAGRAPHS}
        help_texts = {
            "arrival": _("When and where to arrive, welcome days, who meets the students."),
            "housing": _("How to get a room, by when, what it costs a month."),
            "visa": _("Who needs one, how long it takes, what you send."),
            "insurance": _("What is needed, what is accepted."),
            "language": _("What students must show, which courses you offer."),
            "transcripts": _("How grades are given, when the transcript is sent."),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["version"].initial = self.instance.version


class TermForm(forms.ModelForm):
    class Meta:
        model = FactsheetTerm
        fields = ["academic_year", "term", *DAYS]
        widgets = {
            "academic_year": forms.NumberInput(attrs={"data-size": "short"}),
            "nominations_close_at": moment_input(),
            "applications_close_at": moment_input(),
            "arrival_on": date_input(),
            "teaching_from": date_input(),
            "teaching_until": date_input(),
        }

    def clean(self) -> dict[str, Any]:
        """Days far from the academic year are slips of the keyboard."""
        cleaned = super().clean()
        year = cleaned.get("academic_year")
        if year is not None and not 2000 <= year <= 2100:
            self.add_error(
                "academic_year", _("%(year)s is not an academic year; write 2027 for 2027/28.") % {"year": year}
            )
        elif year is not None:
            self._check_days(cleaned, year)
        return cleaned

    def _check_days(self, cleaned: dict[str, Any], year: int) -> None:
        for name in DAYS:
            value = cleaned.get(name)
            if value is not None and not year - 2 <= value.year <= year + 2:
                self.add_error(
                    name,
                    _("%(day)s does not belong to %(year)s/%(next)02d.")
                    % {"day": value.strftime("%d.%m.%Y"), "year": year, "next": (year + 1) % 100},
                )


TermFormSet = forms.inlineformset_factory(
    Factsheet, FactsheetTerm, form=TermForm, formset=KnownRows, extra=1, max_num=60
)
