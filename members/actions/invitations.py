"""Asking people without an account to take on a role; accepting makes the mandate."""

from datetime import date, datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from members.actions import mandates
from members.actions.mandates import (
    ONE_DAY,
    check_may_give,
    days_in_words,
    end_for_a_successor,
    give,
    locked,
    person_with,
    place,
    save,
    stands_in_for,
    tell_of_end,
    words,
)
from members.actions.people import open_account
from members.acts import Refused, clean_or_refuse, record
from members.announcing import tell, write
from members.models import Invitation, JoinedAs, Mandate, Role, University, User
from members.models.invitations import INVITATION_LASTS


@transaction.atomic
def invite(
    *,
    email: str,
    role: str,
    university: University | None,
    starts_on: date,
    ends_on: date | None,
    by: User,
    now: datetime,
) -> Invitation:
    """Ask somebody without an account to take on a role; the link works for `INVITATION_LASTS`. Raises Refused."""
    check_may_give(role=role, university=university, by=by)
    return _invite(email=email, role=role, university=university, starts_on=starts_on, ends_on=ends_on, by=by, now=now)


@transaction.atomic
def give_or_invite(
    *,
    email: str,
    role: str,
    university: University | None,
    starts_on: date,
    ends_on: date | None,
    by: User,
    now: datetime,
) -> Mandate | Invitation:
    """Give the mandate to the account that owns `email`; where there is none, invite. Raises Refused."""
    offer: dict[str, Any] = {
        "role": role, "university": university, "starts_on": starts_on, "ends_on": ends_on, "by": by,
    }  # fmt: skip
    person = person_with(email)
    return give(person=person, **offer) if person else invite(email=email, now=now, **offer)


@transaction.atomic
def hand_over(
    *, mandate: Mandate, email: str, last_day: date, by: User, today: date, now: datetime
) -> Mandate | Invitation:
    """End `mandate` on `last_day`; from the day after, the account that owns `email` holds it, or is invited to."""
    person = person_with(email)
    if person:
        return mandates.hand_over(mandate=mandate, successor=person, last_day=last_day, by=by, today=today)
    mandate = locked(mandate)
    # Then `_invite`, not `invite`: an official passes on the own role, which no official may give.
    until = end_for_a_successor(mandate=mandate, last_day=last_day, by=by, today=today, to=email)
    invitation = _invite(
        email=email, role=mandate.role, university=mandate.university, starts_on=last_day + ONE_DAY, ends_on=until,
        by=by, now=now,
    )  # fmt: skip
    tell_of_end(mandate, last_day)
    return invitation


@transaction.atomic
def invite_again(*, invitation: Invitation, by: User, now: datetime) -> Invitation:
    """Send the link again; it works for `INVITATION_LASTS` from now, and `by` stands behind it."""
    # Compare-and-set: one that is accepted at this moment is not prolonged over its answer.
    changes = {"expires_at": now + INVITATION_LASTS, "invited_by": by}
    taken = Invitation.objects.waiting().filter(pk=invitation.pk).update(**changes)
    if not taken:
        raise Refused(_("This invitation was answered or taken back meanwhile."))
    invitation.refresh_from_db()
    record("invitation.sent_again", invitation, by=by, on_behalf_of=stands_in_for(by, invitation.university))
    _write_invitation(invitation)
    return invitation


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: User) -> Invitation:
    """Take the invitation back; its link then says so."""
    if not invitation.move("withdraw"):
        raise Refused(_("This invitation was answered or taken back meanwhile."))
    record("invitation.withdrawn", invitation, by=by, on_behalf_of=stands_in_for(by, invitation.university))
    return invitation


@transaction.atomic
def accept_as_new_person(
    *, invitation: Invitation, given_name: str, family_name: str, password: str, now: datetime
) -> User:
    """Make the account of the invited person, whose address the link has proved, and accept. Raises Refused."""
    if person_with(invitation.email):
        raise Refused(_("There is an account with this address by now; sign in and follow the link again."))
    person = open_account(
        email=invitation.email, given_name=given_name, family_name=family_name, password=password,
        joined_as=JoinedAs.STAFF,
    )  # fmt: skip
    accept_invitation(invitation=invitation, person=person, now=now)
    return person


