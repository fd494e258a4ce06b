"""Forms of one or two fields."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.models import University
from programmes.models import Programme


class NewProgrammeForm(forms.ModelForm):
    """What it takes to begin; everything else is written in the steps that follow."""

    university = forms.ModelChoiceField(
        University.objects.none(), label=_("Coordinated by"), help_text=_("It runs the applications.")
    )

    class Meta:
        model = Programme
        fields = ["title", "kind", "level"]

    def __init__(self, *args: Any, places: list[University], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["university"].queryset = University.objects.filter(pk__in=[place.pk for place in places])
        if len(places) == 1:
            self.fields["university"].initial = places[0]


class ReturnForm(forms.Form):
    comment = forms.CharField(
        label=_("What has to change?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        help_text=_("The directors of all partner universities read this."),
    )


class ArchiveForm(forms.Form):
    reason = forms.CharField(
        label=_("Why does it end?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text=_("It stays in the programme's history."),
    )
