"""Which of our forms (members/forms/accounts.py) stands where allauth has its own; read by the settings."""


def _ours(*names: str) -> dict[str, str]:
    """A class there is called as allauth calls the form: "add_email" is AddEmailForm."""
    return {name: f"members.forms.accounts.{name.title().replace('_', '')}Form" for name in names}


OF_ACCOUNTS = _ours(
    "login", "signup", "add_email", "change_password", "set_password", "reset_password", "reset_password_from_key",
    "reauthenticate",
)  # fmt: skip
OF_FACTORS = _ours("authenticate", "activate_totp", "add_webauthn")