@transaction.atomic
def accept_invitation(*, invitation: Invitation, person: User, now: datetime) -> Mandate:
    """Make the mandate for `person`, who proved to own the invited address. Raises Refused when it is too late."""
    if not invitation.is_open(now):
        asked = {"by": invitation.invited_by}
        raise Refused(_("This invitation is no longer open. Ask %(by)s to send it again.") % asked)
    if invitation.ends_on and invitation.ends_on < timezone.localdate(now):
        # Nothing in the table forbids it, and the person would be thanked for a desk that is gone.
        over = {"day": date_format(invitation.ends_on), "by": invitation.invited_by}
        raise Refused(_("The mandate would have ended on %(day)s. Ask %(by)s for a new invitation.") % over)
    if not invitation.is_backed_on(timezone.localdate(now)):
        raise Refused(why_not_backed(invitation, timezone.localdate(now)))
    if not EmailAddress.objects.filter(user=person, email__iexact=invitation.email, verified=True).exists():
        raise Refused(_("This invitation was sent to another address than yours."))
    # Where the table of mandates refuses below, the move goes back with the transaction: the invitation stays open.
    if not invitation.move("accept", accepted_by=person, accepted_at=now):
        raise Refused(_("This invitation was answered or taken back meanwhile."))
    mandate = Mandate(
        person=person, role=invitation.role, university=invitation.university, ends_on=invitation.ends_on,
        starts_on=invitation.starts_on, given_by=invitation.invited_by,
    )  # fmt: skip
    save(mandate)
    record("invitation.accepted", invitation, by=person)
    # By whoever invited: accepting takes up what was decided then.
    record("mandate.given", mandate, by=invitation.invited_by)
    tell(
        recipients=[invitation.invited_by],
        subject=_("%(person)s accepted the invitation") % words(mandate),
        body=_("%(person)s is %(role)s, %(place)s, %(days)s.") % words(mandate),
        key=f"invitation:{invitation.reference}:accepted",
        url=mandate.get_absolute_url(),
    )
    return mandate


def why_not_backed(invitation: Invitation, day: date) -> str:
    """Why the invited person cannot accept on `day`, and whom to ask."""
    if invitation.university and invitation.role != Role.OFFICIAL:
        officials = Mandate.objects.held_at(invitation.university, Role.OFFICIAL).who_may_act(day)
    else:
        officials = []
    asked = {
        "by": invitation.invited_by,
        "place": place(invitation.university),
        "whom": ", ".join(each.get_full_name() for each in officials) or _("the secretariat"),
    }
    return (
        _("%(by)s sent this invitation and no longer gives this role at %(place)s. Ask %(whom)s to confirm it.") % asked
    )


def _invite(
    *,
    email: str,
    role: str,
    university: University | None,
    starts_on: date,
    ends_on: date | None,
    by: User,
    now: datetime,
) -> Invitation:
    invitation = Invitation(
        email=email.strip().lower(), role=role, university=university, starts_on=starts_on, ends_on=ends_on,
        invited_by=by, expires_at=now + INVITATION_LASTS,
    )  # fmt: skip
    clean_or_refuse(invitation)
    try:
        with transaction.atomic():
            invitation.save()
    except IntegrityError as error:  # a second click passed the check before the first one was committed
        raise Refused(_("This person is invited to this role already; send that invitation again.")) from error
    record("invitation.sent", invitation, by=by, on_behalf_of=stands_in_for(by, university))
    _write_invitation(invitation)
    return invitation


def _write_invitation(invitation: Invitation) -> None:
    words = {
        "by": invitation.invited_by,
        "role": invitation.get_role_display(),
        "place": place(invitation.university),
        "days": days_in_words(invitation.starts_on, invitation.ends_on),
        "expires": date_format(timezone.localtime(invitation.expires_at), "j F Y, H:i e"),
    }
    write(
        address=invitation.email,
        subject=_("You are invited as %(role)s, %(place)s") % words,
        body=_(
            "%(by)s invites you to act as %(role)s, %(place)s, in the CLUSTER portal, %(days)s.\n\n"
            "Follow the link to see the invitation and to make your account. The link works until %(expires)s."
        )
        % words,
        # By its new end, so that sending again writes a new letter although the link in it is the same.
        key=f"invitation:{invitation.reference}:{invitation.expires_at:%Y%m%d%H%M%S}",
        url=invitation.get_absolute_url(),
    )
