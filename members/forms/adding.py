"""A new organisation in the directory."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from members.folding import fold
from members.forms.rows import date_input
from members.models import CharterHolder, Membership, University

# What stands beside the slugs in members/urls.py, and would be found in place of the university.
RESERVED = {"add", "compare", "quality", "lookalikes"}


class AddForm(forms.ModelForm):
    kind = forms.ChoiceField(
        label=_("In the consortium as"), choices=[("", _("Not part of it")), *Membership.Kind.choices], required=False
    )
    starts_on = forms.DateField(label=_("From"), required=False, widget=date_input())

    class Meta:
        model = University
        fields = ["name", "short_name", "city", "country", "website"]
        help_texts = {"short_name": _("As people say it: KTH, PoliTO. Its address in the portal is made from it.")}

    def __init__(self, *args: Any, holder: CharterHolder | None = None, **options: Any) -> None:
        """`holder` of the Erasmus charter fills in what the register knows."""
        known = {"name": holder.name.title(), "city": holder.city, "country": holder.country_id} if holder else {}
        if holder and holder.domain:
            known["website"] = f"https://www.{holder.domain}"
        super().__init__(*args, initial=known, **options)
        ask = {
            "hx-get": reverse("members:university_lookalikes"),
            "hx-target": "#lookalikes",
            "hx-trigger": "input changed delay:300ms",
            "hx-include": "#id_name, #id_city, #id_country",
        }
        self.fields["name"].widget.attrs |= {**ask, "autocomplete": "off"}

    def clean(self) -> dict[str, Any]:
        """The address is made of the short name; a taken one gets the city behind it, then says so."""
        cleaned = super().clean()
        short_name = cleaned.get("short_name")
        if short_name:
            slug = slugify(fold(short_name))
            if not slug:
                self.add_error("short_name", _("Write the short name in Latin letters or digits."))
            elif self._is_taken(slug):
                slug = slugify(fold(f"{short_name} {cleaned.get('city', '')}"))[:60]
                if self._is_taken(slug):
                    self.add_error("short_name", _("A university with this short name is there already."))
            self.instance.slug = slug
        return cleaned

    def _is_taken(self, slug: str) -> bool:
        return slug in RESERVED or University.objects.filter(slug=slug).exists()
