"""A letter to one of a university's contacts, or to somebody with a published profile."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.models import Contact, Enquiry, User


class ContactChoice(forms.ModelChoiceField):
    """Names and purposes, never addresses."""

    def label_from_instance(self, contact: Contact) -> str:
        return str(contact)


class LetterForm(forms.ModelForm):
    """What every letter says; people who are signed in write under their own name."""

    # Called as programs expect it; the label and the missing tab stop keep people from filling it in.
    website = forms.CharField(
        required=False,
        label=_("Leave this empty"),
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    class Meta:
        model = Enquiry
        fields = ["subject", "text", "sender_name", "sender_email"]
        widgets = {"text": forms.Textarea(attrs={"rows": 9})}
        help_texts = {"sender_email": _("The answer goes there.")}

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        if user.is_authenticated:
            del self.fields["sender_name"], self.fields["sender_email"]

    @property
    def is_from_a_machine(self) -> bool:
        """People do not see the field, programs fill in all they find."""
        return bool(self.cleaned_data.get("website"))

    def clean_subject(self) -> str:
        """One line: a break in a subject is how headers are smuggled into mails."""
        return " ".join(self.cleaned_data["subject"].split())


class EnquiryForm(LetterForm):
    """`contacts` are those the reader may see and that have an address."""

    contact = ContactChoice(label=_("To"), queryset=Contact.objects.none(), empty_label=None)

    class Meta(LetterForm.Meta):
        fields = ["contact", *LetterForm.Meta.fields]

    def __init__(self, *args: Any, contacts: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["contact"].queryset = contacts
