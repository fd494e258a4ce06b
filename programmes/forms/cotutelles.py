"""What the candidate writes into a cotutelle, the papers, and the few words of each decision."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from members.forms.rows import date_input
from members.models import University
from programmes.actions.cotutelles import MOST_SUPERVISORS, WRITTEN
from programmes.forms.steps import fields_by_broad
from programmes.models import Cotutelle, CotutelleFile, CotutelleSupervisor, Programme, ProgrammeKind, Side

PDF_INPUT = {"accept": ".pdf,application/pdf"}


class PlaceChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: University) -> str:
        return f"{obj.name} ({obj.short_name})" if obj.short_name != obj.name else obj.name


class CotutelleForm(forms.ModelForm):
    """Kept as typed, complete or not; what is missing is told on the file's page before the opening is requested."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    partner = PlaceChoice(University.objects.none(), label=_("Partner university"))

    class Meta:
        model = Cotutelle
        fields = list(WRITTEN)
        widgets = {
            "motivation": forms.Textarea(attrs={"rows": 9}),
            "starts_on": date_input(),
            "ends_on": date_input(),
            "home_months": forms.NumberInput(attrs={"data-size": "short"}),
            "partner_months": forms.NumberInput(attrs={"data-size": "short"}),
        }
        help_texts = {
            "field": _("By ISCED-F, as precise as you can."),
            "programme": _("Where the two universities have an agreement on dual doctorates; else leave it empty."),
            "motivation": _("What the partner brings that home cannot: people, laboratories, data, a field of study."),
            "diploma": _("What the two universities give at the end. The convention settles it."),
        }

    def __init__(self, *args: Any, home: University, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version
        chosen = Q(pk=self.instance.partner_id)
        present = University.objects.in_consortium(day).exclude(pk=home.pk).values("pk")
        self.fields["partner"].queryset = University.objects.filter(Q(pk__in=present) | chosen).order_by("name")
        if self.instance.requested_at is not None:
            self.fields["partner"].disabled = True
            self.fields["partner"].help_text = _(
                "Has this file already; to ask another one, withdraw it and begin anew."
            )
        for name in ("home_months", "partner_months"):  # validators of columns run in _post_clean, which does nothing
            self.fields[name].validators += Cotutelle._meta.get_field(name).validators
        self.fields["field"].widget.choices = fields_by_broad()
        doctorates = Programme.objects.in_catalogue().filter(kind=ProgrammeKind.COTUTELLE).with_a_side_at([home])
        named = Q(pk=self.instance.programme_id)  # archived since, it stays named until the candidate changes it
        offered = Programme.objects.filter(Q(pk__in=doctorates.values("pk")) | named)
        self.fields["programme"].queryset = offered.prefetch_related("partners__university")
        self.fields["programme"].label_from_instance = lambda row: f"{row.title}, {row.partner_line}"
        self.fields["programme"].empty_label = _("none")
        self.fields["defence_side"].choices = [
            ("", _("not settled")), (Side.HOME, home.short_name), (Side.PARTNER, _("at the partner")),
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and starts >= ends:
            self.add_error("ends_on", _("The planned end lies before the beginning."))
        programme, partner = cleaned.get("programme"), cleaned.get("partner")
        if programme and partner and partner not in {side.university for side in programme.sides}:
            self.add_error("programme", _("%(partner)s takes no part in this dual doctorate.") % {"partner": partner})
        self._check_months(starts, ends)
        return cleaned

    def _check_months(self, starts: date | None, ends: date | None) -> None:
        """The time at both sides fits into the period; a month more or less is rounding."""
        months = [self.cleaned_data.get(f"{side}_months") for side in Side]
        if not (starts and ends and all(months)) or starts >= ends:
            return
        length = round((ends - starts).days / 30.44)  # days of a month on the average of 400 years: 146097 / 4800
        if sum(months) > length + 1:
            words = {"sum": sum(months), "length": length}
            said = _("Both stays are %(sum)d months; from the beginning to the end there are %(length)d.") % words
            self.add_error("partner_months", said)

    @property
    def words(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in WRITTEN}

    def _post_clean(self) -> None:
        """The action writes the row under its lock, so the form leaves the instance alone."""


class SupervisorForm(forms.ModelForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail address"), required=False)

    class Meta:
        model = CotutelleSupervisor
        fields = ["side", "name", "email"]

    def __init__(self, *args: Any, usual_side: str = Side.HOME, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"use_required_attribute": False})
        if not kwargs.get("initial"):
            self.initial["side"] = usual_side

    def has_changed(self) -> bool:
        """A side alone, without a name or an address, is an empty row."""
        said = {"name", "email"} & {*self.changed_data}
        return bool(said) or (bool(self.initial.get("name")) and super().has_changed())

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class SupervisorRows(BaseFormSet):
    """Empty rows offer one side after the other, since both need a supervisor."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return super().get_form_kwargs(index) | {"usual_side": Side.PARTNER if index and index % 2 else Side.HOME}


SupervisorFormSet = formset_factory(
    SupervisorForm, formset=SupervisorRows, extra=2, max_num=MOST_SUPERVISORS, validate_max=True, can_delete=True
)


def supervisors_of(cotutelle: Cotutelle | None) -> list[dict[str, str]]:
    """The rows that are there already."""
    if cotutelle is None:
        return []
    return list(cotutelle.supervisors.values("side", "name", "email"))


def supervisors_in_words(rows: list[dict[str, str]]) -> str:
    told = (f"{row['name']} <{row['email']}>" if row["email"] else row["name"] for row in rows)
    return "; ".join(sorted(told))


def typed_supervisors(formset: Any) -> list[dict[str, str]]:
    """The rows that are filled in and stay."""
    kept = [form.cleaned_data for form in formset.forms if form not in formset.deleted_forms]
    return [{name: row[name] for name in ("side", "name", "email")} for row in kept if row.get("name")]


class PaperForm(forms.Form):
    """One PDF of a kind that the person may send now."""

    kind = forms.ChoiceField(label=_("What it is"))
    file = forms.FileField(label=_("File"), help_text=_("PDF."), widget=forms.FileInput(attrs=PDF_INPUT))

    def __init__(self, *args: Any, kinds: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind, CotutelleFile.Kind(kind).label) for kind in kinds]


class WhyForm(forms.Form):
    reason = forms.CharField(
        label=_("Why?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The candidate and both universities read this."),
    )  # fmt: skip


class WhyNotForm(forms.Form):
    reason = forms.CharField(
        label=_("Why?"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Both universities read this."),
    )  # fmt: skip


class DefenceForm(forms.Form):
    defended_on = forms.DateField(label=_("Day of the defence"), widget=date_input())


class SignedForm(forms.Form):
    """The convention with the day on which each side signed it."""

    home_signed_on = forms.DateField(widget=date_input())
    partner_signed_on = forms.DateField(widget=date_input())
    file = forms.FileField(
        label=_("Signed convention"),
        help_text=_("One PDF with all signatures."),
        widget=forms.FileInput(attrs=PDF_INPUT),
    )

    def __init__(self, *args: Any, cotutelle: Cotutelle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for side in Side:
            words = {"university": cotutelle.university_at(side)}
            self.fields[f"{side}_signed_on"].label = _("Signed by %(university)s on") % words
