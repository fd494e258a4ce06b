"""The wish list: putting a programme on it and taking it off; doing either twice changes nothing."""

from django.db import transaction

from members.models import User
from programmes.models import Programme, WishListItem


@transaction.atomic
def add_wish(*, programme: Programme, by: User) -> None:
    WishListItem.objects.get_or_create(user=by, programme=programme)


@transaction.atomic
def remove_wish(*, programme: Programme, by: User) -> None:
    WishListItem.objects.filter(user=by, programme=programme).delete()
