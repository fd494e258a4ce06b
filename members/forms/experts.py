"""The form of one's own published profile, and the letter to somebody who has one."""

from typing import Any

from django import forms
from django.db.models import Func
from django.utils.translation import gettext_lazy as _

from members.folding import fold
from members.models import Expert, Unit, University
from members.models.experts import KEYWORD_LENGTH, KEYWORDS_AT_MOST, tidy_keywords


class KeywordsField(forms.CharField):
    """Fields of expertise in one line, apart by commas; gives a list."""

    def __init__(self, **options: Any) -> None:
        longest = KEYWORDS_AT_MOST * (KEYWORD_LENGTH + 2)
        super().__init__(max_length=longest, **options)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        found = tidy_keywords(super().clean(value), spellings())
        if not found:
            raise forms.ValidationError(_("Name at least one field."))
        if len(found) > KEYWORDS_AT_MOST:
            says = _("These are %(given)d. Keep the %(most)d that matter most.")
            raise forms.ValidationError(says, params={"given": len(found), "most": KEYWORDS_AT_MOST})
        for word in found:
            if len(word) > KEYWORD_LENGTH:
                says = _("“%(word)s” is longer than %(most)d letters. Put commas between fields.")
                raise forms.ValidationError(says, params={"word": word, "most": KEYWORD_LENGTH})
        return found


def spellings() -> dict[str, str]:
    """How those who are published spell their fields, by the folded field: one query."""
    words = Expert.objects.published().order_by().values_list(Func("keywords", function="unnest"), flat=True)
    return {fold(word): word for word in sorted(set(words))}


class UnitChoice(forms.ModelChoiceField):
    """With the university's name, since one may act for several."""

    def label_from_instance(self, unit: Unit) -> str:
        return f"{unit.name} ({unit.university.short_name})"


class ExpertForm(forms.ModelForm):
    """`universities` are those the person acts for today."""

    keywords = KeywordsField(
        label=_("Expertise"),
        help_text=_("Up to twelve fields, apart by commas: photonics, urban water, quality assurance"),
    )
    unit = UnitChoice(label=_("School or department"), queryset=Unit.objects.none(), required=False)

    class Meta:
        model = Expert
        fields = ["university", "unit", "headline", "keywords", "text", "audience", "takes_letters"]
        widgets = {"text": forms.Textarea(attrs={"rows": 7}), "audience": forms.RadioSelect}
        help_texts = {
            "headline": _("In a few words: professor of photonics, coordinates the double master's"),
            "takes_letters": _("By a form that does not show your address; you see theirs and answer by e-mail."),
        }

    def __init__(self, *args: Any, universities: list[University], **options: Any) -> None:
        super().__init__(*args, **options)
        keys = [university.pk for university in universities]
        self.fields["university"].queryset = University.objects.filter(pk__in=keys)
        self.fields["unit"].queryset = Unit.objects.filter(university__in=keys).select_related("university")
        if self.instance.university_id is None and universities:
            self.initial["university"] = universities[0]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        unit, university = cleaned.get("unit"), cleaned.get("university")
        if unit and university and unit.university_id != university.pk:
            says = _("%(unit)s does not belong to %(university)s.")
            self.add_error("unit", says % {"unit": unit.name, "university": university.name})
        return cleaned
