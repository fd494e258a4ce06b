"""Following a call: hearing of what matters, and being reminded."""

from django.db import transaction
from django.utils.translation import gettext as _

from funding.models import Call, CallFollow
from members.acts import Refused
from members.models import User


@transaction.atomic
def follow_call(*, call: Call, by: User) -> CallFollow:
    """Tell `by` from now on when the call changes and before it closes; a second time does nothing.

    Raises Refused for a call that is not published.
    """
    if call.state != Call.State.PUBLISHED:
        raise Refused(_("Only published calls can be followed."))
    return CallFollow.objects.get_or_create(call=call, user=by)[0]


@transaction.atomic
def unfollow_call(*, call: Call, by: User) -> bool:
    """No longer tell `by`; returns whether the call was followed."""
    return bool(CallFollow.objects.filter(call=call, user=by).delete()[0])
