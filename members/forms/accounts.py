"""The forms of one's account in the words of the house; what they do is allauth's."""

from typing import Any

from allauth.account import forms as accounts
from allauth.mfa.base import forms as factors
from allauth.mfa.totp import forms as apps
from allauth.mfa.webauthn import forms as keys
from django.utils.translation import gettext_lazy as _

WORDS = {
    "email": _("E-mail address"),
    "login": _("E-mail address"),
    "remember": _("Stay signed in on this device"),
    "oldpassword": _("Password until now"),
    "password2": _("Password again"),
    "code": _("Code"),
    "name": _("Name"),
    "passwordless": _("Sign in with it without the password (a passkey)"),
}
NEW_PASSWORD = {"password1": _("New password")}


class InOurWords:
    """Labels of the house; nothing stands in the fields themselves, where it would vanish with the first letter."""

    words: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            field.label = {**WORDS, **self.words}.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)


class LoginForm(InOurWords, accounts.LoginForm):
    pass


class SignupForm(InOurWords, accounts.SignupForm):
    pass


class AddEmailForm(InOurWords, accounts.AddEmailForm):
    pass


class ChangePasswordForm(InOurWords, accounts.ChangePasswordForm):
    words = NEW_PASSWORD


class SetPasswordForm(InOurWords, accounts.SetPasswordForm):
    words = NEW_PASSWORD


class ResetPasswordForm(InOurWords, accounts.ResetPasswordForm):
    pass


class ResetPasswordFromKeyForm(InOurWords, accounts.ResetPasswordKeyForm):
    words = NEW_PASSWORD


class ReauthenticateForm(InOurWords, accounts.ReauthenticateForm):
    pass


class AuthenticateForm(InOurWords, factors.AuthenticateForm):
    pass


class ActivateTotpForm(InOurWords, apps.ActivateTOTPForm):
    pass


class AddWebauthnForm(InOurWords, keys.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].help_text = _("It then asks for your fingerprint, face or PIN.")
