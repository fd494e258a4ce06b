"""Who sits in a body, as the secretariat and the chair type it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from members.models import University, User
from policy.forms.events import RowSet
from policy.models import Body, BodyMembership
from policy.models.bodies import PERSON_TWICE, UNIVERSITY_TWICE


class SeatForm(forms.ModelForm):
    """One seat; the person is named by the e-mail address of the account."""

    email = forms.EmailField(
        label=_("Person"),
        required=False,
        help_text=_("E-mail address of the account; empty for a university's own seat."),
    )

    class Meta:
        model = BodyMembership
        fields = ["university", "role", "starts_on", "ends_on", "note"]
        widgets = {
            "starts_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "ends_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    field_order = ["email", "university", "role", "starts_on", "ends_on", "note"]

    def __init__(self, *args: Any, universities: list[tuple[Any, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.instance.university
        if own is not None and (own.pk, own.short_name) not in universities:  # archived since: else the row loses it
            universities = [*universities, (own.pk, own.short_name)]
        self.fields["university"].widget.choices = universities
        self.initial["email"] = self.instance.person.email if self.instance.person_id else ""

    def validate_constraints(self) -> None:
        """Whether somebody sits twice at a time is asked of all rows: one may end so that another begins."""
        try:
            self.instance.validate_constraints(exclude={*self._get_validation_exclusions(), "body"})
        except ValidationError as error:
            self._update_errors(error)

    def clean_email(self) -> str:
        typed = self.cleaned_data["email"].strip().lower()
        if typed and typed == self.initial["email"].lower():
            return typed  # also somebody whose account was closed since: who sat there sat there
        self.instance.person = User.objects.filter(email=typed, is_active=True).first() if typed else None
        if typed and self.instance.person is None:
            raise ValidationError(_("Nobody has an account with %(email)s."), params={"email": typed})
        return typed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("email") and not cleaned.get("university") and "email" not in self.errors:
            self.add_error("email", _("Name a person, a university, or both."))
        return cleaned


class SeatRowSet(RowSet):
    """All rows share one list of universities."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        known = University.objects.filter(archived_at=None).order_by("short_name").values_list("pk", "short_name")
        self._universities = [("", "---------"), *known]
        super().__init__(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        kept: list[BodyMembership] = []
        for form in self.forms:
            if form in self.deleted_forms or form.errors or not (form.has_changed() or form.instance.pk):
                continue
            if any(form.instance.collides_with(other) for other in kept):
                form.add_error(None, PERSON_TWICE if form.instance.person_id else UNIVERSITY_TWICE)
            kept.append(form.instance)

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return super().get_form_kwargs(index) | {"universities": self._universities}


SeatRows = forms.inlineformset_factory(
    Body, BodyMembership, form=SeatForm, formset=SeatRowSet, extra=2, max_num=120, validate_max=True
)
