"""Forms about one's own data: asking to be erased, closing the account, and the secretariat's answers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.models import Erasure, User


class AskErasureForm(forms.ModelForm):
    understood = forms.BooleanField(
        label=_("I know that this cannot be undone once it is carried out"),
        error_messages={"required": _("Tick this, so that we know you have read what happens.")},
    )

    class Meta:
        model = Erasure
        fields = ["words"]
        widgets = {"words": forms.Textarea(attrs={"rows": 4})}
        help_texts = {"words": _("For example which data, or by when. You need not give a reason.")}


class CloseAccountForm(forms.Form):
    understood = forms.BooleanField(
        label=_("I want to close my account"),
        error_messages={"required": _("Tick this to close the account.")},
    )


class RefuseErasureForm(forms.Form):
    answer = forms.CharField(
        label=_("Why the data must stay for now"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The person reads this. Name what must stay and until when."),
    )


class SupportForm(forms.Form):
    """Whom to look as, and why; the account is found by its address."""

    email = forms.EmailField(label=_("E-mail address of the account"))
    reason = forms.CharField(
        label=_("Why you need to look"),
        min_length=10,
        max_length=300,
        help_text=_("The person reads this. Name what they asked you."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if email := cleaned.pop("email", ""):
            cleaned["person"] = User.objects.filter(email__iexact=email).first()
            if cleaned["person"] is None:
                self.add_error("email", _("There is no account with this address."))
        return cleaned
