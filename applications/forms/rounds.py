"""What a desk types about its round: basics and window, requirements, documents, rubric, letters, a later closing."""

import re
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from applications.forms.moments import LocalMomentField, at_zone, shown_at, zone_choices
from applications.forms.requirements import requirement_formset
from applications.models import Criterion, DocumentRequirement, LetterTemplate, Round, RoundRequirement
from members.models import University

RoundRequirements = requirement_formset(Round, RoundRequirement, extra=2)
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
LONGEST_WINDOW_DAYS = 400  # beyond a year and a month the year was mistyped


def year_choices(day: date, *also: int | None) -> list[tuple[int, str]]:
    years = {*range(day.year - 1, day.year + 4), *(year for year in also if year)}
    return [(year, f"{year}/{(year + 1) % 100:02d}") for year in sorted(years)]


class RoundForm(forms.ModelForm):
    """Title, introduction, what it is for, and the window on the clock of the round's own zone."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    academic_year = forms.TypedChoiceField(label=_("Academic year"), coerce=int)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices)
    opens_local = LocalMomentField(label=_("Opens"))
    closes_local = LocalMomentField(label=_("Closes"), help_text=_("The server decides, to the second."))

    class Meta:
        model = Round
        fields = [
            "title", "introduction", "academic_year", "term", "for_own_students",
            "time_zone", "max_choices", "answer_days", "motivation_words", "appeal_days", "appeal_answer_days",
        ]  # fmt: skip
        widgets = {"introduction": forms.Textarea(attrs={"rows": 6})}
        help_texts = {
            "introduction": _("Who may apply, for what, and what happens afterwards."),
            "answer_days": _("Counted from the release of the decisions, to the end of the last day in this zone."),
            "appeal_days": _("Monday to Friday, counted from the release to the end of the last day. 0: no appeals."),
            "appeal_answer_days": _("Monday to Friday, counted from the appeal."),
            "max_choices": _("How many places one student may rank."),
        }

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["academic_year"].choices = year_choices(day, self.instance.academic_year)
        zone = self.instance.time_zone or self.instance.university.time_zone
        self.initial.setdefault("time_zone", zone)
        self.initial["time_zone"] = self.initial["time_zone"] or zone
        self.initial["opens_local"] = shown_at(self.instance.opens_at, zone)
        self.initial["closes_local"] = shown_at(self.instance.closes_at, zone)
        if self.instance.pk:
            self.initial["version"] = self.instance.version
        if self.instance.state != Round.State.DRAFT:
            self._fix_what_was_announced()

    def _fix_what_was_announced(self) -> None:
        """A published window is moved by acts of its own, with a reason; what it is for stays."""
        for name in ("academic_year", "term", "for_own_students", "time_zone", "opens_local", "closes_local"):
            self.fields[name].disabled = True  # whatever is sent for it, Django keeps what stands

    def clean_version(self) -> int:
        return self.cleaned_data["version"] or 0

    def clean(self) -> dict[str, Any]:
        """Make moments of the two hours, each wrong one told at its field; one not touched keeps its seconds."""
        cleaned = super().clean()
        zone = cleaned.get("time_zone")
        for local, moment in (("opens_local", "opens_at"), ("closes_local", "closes_at")):
            if zone and cleaned.get(local) and {local, "time_zone"} & {*self.changed_data}:
                try:
                    setattr(self.instance, moment, at_zone(cleaned[local], zone))
                except ValidationError as wrong:
                    self.add_error(local, wrong)
        if self.instance.opens_at and self.instance.closes_at and not self.errors:
            self._check_window(self.instance.opens_at, self.instance.closes_at)
        return cleaned

    def _check_window(self, opens_at: datetime, closes_at: datetime) -> None:
        if closes_at <= opens_at:
            self.add_error("closes_local", _("The round must close after it opens."))
        elif (closes_at - opens_at).days > LONGEST_WINDOW_DAYS:
            self.add_error("closes_local", _("More than a year after it opens: check the year."))


class NewRoundForm(RoundForm):
    """A round that does not stand yet: also by whom it is run."""

    university = forms.ModelChoiceField(University.objects.none(), label=_("Run by"))

    def __init__(self, *args: Any, desks: list[University], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["university"].queryset = University.objects.filter(pk__in=[desk.pk for desk in desks])
        self.fields["university"].initial = self.instance.university

    def clean_university(self) -> University:
        # By hand: it is no field of the model's form, and the model's own checks want it.
        self.instance.university = self.cleaned_data["university"]
        return self.cleaned_data["university"]


class DocumentForm(forms.ModelForm):
    class Meta:
        model = DocumentRequirement
        fields = ["name", "help", "needed"]


class CriterionForm(forms.ModelForm):
    class Meta:
        model = Criterion
        fields = ["name", "help", "max_points"]


class OrderedFormSet(forms.BaseInlineFormSet):
    """Rows in the order of the page; the position is written, never typed."""

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Remove")

    def wanted(self) -> list[Any]:
        """The rows to keep, unsaved, each with its position; call it when the set is valid."""
        gone = set(self.deleted_forms)
        kept = [form for form in self.forms if form not in gone and (form.has_changed() or form.instance.pk)]
        for position, form in enumerate(kept, start=1):
            form.instance.position = position
        return [form.instance for form in kept]


def _ordered(model: type, form: type, extra: int) -> type[OrderedFormSet]:
    return forms.inlineformset_factory(
        Round, model, form=form, formset=OrderedFormSet, extra=extra, max_num=20, validate_max=True
    )


RoundDocuments = _ordered(DocumentRequirement, DocumentForm, 2)
RoundCriteria = _ordered(Criterion, CriterionForm, 2)


class LettersForm(forms.Form):
    """Subject and body for each outcome; empty ones fall back to the house's own letter."""

    def __init__(self, *args: Any, letters: dict[str, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for outcome, (subject, body) in letters.items():
            name = LetterTemplate.Outcome(outcome).label
            self.fields[f"{outcome}_subject"] = forms.CharField(
                label=_("Subject"), max_length=160, initial=subject, required=False
            )
            self.fields[f"{outcome}_body"] = forms.CharField(
                label=_("Letter: %(outcome)s") % {"outcome": name}, initial=body, required=False,
                widget=forms.Textarea(attrs={"rows": 10}), max_length=8000,
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Every placeholder is one that can be filled in; subject and body come together."""
        cleaned = super().clean()
        for name, text in list(cleaned.items()):
            unknown = sorted({word for word in PLACEHOLDER.findall(text) if word not in LetterTemplate.PLACEHOLDERS})
            if unknown:
                known = ", ".join(f"{{{word}}}" for word in LetterTemplate.PLACEHOLDERS)
                words = {"unknown": ", ".join(f"{{{word}}}" for word in unknown), "known": known}
                self.add_error(name, _("%(unknown)s cannot be filled in; known are %(known)s.") % words)
        for outcome in LetterTemplate.Outcome.values:
            subject, body = cleaned.get(f"{outcome}_subject"), cleaned.get(f"{outcome}_body")
            told = {f"{outcome}_subject", f"{outcome}_body"} & {*self.errors}  # what is wrong is not empty
            if bool(subject) != bool(body) and not told:
                empty = f"{outcome}_body" if subject else f"{outcome}_subject"
                self.add_error(empty, _("Write subject and letter, or empty both to use the house's letter."))
        return cleaned

    def letters(self) -> dict[str, tuple[str, str]]:
        """What was written, by outcome; call it when the form is valid."""
        cleaned = self.cleaned_data
        return {
            outcome: (cleaned[f"{outcome}_subject"], cleaned[f"{outcome}_body"])
            for outcome in LetterTemplate.Outcome.values
        }


class LaterClosingForm(forms.Form):
    """A later closing, on the clock of the round's zone, with the reason that its page shows."""

    closes_local = LocalMomentField(label=_("New closing"))
    reason = forms.CharField(
        label=_("Why"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Shown on the round's page."),
    )  # fmt: skip

    def __init__(self, *args: Any, round: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.round = round
        self.fields["closes_local"].help_text = _("By the clock in %(zone)s.") % {"zone": round.time_zone}

    def clean_closes_local(self) -> datetime:
        """The moment itself, aware."""
        return at_zone(self.cleaned_data["closes_local"], self.round.time_zone)


class CloneForm(forms.Form):
    academic_year = forms.TypedChoiceField(label=_("For the academic year"), coerce=int)

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["academic_year"].choices = year_choices(day)
