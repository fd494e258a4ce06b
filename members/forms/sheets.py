"""Handing a spreadsheet in."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SheetForm(forms.Form):
    file = forms.FileField(
        label=_("Spreadsheet"),
        help_text=_("CSV or XLSX, up to 500 rows. You see what each row would do before anything changes."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )
