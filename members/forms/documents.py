"""A document of a university: what it is and who reads it; a new one comes with its file."""

from django import forms
from django.utils.translation import gettext_lazy as _

from members.models import UniversityDocument


class DocumentForm(forms.ModelForm):
    """The words of a document that is there."""

    class Meta:
        model = UniversityDocument
        fields = ["title", "kind", "language", "audience", "is_shown", "position"]
        widgets = {"position": forms.NumberInput(attrs={"data-size": "short"})}


class NewDocumentForm(forms.ModelForm):
    prefix = "new"

    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, PNG or JPEG; save other formats as PDF first."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
    )

    class Meta:
        model = UniversityDocument
        fields = ["title", "kind", "language", "audience", "is_shown"]

    field_order = ["file"]
