"""Keys to the API: made by a person, shown once, revoked by that person or by closing the account."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from members.acts import Refused, clean_or_refuse, record
from members.models import ApiToken, User
from members.models.tokens import HINT_LENGTH, digest_of, new_secret

MOST_TOKENS = 20


@transaction.atomic
def make_token(
    *, user: User, name: str, scopes: Collection[str], lasts: timedelta, now: datetime
) -> tuple[ApiToken, str]:
    """A token of `user` for `scopes` that expires `lasts` after `now`, and its secret, which is told nowhere else.

    Raises Refused for a name in use, without a scope, or beyond MOST_TOKENS live ones. The person's row is the lock.
    """
    # NO KEY: what only refers to the person, a session or a notice, can be written meanwhile.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if user.api_tokens.live_at(now).count() >= MOST_TOKENS:
        raise Refused(_("You have %(n)d tokens. Revoke one that you no longer need.") % {"n": MOST_TOKENS})
    secret = new_secret()
    # What is stored opens nothing: neither a backup nor the administration gives a key away.
    fields = {"hint": secret[:HINT_LENGTH], "digest": digest_of(secret), "expires_at": now + lasts}
    token = ApiToken(user=user, name=name, scopes=sorted(scopes), created_at=now, **fields)
    clean_or_refuse(token)
    token.save()
    record("token.made", token, by=user, details={"name": name, "scopes": token.scopes})
    return token, secret


@transaction.atomic
def revoke_token(*, token: ApiToken, by: User, now: datetime) -> ApiToken:
    """From now on the API refuses it. Raises Refused when it was revoked already."""
    if not ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
        raise Refused(_("This token was revoked already."))
    record("token.revoked", token, by=by, details={"name": token.name})
    token.refresh_from_db(fields=["revoked_at"])
    return token
