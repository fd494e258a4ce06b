"""Accounts: opened for invited people, closed and opened again by the secretariat."""

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from members.acts import Refused, record
from members.models import ApiToken, User


@transaction.atomic
def open_account(*, email: str, password: str, **fields: Any) -> User:
    """Make an account whose address is known to be the person's own; it can sign in at once. Raises Refused.

    People who sign up by themselves go through allauth and verify their address first.
    """
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, password, **fields)
            # Also refused where the address is another account's second one; a closed account still holds its own.
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    except IntegrityError as error:
        raise Refused(_("There is an account with this address already.")) from error
    return user


@transaction.atomic
def close_account(*, user: User, by: User, now: datetime) -> User:
    """End every session and key of `user` and let nobody sign in with it; what they did stays. Raises Refused."""
    if user == by:
        raise Refused(_("You cannot close your own account."))
    if user.is_superuser and not by.is_superuser:
        raise Refused(_("Only an administrator closes the account of an administrator."))
    if not User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        raise Refused(_("This account is closed already."))
    end_access(user=user, now=now)
    record("account.closed", user, by=by)
    user.refresh_from_db(fields=["is_active"])
    return user


def end_access(*, user: User, now: datetime) -> None:
    """End what was opened with the account, in the caller's transaction: sessions, and keys to the API."""
    # At once, though a closed account is refused: opened again, an old browser and an old program would be let in too.
    for session in UserSession.objects.filter(user=user):
        session.end()
    ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=now)


@transaction.atomic
def reopen_account(*, user: User, by: User) -> User:
    """Let `user` sign in again. Raises Refused when the account is open."""
    if not User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
        raise Refused(_("This account is open."))
    record("account.reopened", user, by=by)
    user.refresh_from_db(fields=["is_active"])
    return user
