"""Forms of one or two fields."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from members.models import University
from practices.models import Adoption, EvidenceFile


class BeginForm(forms.Form):
    """What it takes to begin; everything else is written on the next page."""

    title = forms.CharField(
        label=_("Title"), max_length=140, help_text=_("What you do, in a few words: “Thesis topics from the city”.")
    )
    university = forms.ModelChoiceField(University.objects.none(), label=_("University"), empty_label=None)

    def __init__(self, *args: Any, places: list[University], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["university"].queryset = University.objects.filter(pk__in=[place.pk for place in places])


class FileForm(forms.ModelForm):
    class Meta:
        model = EvidenceFile
        fields = ["file", "label", "audience"]
        labels = {"file": _("File")}
        help_texts = {"file": _("PDF, PNG or JPEG, up to 10 MB."), "label": _("“Survey of 2026, 212 answers”.")}
        widgets = {"file": forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["label"].required = False  # the name of the file serves (add_file)


class WhyForm(forms.Form):
    """Why the curators do not publish it, or not yet. It stands beside `NoteForm` on one page, so its ids differ."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="why_%s", **kwargs)

    comment = forms.CharField(
        label=_("What has to change, or why not"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The writers read this."),
    )  # fmt: skip


class NoteForm(forms.Form):
    comment = forms.CharField(
        label=_("Comment for readers"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("It stands beside the practice with your name. You may leave it empty."),
    )  # fmt: skip


class ArchiveForm(forms.Form):
    reason = forms.CharField(
        label=_("Why does it end?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stays in the practice's history."),
    )  # fmt: skip


class QuestionForm(forms.Form):
    text = forms.CharField(
        label=_("Your question"), max_length=4000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("The contact reads it with your name and e-mail address, and answers you directly."),
    )  # fmt: skip


class AdoptionForm(forms.ModelForm):
    """Since when, what was changed, what came of it; `places` are those one may speak for."""

    university = forms.ModelChoiceField(University.objects.none(), label=_("University"), empty_label=None)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Adoption
        fields = ["since", "changed", "result"]
        widgets = {
            "since": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "changed": forms.Textarea(attrs={"rows": 5}),
            "result": forms.Textarea(attrs={"rows": 5}),
        }
        help_texts = {"since": _("The first day; roughly is good enough.")}

    def __init__(self, *args: Any, places: list[University], day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day = day
        if self.instance.pk:
            del self.fields["university"]
            self.initial["version"] = self.instance.version
        else:
            self.fields["university"].queryset = University.objects.filter(pk__in=[place.pk for place in places])
            del self.fields["version"]

    def clean_since(self) -> date:
        since = self.cleaned_data["since"]
        if since > self.day:
            raise ValidationError(_("This day is still to come; say it once you use the practice."))
        if since.year < 1950:
            raise ValidationError(_("%(year)d is too long ago to be right.") % {"year": since.year})
        return since
