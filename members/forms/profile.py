"""The profile of a university, as its own staff and the secretariat edit it."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.forms.tags import TagsField
from members.models import Language, Tag, University
from members.zones import known_zones

LANGUAGES = [(code, label) for code, label in Language.choices]


class LanguagesField(forms.TypedMultipleChoiceField):
    """Languages to tick."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=LANGUAGES, required=False, **options)


class ProfileForm(forms.ModelForm):
    """`version` is the one the person started from: the action refuses when it has moved on."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    official_languages = LanguagesField(label=_("Official languages"))
    teaching_languages = LanguagesField(label=_("Taught in"))
    tags = TagsField()
    time_zone = forms.ChoiceField(label=_("Time zone"), help_text=_("Deadlines of your factsheet are read in it."))

    class Meta:
        model = University
        fields = [
            "name", "short_name", "official_name", "participating_unit", "summary", "description", "website",
            "founded", "alliance", "city", "country", "latitude", "longitude", "time_zone",
            "official_languages", "teaching_languages", "grade_scale",
        ]  # fmt: skip
        widgets = {
            "description": forms.Textarea(attrs={"rows": 7}),
            "summary": forms.Textarea(attrs={"rows": 2}),
            "founded": forms.NumberInput(attrs={"data-size": "short"}),
        }
        help_texts = {
            "short_name": _("As people say it: KTH, PoliTO. Used where space is short."),
            "official_name": _("In the country's own language."),
            "summary": _("At most 240 characters; stands at the top of the page and in search results."),
            "latitude": _("In degrees, for the map: 59.34980"),
            "longitude": _("In degrees, for the map: 18.07070"),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["time_zone"].choices = [(zone, zone.replace("_", " ")) for zone in sorted(known_zones())]
        self.fields["version"].initial = self.instance.version
        held = [tag.slug for tag in self.instance.tags.all()]
        self.fields["tags"].offer(Tag.objects.to_choose(Tag.Scope.PARTNERS, held))
        self.initial["tags"] = held

    def clean_founded(self) -> int | None:
        founded = self.cleaned_data["founded"]
        this_year = timezone.localdate().year
        if founded is not None and not 800 <= founded <= this_year:
            raise forms.ValidationError(
                _("%(value)s is not a year in which a university was founded. Give one from 800 to %(now)s."),
                params={"value": founded, "now": this_year},
            )
        return founded

    def clean_official_languages(self) -> list[str]:
        return self._in_own_order("official_languages")

    def clean_teaching_languages(self) -> list[str]:
        return self._in_own_order("teaching_languages")

    def _in_own_order(self, name: str) -> list[str]:
        """The first language is the one of most courses. Boxes to tick know no order, so that the one that was there
        stays, and what is ticked now follows: else a save that changed nothing would stand in the history.
        """
        ticked, held = self.cleaned_data[name], getattr(self.instance, name)
        return [*(code for code in held if code in ticked), *(code for code in ticked if code not in held)]

    @property
    def profile_fields(self) -> list[str]:
        return list(self.Meta.fields)


class CuratorProfileForm(ProfileForm):
    """What only the secretariat sets stands at the end."""

    class Meta(ProfileForm.Meta):
        fields = [*ProfileForm.Meta.fields, "dual_doctorate_signatory"]
