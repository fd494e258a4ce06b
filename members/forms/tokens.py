"""The form by which people make keys to the API."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from members.rest.registry import scopes

LASTS = (30, 90, 365)


def _days() -> list[tuple[int, str]]:
    return [(days, ngettext("%(n)d day", "%(n)d days", days) % {"n": days}) for days in LASTS]


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=60,
        help_text=_("What it is for: “Website of the office”. You find it again by this name."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("May read"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only what the program needs. It never sees more than you do yourself."),
        error_messages={"required": _("Choose at least one.")},
    )
    days = forms.TypedChoiceField(
        label=_("Works for"), coerce=int, initial=90, help_text=_("After that it is refused; make a new one before.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # When a form is made: rooms announce their resources after this module was read.
        self.fields["scopes"].choices = scopes()
        self.fields["days"].choices = _days()

    def wanted(self) -> dict[str, Any]:
        """What the action is asked for."""
        cleaned = self.cleaned_data
        return {"name": cleaned["name"], "scopes": cleaned["scopes"], "lasts": timedelta(days=cleaned["days"])}
