"""How a person wants to hear of each topic."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.models import University
from notifications.models import Preference, SavedSearch, Topic


class PreferencesForm(forms.Form):
    """One choice per topic; without a stored choice it is "at once"."""

    def __init__(self, *args: Any, chosen: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for topic in Topic:
            self.fields[topic.value] = forms.ChoiceField(
                label=topic.label,
                choices=Preference.Rhythm.choices,
                initial=chosen.get(topic.value, Preference.Rhythm.AT_ONCE),
                widget=forms.Select(attrs={"data-size": "short"}),
            )


class SavedSearchForm(forms.ModelForm):
    """What the search is called, how its owner hears of news, and with whom it is shared."""

    class Meta:
        model = SavedSearch
        fields = ["name", "rhythm", "university"]
        widgets = {"rhythm": forms.RadioSelect}
        help_texts = {
            "name": _("How you will find it again."),
            "university": _("Colleagues who act for the same university see it in their list. Nothing chosen: nobody."),
        }

    def __init__(self, *args: Any, universities: list[University], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = University.objects.filter(pk__in=[university.pk for university in universities])
        self.fields["university"].queryset = mine
        if not universities:
            del self.fields["university"]
