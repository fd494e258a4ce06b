"""Uploading a logo or a picture: what comes out of `clean` is our own re-encoded file."""

from django import forms
from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _

from members.images import LOGO_EDGE, PICTURE_EDGE, reencoded

ACCEPT = {"accept": "image/jpeg,image/png,image/webp"}
WHAT_FITS = _("JPEG, PNG or WebP, at most 10 MB. It is saved anew, without place and camera data.")


class PictureUploadForm(forms.Form):
    prefix = "new"

    image = forms.FileField(label=_("Picture"), widget=forms.FileInput(attrs=ACCEPT), help_text=WHAT_FITS)
    alt = forms.CharField(
        label=_("What it shows"), max_length=200, help_text=_("For people who do not see it: one short sentence.")
    )
    credit = forms.CharField(label=_("Credit"), max_length=120, required=False)

    def clean_image(self) -> ContentFile:
        return reencoded(self.cleaned_data["image"], longest_edge=PICTURE_EDGE)


class LogoForm(forms.Form):
    prefix = "logo"

    logo = forms.FileField(
        label=_("Logo"), widget=forms.FileInput(attrs=ACCEPT), help_text=_("PNG with a clear background looks best.")
    )

    def clean_logo(self) -> ContentFile:
        return reencoded(self.cleaned_data["logo"], longest_edge=LOGO_EDGE)
