"""Accounts."""

from typing import Any

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from members.acts import Refused
from members.models import User


@transaction.atomic
def open_account(*, email: str, password: str, **fields: Any) -> User:
    """Make an account whose address is known to be the person's own; it can sign in at once. Raises Refused.

    People who sign up by themselves go through allauth and verify their address first.
    """
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, password, **fields)
    except IntegrityError as error:
        raise Refused(_("There is an account with this address already.")) from error
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user
