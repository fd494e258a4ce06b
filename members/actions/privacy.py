"""One's own data: downloaded, asked to be erased, erased by the secretariat; one's own account closed."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from members.actions.people import end_access
from members.acts import Refused, record
from members.announcing import tell, write
from members.models import Erasure, Mandate, Role, User
from members.permissions import curates
from members.personal_data import all_holdings, hindrances


@transaction.atomic
def note_download(*, user: User, by: User) -> None:
    """Write down that `user`'s data left the portal; only the person takes them. Raises Refused."""
    if by != user:
        raise Refused(_("People download their own data only."))
    record("account.data_downloaded", user, by=by)


@transaction.atomic
def ask_for_erasure(*, by: User, words: str, now: datetime) -> Erasure:
    """Ask the secretariat to erase what the portal knows of `by`. Raises Refused when asked already."""
    try:
        with transaction.atomic():
            erasure = Erasure.objects.create(user=by, words=words.strip(), asked_at=now)
    # The constraint is asked and not a query before it: of two clicks the second comes before the first is committed.
    except IntegrityError as error:
        raise Refused(_("You have asked already; the secretariat answers within a month.")) from error
    record("erasure.asked", erasure, by=by)
    tell(
        recipients=Mandate.objects.held_at(None, Role.SECRETARIAT).who_may_act(localdate(now)),
        subject=_("Somebody asks to be erased"),
        body=_("%(person)s asks the portal to forget them. They must have an answer within a month.") % {"person": by},
        key=f"erasure:{erasure.pk}",
        url=erasure.get_absolute_url(),
    )
    return erasure


@transaction.atomic
def take_back(*, erasure: Erasure, by: User, now: datetime) -> Erasure:
    """The person changed their mind. Raises Refused once it was decided."""
    if erasure.user_id != by.pk:
        raise Refused(_("Only the person takes this back."))
    _move(erasure, "take_back", by, now)
    return erasure


@transaction.atomic
def refuse(*, erasure: Erasure, answer: str, by: User, now: datetime) -> Erasure:
    """The data must stay for now, for a reason that the person reads. Raises Refused."""
    _may_decide(erasure, by)
    if not answer.strip():
        raise Refused(_("Say why; the person reads it."))
    _move(erasure, "refuse", by, now, answer=answer.strip())
    tell(
        recipients=[erasure.user],
        subject=_("Your data could not be erased yet"),
        body=_("The secretariat writes: %(answer)s You can ask again at any time.") % {"answer": erasure.answer},
        key=f"erasure:{erasure.pk}:refused",
        url=reverse("people:my_data"),
    )
    return erasure


@transaction.atomic
def carry_out(*, erasure: Erasure, by: User, now: datetime) -> Erasure:
    """Erase what every room holds of the person, and tell them by a last e-mail. Raises Refused while it would harm.

    The person's row is the lock: nobody closes, opens or erases the same account at once.
    """
    person = User.objects.select_for_update(of=("self",), no_key=True).get(pk=erasure.user_id)
    _may_decide(erasure, by)
    in_the_way = hindrances(person, now)
    if in_the_way:
        raise Refused(" ".join(map(str, in_the_way)))
    # Read before and written to afterwards: an erasure that fails has told nobody that it is done.
    address = person.email
    done = {holding.key: holding.erase(person, now) for holding in all_holdings()}
    _move(erasure, "carry_out", by, now, done=done, words="")
    write(
        address=address,
        subject=_("Your data are erased"),
        body=_("What the CLUSTER portal knew of you is erased. This is the last e-mail to this address."),
        key=f"erasure:{erasure.pk}:done",
        is_secret=True,
    )
    return erasure


@transaction.atomic
def close_own_account(*, by: User, now: datetime) -> User:
    """Sign `by` out everywhere, for good; the secretariat can open the account again. Raises Refused."""
    in_the_way = hindrances(by, now)
    if by.is_superuser:
        in_the_way.append(_("You administer the portal; another administrator has to close your account."))
    if in_the_way:
        raise Refused(" ".join(map(str, in_the_way)))
    if not User.objects.filter(pk=by.pk, is_active=True).update(is_active=False):
        raise Refused(_("This account is closed already."))
    end_access(user=by, now=now)
    record("account.closed", by, by=by)
    return by


def _may_decide(erasure: Erasure, by: User) -> None:
    if not curates(by):
        raise Refused(_("The secretariat decides on this."))
    if erasure.user_id == by.pk:
        raise Refused(_("Nobody decides on their own request; ask an administrator."))
    if erasure.user.is_superuser and not by.is_superuser:
        raise Refused(_("Only an administrator decides on an administrator."))


def _move(erasure: Erasure, transition: str, by: User, now: datetime, **changes: object) -> None:
    if not erasure.move(transition, decided_at=now, decided_by=by, **changes):
        raise Refused(_("This request was decided meanwhile."))
    kinds = {"carry_out": "erasure.done", "refuse": "erasure.refused", "take_back": "erasure.taken_back"}
    record(kinds[transition], erasure, by=by, after=erasure.state, reason=erasure.answer, details=erasure.done)
