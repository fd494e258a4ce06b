"""How a person wants to hear of each topic."""

from typing import Any

from django import forms

from notifications.models import Preference, Topic


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
