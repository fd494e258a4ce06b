"""What people type about calls and interests."""

from datetime import UTC
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from applications.forms.moments import LocalMomentField, at_zone, shown_at, zone_choices
from funding.models import Call, CallStage, FundingProgramme, Interest, Part, PartnerType, Scope
from funding.models.calls import BRUSSELS
from funding.models.rules import MOST_ORGANISATIONS
from members.models import Field, University

KIND = "needs_"
LONGEST_LINE = 300
LONGEST_WORD = 60
MOST_WORDS = 12


class LinesField(forms.CharField):
    """Several sentences, one in each line."""

    widget = forms.Textarea(attrs={"rows": 4})

    def to_python(self, value: Any) -> list[str]:
        lines = [line.strip() for line in super().to_python(value).splitlines() if line.strip()]
        for line in lines:
            if len(line) > LONGEST_LINE:
                raise ValidationError(
                    _("“%(line)s…” is longer than %(most)d letters."), params={"line": line[:40], "most": LONGEST_LINE}
                )
        return lines

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or []) != self.to_python(data)


class WordsField(forms.CharField):
    """Several keywords with commas between them; each once."""

    def to_python(self, value: Any) -> list[str]:
        words = list(dict.fromkeys(word.strip() for word in super().to_python(value).split(",") if word.strip()))
        for word in words:
            if len(word) > LONGEST_WORD:
                raise ValidationError(
                    _("“%(word)s…” is longer than %(most)d letters; put commas between keywords."),
                    params={"word": word[:30], "most": LONGEST_WORD},
                )
        if len(words) > MOST_WORDS:
            raise ValidationError(_("Give %(most)d keywords at most."), params={"most": MOST_WORDS})
        return words

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or []) != self.to_python(data)


class CallForm(forms.ModelForm):
    """Everything about a call but its stages, its office and its state."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    scopes = forms.MultipleChoiceField(
        label=_("Which countries count"), choices=Scope, widget=forms.CheckboxSelectMultiple, required=False
    )
    conditions = LinesField(label=_("Further conditions"), required=False, help_text=_("One in each line."))

    class Meta:
        model = Call
        fields = [
            "programme", "action_type", "topic", "title", "summary", "fields", "official_url",
            "budget_total", "projects_expected", "budget_min", "budget_max", "rate", "rate_note", "months_min",
            "months_max", "trl_from", "trl_to",
            "has_own_rules", "min_organisations", "max_organisations", "min_countries", "min_member_states",
            "min_in_scope", "scopes", "independent", "coordinator_rule", "conditions",
        ]  # fmt: skip
        widgets = {"summary": forms.Textarea(attrs={"rows": 5}), "fields": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fields"].queryset = Field.objects.filter(depth=Field.Depth.BROAD)
        self.fields["programme"].queryset = FundingProgramme.objects.all()
        for kind in PartnerType:
            self.fields[f"{KIND}{kind.value}"] = forms.IntegerField(
                label=kind.label[0].upper() + kind.label[1:], required=False, min_value=1, max_value=MOST_ORGANISATIONS,
                initial=self.instance.partner_types.get(kind.value),
            )  # fmt: skip
        if self.instance.pk:
            self.initial["version"] = self.instance.version

    def fields_of_study(self) -> str:
        """The group of the field that is called as a form calls all of its fields; a template cannot reach it."""
        return self["fields"].as_field_group()

    def kinds(self) -> list[forms.BoundField]:
        """The numbers of each kind of organisation, for the page."""
        return [self[f"{KIND}{kind.value}"] for kind in PartnerType]

    def clean_version(self) -> int:
        return self.cleaned_data["version"] or 0

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        asked = {kind.value: cleaned.get(f"{KIND}{kind.value}") for kind in PartnerType}
        # By hand: one column, a field for each kind. So no form checks it, but the act does (clean_or_refuse).
        self.instance.partner_types = {kind: number for kind, number in asked.items() if number}
        return cleaned


class StageForm(forms.ModelForm):
    """One stage; the hours are on the clock of its zone."""

    opens_at = LocalMomentField(label=_("Opens"), required=False)
    deadline = LocalMomentField(label=_("Deadline"), required=False)

    class Meta:
        model = CallStage
        fields = ["name", "opens_at", "deadline", "time_zone", "note"]

    def __init__(self, *args: Any, zones: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"] = forms.ChoiceField(
            label=_("On the clock of"), choices=zones, initial=BRUSSELS, required=False
        )
        self.order_fields(self._meta.fields)
        for name in ("opens_at", "deadline"):
            shown = shown_at(getattr(self.instance, name), self.instance.time_zone)
            self.initial[name] = shown or None

    def clean_time_zone(self) -> str:
        return self.cleaned_data["time_zone"] or BRUSSELS

    def clean(self) -> dict[str, Any]:
        """Make moments of the hours, in UTC; what is wrong with an hour is said at its field."""
        cleaned = super().clean()
        for name in ("opens_at", "deadline"):
            if cleaned.get(name) and cleaned.get("time_zone"):
                try:
                    cleaned[name] = at_zone(cleaned[name], cleaned["time_zone"]).astimezone(UTC)
                except ValidationError as error:
                    self.add_error(name, error)
        return cleaned


class StageFormSet(forms.BaseInlineFormSet):
    """All rows share one list of zones."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._zones = zone_choices()
        super().__init__(*args, **kwargs)

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return super().get_form_kwargs(index) | {"zones": self._zones}

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Remove")

    def wanted(self) -> list[CallStage]:
        """The rows to keep, unsaved, in the order of the page; call it when the set is valid."""
        gone = set(self.deleted_forms)
        # Stored rows count though nobody touched them: the act takes out what is not in the list.
        filled = [form for form in self.forms if form not in gone and (form.has_changed() or form.instance.pk)]
        return [form.instance for form in filled]


CallStages = forms.inlineformset_factory(
    Call, CallStage, form=StageForm, formset=StageFormSet, extra=2, max_num=6, validate_max=True
)


class SendBackForm(forms.Form):
    reason = forms.CharField(
        label=_("What is missing?"), max_length=600, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The grant office that proposed the call reads this."),
    )  # fmt: skip


class InterestForm(forms.ModelForm):
    """What somebody wants to be in a consortium, and what they bring."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    expertise = WordsField(
        label=_("What you bring"), help_text=_("Keywords with commas between them: power electronics, digital twins.")
    )

    class Meta:
        model = Interest
        fields = ["university", "part", "expertise", "person_months", "message"]
        widgets = {
            "part": forms.RadioSelect,
            "message": forms.Textarea(attrs={"rows": 5}),
            "person_months": forms.NumberInput(attrs={"data-size": "short"}),
        }

    def __init__(self, *args: Any, universities: list[University], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["university"].queryset = University.objects.filter(pk__in=[row.pk for row in universities])
        self.fields["part"].choices = Part.choices
        # Of several none is chosen beforehand: the wrong one would be told to the others at once.
        if len(universities) == 1 and not self.instance.pk:
            self.initial["university"] = universities[0].pk
        if self.instance.pk:
            self.initial["version"] = self.instance.version
            self.fields["university"].disabled = True  # for another one there is another interest

    def clean_version(self) -> int:
        return self.cleaned_data["version"] or 0
