"""Expressing an interest in a call, changing it, taking it back."""

from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext as _

from funding.actions import telling
from funding.actions.following import follow_call
from funding.models import Call, Interest, Status
from members.actions.universities import constraint_as_refusal
from members.acts import Refused, clean_or_refuse, record
from members.models import Role, User

TYPED = ("university", "part", "expertise", "person_months", "message")


@transaction.atomic
def express_interest(*, interest: Interest, by: User, now: datetime) -> Interest:
    """Tell the others who are interested in the call that `by` wants a part in it, for a university `by` acts for.

    Whoever withdrew takes it up again with the new words. The person follows the call from now on. Raises Refused for a
    call that is not published or is closed, without a mandate there, and for a second interest of the same kind.
    """
    _refuse_unless_it_can_be_answered(interest.call, now)
    _refuse_without_mandate(interest, by)
    interest.person = by
    # Locked, so that of two who take the same one up again the second finds it active and is refused.
    earlier = Interest.objects.select_for_update().filter(call=interest.call, person=by, university=interest.university)
    if found := earlier.first():
        interest = _taken_up_again(found, interest, now)
        kind = "interest.renewed"
    else:
        interest.state, interest.state_since = Interest.State.ACTIVE, now
        clean_or_refuse(interest)
        with constraint_as_refusal(Interest):  # a first one has no row to lock: of two at once the second fails here
            interest.save()
        kind = "interest.expressed"
    act = _log(kind, interest, by=by)
    follow_call(call=interest.call, by=by)
    telling.interested(interest, act, now)
    return interest


@transaction.atomic
def change_interest(*, interest: Interest, version: int, by: User) -> Interest:
    """Save changed words over `version`. Raises Conflict when they were saved elsewhere in between."""
    _refuse_without_mandate(interest, by)
    clean_or_refuse(interest)
    interest.save_over(version, fields=TYPED)
    _log("interest.changed", interest, by=by)
    return interest


@transaction.atomic
def withdraw_interest(*, interest: Interest, by: User, now: datetime) -> Interest:
    """Take it back: the others no longer see it, and the person no longer sees theirs.

    Whoever expressed it is told where somebody else takes it back.
    """
    if not interest.move("withdraw", state_since=now):
        raise Refused(_("This interest is withdrawn already."))
    act = _log("interest.withdrawn", interest, by=by, before=Interest.State.ACTIVE)
    if by.pk != interest.person_id:
        telling.withdrawn_for_them(interest, act, by=by)
    return interest


def _taken_up_again(found: Interest, typed: Interest, now: datetime) -> Interest:
    for name in TYPED:
        setattr(found, name, getattr(typed, name))
    clean_or_refuse(found)
    if not found.move("renew", state_since=now):
        raise Refused(_("You have expressed your interest for this university already."))
    found.save_over(found.version, fields=TYPED)
    return found


def _refuse_unless_it_can_be_answered(call: Call, now: datetime) -> None:
    if call.state != Call.State.PUBLISHED:
        raise Refused(_("This call is not published."))
    if Call.objects.with_status(now).filter(pk=call.pk, status=Status.CLOSED).exists():
        raise Refused(_("This call is closed."))


def _refuse_without_mandate(interest: Interest, by: User) -> None:
    if not by.holds(*Role.values, university=interest.university):
        raise Refused(_("You do not act for %(university)s today.") % {"university": interest.university})


def _log(kind: str, interest: Interest, *, by: User, before: str = "") -> models.Model:
    mandate = by.mandate_for(*Role.values, university=interest.university)
    return record(
        kind, interest, by=by, on_behalf_of=mandate.on_behalf_of(by) if mandate else None, before=before,
        after=interest.state, details={"call": interest.call.slug},
    )  # fmt: skip
