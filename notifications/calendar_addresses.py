"""The secret address of one's own calendar: made anew, taken back, found again."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from members.acts import Refused, record
from members.models import User
from notifications.models import CALENDAR_SALT, CalendarAddress

READING_IS_WRITTEN_EVERY = timedelta(hours=1)


@transaction.atomic
def make_address(*, user: User, now: datetime) -> CalendarAddress:
    """A new address for `user`; the one before, if there was one, ends at once."""
    fields = {"key": uuid4(), "made_at": now, "last_read_at": None}
    address, _created = CalendarAddress.objects.update_or_create(user=user, defaults=fields)
    record("calendar.address_made", user, by=user)
    return address


@transaction.atomic
def revoke_address(*, user: User) -> None:
    """No calendar program reads the dates of `user` any more. Raises Refused when there was no address."""
    if not CalendarAddress.objects.filter(user=user).delete()[0]:
        raise Refused(_("There is no address to take back."))
    record("calendar.address_revoked", user, by=user)


def owner_of(token: str, now: datetime) -> User | None:
    """Whose calendar the address with `token` is; nobody's when it was taken back or the account is closed.

    That it was read is written at most once an hour.
    """
    try:
        key = UUID(signing.Signer(salt=CALENDAR_SALT).unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    address = CalendarAddress.objects.select_related("user").filter(key=key, user__is_active=True).first()
    if address is None:
        return None
    before = now - READING_IS_WRITTEN_EVERY
    if address.last_read_at is None or address.last_read_at < before:
        unread = Q(last_read_at=None) | Q(last_read_at__lt=before)
        CalendarAddress.objects.filter(unread, pk=address.pk).update(last_read_at=now)
    return address.user
