"""How allauth makes accounts here: names asked at sign-up, mail through our settings."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from members.models import User


class SignupNames(forms.Form):
    """The fields we ask for beside address and password."""

    given_name = forms.CharField(label=_("Given name"), max_length=80)
    family_name = forms.CharField(label=_("Family name"), max_length=80)

    field_order = ["given_name", "family_name", "email", "password1", "password2"]

    def signup(self, request: HttpRequest, user: User) -> None:
        user.given_name = self.cleaned_data["given_name"]
        user.family_name = self.cleaned_data["family_name"]
        user.save(update_fields=["given_name", "family_name"])


class AccountAdapter(DefaultAccountAdapter):
    """Anybody may sign up; what an account may do comes from mandates and the student's profile."""

    def get_user_search_fields(self) -> list[str]:
        return ["email", "given_name", "family_name"]

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """Accounts have no user name."""
