"""How allauth makes accounts here: what is asked at sign-up, and what a verified address means."""

from typing import Any
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed, user_signed_up
from allauth.core import context as current
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django import forms
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.actions import students
from members.announcing import write
from members.models import JoinedAs, User
from members.zones import is_known_zone


class SignupNames(forms.Form):
    """The fields we ask for beside address and password."""

    given_name = forms.CharField(
        label=_("Given name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    family_name = forms.CharField(
        label=_("Family name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    joined_as = forms.ChoiceField(
        label=_("I am here because"), choices=JoinedAs.choices, initial=JoinedAs.STUDENT, widget=forms.RadioSelect
    )

    field_order = ["joined_as", "given_name", "family_name", "email", "password1", "password2"]

    def signup(self, request: HttpRequest, user: User) -> None:
        zone = request.COOKIES.get(
            "tz", ""
        )  # written by our script; anybody can send another, hence the question below
        user.given_name = self.cleaned_data["given_name"]
        user.family_name = self.cleaned_data["family_name"]
        user.joined_as = self.cleaned_data["joined_as"]
        user.time_zone = zone if is_known_zone(zone) else ""
        user.save(update_fields=["given_name", "family_name", "joined_as", "time_zone"])


class AccountAdapter(DefaultAccountAdapter):
    """Anybody may sign up; what an account may do comes from mandates and the student's profile."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed."),
        "cannot_remove_primary_email": _("This is your main address: make another one the main one first."),
        "duplicate_email": _("This address stands in your list already."),
        "email_password_mismatch": _("This address and this password do not belong together."),
        "email_taken": _("There is an account with this address already."),
        "enter_current_password": _("This is not your password."),
        "incorrect_code": _("This code is not right, or its half minute is over."),
        "incorrect_password": _("This is not your password."),
        "max_email_addresses": _("An account has %d addresses at most."),
        "rate_limited": _("That was too often. Wait a moment, then try again."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes, then try again."),
    }

    def get_user_search_fields(self) -> list[str]:
        return ["email", "given_name", "family_name"]

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """Accounts have no user name."""

    def format_email_subject(self, subject: str) -> str:
        """The outbox puts the portal's name before it."""
        return str(subject)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Through the outbox like all mail, so that signing up works while the mail server does not."""
        request = self.request or current.request
        details = {"request": request, "email": email, "current_site": get_current_site(request), **context}
        message = self.render_mail(template_prefix, email, details)
        # A key of its own each time: who asks for a second link must get a second letter.
        write(address=email, subject=message.subject, body=message.body, key=f"account:{uuid4()}", is_secret=True)

    def clean_email(self, email: str) -> str:
        """One spelling for one address, as the account keeps it."""
        return super().clean_email(email).strip().lower()


class SecondFactor(DefaultMFAAdapter):
    """What can go wrong with codes and keys, in the words of the house."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "add_email_blocked": _("Switch the second factor off before you add an address, then on again."),
        "cannot_generate_recovery_codes": _("Recovery codes come with an authenticator app or a key: add one first."),
        "incorrect_code": _("This code is not right, or its half minute is over. Take the next one."),
        "unverified_email": _("Confirm your e-mail address first; the link is in the letter we sent to it."),
    }


class UniversitySignIn(DefaultSocialAccountAdapter):
    """People who come with their university's account: it proves who they are, not what they may do."""

    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> dict[str, Any]:
        """The names as the university gives them; the person may put them right."""
        said = sociallogin.account.extra_data
        claims = {**said.get("id_token", {}), **said.get("userinfo", {})}
        names = {"given_name": claims.get("given_name", ""), "family_name": claims.get("family_name", "")}
        return super().get_signup_form_initial_data(sociallogin) | names


def tie_who_came_verified(sender: Any, user: User, **kwargs: Any) -> None:
    """allauth says that somebody signed up: an address that their university vouches for counts as verified."""
    # Nobody confirms such an address, so allauth never says so by `email_confirmed`.
    for known in EmailAddress.objects.filter(user=user, verified=True):
        students.tie_by_domain(user=user, email=known.email, now=timezone.now())


def tie_verified_student(sender: Any, email_address: EmailAddress, **kwargs: Any) -> None:
    """allauth says that an address was verified: where its domain is a university's, the student belongs there."""
    students.tie_by_domain(user=email_address.user, email=email_address.email, now=timezone.now())


def listen() -> None:
    """Called when the app starts."""
    email_confirmed.connect(tie_verified_student, dispatch_uid="members.tie_verified_student")
    user_signed_up.connect(tie_who_came_verified, dispatch_uid="members.tie_who_came_verified")
