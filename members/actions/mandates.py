"""Giving, ending and passing on mandates, and naming deputies.

Open tasks belong to the desk (a role at a university), never to a person: they follow the mandate by themselves.
"""

from datetime import date, datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from members.acts import Refused, clean_or_refuse, record
from members.announcing import tell
from members.models import Mandate, Role, University, User
from members.permissions import roles_to_give

ONE_DAY = timedelta(days=1)


@transaction.atomic
def give(
    *, person: User, role: str, university: University | None, starts_on: date, ends_on: date | None, by: User
) -> Mandate:
    """Give `person` the mandate and tell them. Raises Refused when `by` may not, or the table of mandates says no."""
    check_may_give(role=role, university=university, by=by)
    mandate = Mandate(
        person=person, role=role, university=university, starts_on=starts_on, ends_on=ends_on, given_by=by
    )
    save(mandate)
    announce(mandate=mandate, by=by)
    return mandate


def announce(*, mandate: Mandate, by: User) -> None:
    """Log and tell a mandate that `by` has just given; for givers of many at once, such as an import."""
    record("mandate.given", mandate, by=by, on_behalf_of=stands_in_for(by, mandate.university))
    tell_of_new(mandate)


def announce_last_day(*, mandate: Mandate, by: User) -> None:
    """Log and tell that `by` has just set another last day, or taken it away; for an import too."""
    day = mandate.ends_on
    kind, after = ("mandate.ended", day.isoformat()) if day else ("mandate.prolonged", "")
    record(kind, mandate, by=by, on_behalf_of=stands_in_for(by, mandate.university), after=after)
    if day:
        tell_of_end(mandate, day)


def check_may_give(*, role: str, university: University | None, by: User) -> None:
    """Raises Refused unless the permission table lets `by` give `role` there."""
    if role not in roles_to_give(by, university):
        raise Refused(_("You cannot give this role here."))


@transaction.atomic
def end(*, mandate: Mandate, last_day: date, reason: str, by: User, today: date) -> str:
    """End `mandate` after `last_day` (yesterday at the earliest); returns the sentence on where open tasks went."""
    mandate = locked(mandate)
    _end_on(mandate, last_day, today)
    record(
        "mandate.ended", mandate, by=by, on_behalf_of=stands_in_for(by, mandate.university), reason=reason,
        after=last_day.isoformat(),
    )  # fmt: skip
    return tell_of_end(mandate, last_day)


@transaction.atomic
def take_back(*, mandate: Mandate, reason: str, by: User, today: date, now: datetime) -> str:
    """Undo a mandate that has not begun, or began only today; returns the sentence on whose the tasks are then.

    Who gave it to the wrong person need not wait for its first day to be over. Raises Refused later than that.
    """
    mandate = locked(mandate)
    _refuse_taken_back(mandate)
    if not mandate.can_be_taken_back(today):
        raise Refused(
            _("This mandate began on %(day)s. It can end, and what was done stands.")
            % {"day": date_format(mandate.starts_on)}
        )
    mandate.taken_back_at = now
    save(mandate)
    record(
        "mandate.taken_back", mandate, by=by, on_behalf_of=stands_in_for(by, mandate.university), reason=reason,
        details={"starts": mandate.starts_on.isoformat()},
    )  # fmt: skip
    return _tell_of_taking_back(mandate, reason)


@transaction.atomic
def hand_over(*, mandate: Mandate, successor: User, last_day: date, by: User, today: date) -> Mandate:
    """End `mandate` on `last_day` and give the same role to `successor` from the day after; returns the new mandate."""
    mandate = locked(mandate)
    if successor == mandate.person:
        raise Refused(_("Choose somebody else as successor."))
    # The end comes first: one official at a time, says the table, and would refuse the successor.
    until = end_for_a_successor(mandate=mandate, last_day=last_day, by=by, today=today, to=successor.get_full_name())
    followed = Mandate(
        person=successor, role=mandate.role, university=mandate.university, starts_on=last_day + ONE_DAY,
        ends_on=until, given_by=by,
    )  # fmt: skip
    save(followed)
    record(
        "mandate.given", followed, by=by, on_behalf_of=stands_in_for(by, mandate.university),
        details={"after": mandate.person.get_full_name()},
    )  # fmt: skip
    tell_of_new(followed)
    tell_of_end(mandate, last_day)
    return followed


def end_for_a_successor(*, mandate: Mandate, last_day: date, by: User, today: date, to: str) -> date | None:
    """End `mandate`, written down as passed on to `to`; returns until when the successor's mandate runs, if it ends."""
    until = mandate.ends_on
    _end_on(mandate, last_day, today)
    record(
        "mandate.handed_over", mandate, by=by, on_behalf_of=stands_in_for(by, mandate.university),
        after=last_day.isoformat(), details={"to": to},
    )  # fmt: skip
    return until if until and until > last_day else None


@transaction.atomic
def name_deputy(
    *, mandate: Mandate, deputy: User, first_day: date | None, last_day: date | None, by: User, today: date
) -> Mandate:
    """Let `deputy` act on the holder's behalf from `first_day` to `last_day` (both included, None is open).

    Raises Refused where no day is left on which that would be so.
    """
    mandate = locked(mandate)
    _refuse_taken_back(mandate)
    _refuse_ended(mandate, today)
    if last_day and last_day < today:
        raise Refused(_("These days are over. Choose a last day from today on, or leave it empty."))
    before = mandate.deputy
    mandate.deputy, mandate.deputy_from, mandate.deputy_until = deputy, first_day, last_day
    save(mandate)
    act = record(
        "mandate.deputy_named", mandate, by=by, on_behalf_of=stands_in_for(by, mandate.university),
        details={"deputy": deputy.get_full_name()},
    )  # fmt: skip
    tell(
        recipients=[deputy, mandate.person],
        subject=_("%(deputy)s stands in for %(person)s") % {"deputy": deputy, "person": mandate.person},
        body=_("%(deputy)s may act as %(role)s, %(place)s, on behalf of %(person)s, %(days)s.")
        % {**words(mandate), "deputy": deputy, "days": days_in_words(first_day, last_day)},
        # The act's number, not the days: who was dismissed and is named again for the same days must hear of it.
        key=f"mandate:{mandate.reference}:deputy:{act.pk}",
        url=reverse("people:my_mandates"),
    )
    if before not in (None, deputy):
        _tell_dismissed(mandate, before, act)
    return mandate


@transaction.atomic
def dismiss_deputy(*, mandate: Mandate, by: User) -> Mandate:
    """From now on nobody stands in. Raises Refused when nobody did."""
    mandate = locked(mandate)
    # Read under the lock: another tab may have named somebody else, who would be dismissed without being told.
    deputy = mandate.deputy
    if deputy is None:
        raise Refused(_("Nobody stands in for this mandate."))
    mandate.deputy = mandate.deputy_from = mandate.deputy_until = None
    save(mandate)
    act = record(
        "mandate.deputy_dismissed", mandate, by=by, on_behalf_of=stands_in_for(by, mandate.university),
        details={"deputy": deputy.get_full_name()},
    )  # fmt: skip
    _tell_dismissed(mandate, deputy, act)
    return mandate


def _tell_dismissed(mandate: Mandate, deputy: User, act: Any) -> None:
    tell(
        recipients=[deputy],
        subject=_("You no longer stand in for %(person)s") % words(mandate),
        body=_("Your time as deputy for %(person)s as %(role)s, %(place)s, has ended.") % words(mandate),
        key=f"mandate:{mandate.reference}:deputy_dismissed:{act.pk}",
        url=reverse("people:my_mandates"),
    )


def person_with(email: str) -> User | None:
    """The active account that owns the verified address `email`, or whose own address it is."""
    found = EmailAddress.objects.filter(email__iexact=email, verified=True, user__is_active=True)
    address = found.select_related("user").first()
    return address.user if address else User.objects.filter(email=email.strip().lower(), is_active=True).first()


def where_tasks_go(mandate: Mandate, day: date) -> str:
    """Whose the open tasks of the mandate's desk are on `day`, as a sentence."""
    names = [held.person.get_full_name() for held in _others_at_the_desk(mandate, day)]
    if names:
        return _("Nothing is cancelled: open tasks of this desk are with %(names)s from %(day)s.") % {
            "names": ", ".join(names),
            "day": date_format(day),
        }
    return _("Nothing is cancelled: open tasks wait at the desk until somebody holds this role again.")


def days_in_words(first: date | None, last: date | None) -> str:
    """ "from 3 May 2027 until 9 May 2027"; an empty end is left out."""
    if first and last:
        return _("from %(first)s until %(last)s") % {"first": date_format(first), "last": date_format(last)}
    if last:
        return _("until %(last)s") % {"last": date_format(last)}
    return _("from %(first)s on") % {"first": date_format(first)} if first else _("until further notice")


def locked(mandate: Mandate) -> Mandate:
    """The mandate as stored now; others who change it wait until the end of the transaction."""
    # Of the mandate alone: PostgreSQL locks nothing on the side of an outer join that may be empty, the university's.
    return Mandate.objects.select_for_update(of=("self",)).select_related("person", "university").get(pk=mandate.pk)


def save(mandate: Mandate) -> None:
    """The constraints speak to the person; of two at once the database refuses the second."""
    clean_or_refuse(mandate)
    # In a savepoint, so that the caller's transaction lives on and can say why.
    try:
        with transaction.atomic():
            mandate.save()
    except IntegrityError as error:
        raise Refused(_("Somebody else changed the mandates here meanwhile. Look at the list again.")) from error


def _refuse_taken_back(mandate: Mandate) -> None:
    if mandate.taken_back_at is not None:
        raise Refused(_("This mandate was taken back. Give it anew where it should count after all."))


def _refuse_ended(mandate: Mandate, today: date) -> None:
    if mandate.ends_on and mandate.ends_on < today:
        raise Refused(_("This mandate ended on %(day)s.") % {"day": date_format(mandate.ends_on)})


def _end_on(mandate: Mandate, last_day: date, today: date) -> None:
    _refuse_taken_back(mandate)
    _refuse_ended(mandate, today)
    if last_day < mandate.starts_on:
        raise Refused(
            _("This mandate begins on %(day)s. To undo it altogether, take it back.")
            % {"day": date_format(mandate.starts_on)}
        )
    if last_day < today - ONE_DAY:
        raise Refused(_("What was done under a mandate stands: it can end yesterday at the earliest."))
    if mandate.ends_on and last_day > mandate.ends_on:
        raise Refused(_("This mandate ends on %(day)s already.") % {"day": date_format(mandate.ends_on)})
    mandate.ends_on = last_day
    save(mandate)


def stands_in_for(by: User, university: University | None) -> User | None:
    """Whom `by` acts for when the official's deputy gives or ends mandates."""
    if university is None:
        return None
    used = by.mandate_for(Role.OFFICIAL, university=university)
    return used.on_behalf_of(by) if used else None


def tell_of_new(mandate: Mandate) -> None:
    tell(
        recipients=[mandate.person],
        subject=_("You are %(role)s, %(place)s") % words(mandate),
        body=_("Your mandate runs %(days)s. The open tasks of the desk are on your dashboard from its first day.")
        % words(mandate),
        key=f"mandate:{mandate.reference}:given",
        url=reverse("people:my_mandates"),
    )


def tell_of_end(mandate: Mandate, last_day: date) -> str:
    """Tell the holder, the deputy and, of an empty desk, those who can fill it; returns what was told."""
    where = where_tasks_go(mandate, last_day + ONE_DAY)
    said = {**words(mandate), "last": date_format(last_day)}
    told = [each for each in (mandate.person, mandate.deputy) if each]
    # Of the day after: until then somebody sits there, and nobody is missed.
    if not _others_at_the_desk(mandate, last_day + ONE_DAY):
        told += givers(mandate, last_day)
    tell(
        recipients=told,
        subject=_("%(person)s is %(role)s, %(place)s, until %(last)s") % said,
        body=where,
        key=f"mandate:{mandate.reference}:ends:{last_day}",
        url=mandate.get_absolute_url(),
    )
    return where


def _tell_of_taking_back(mandate: Mandate, reason: str) -> str:
    """Tell the holder, the deputy and, where nobody else sits at the desk, those who can fill it."""
    where = where_tasks_go(mandate, mandate.starts_on)
    told = [each for each in (mandate.person, mandate.deputy) if each]
    if not _others_at_the_desk(mandate, mandate.starts_on):
        told += givers(mandate, mandate.starts_on)
    tell(
        recipients=told,
        subject=_("Taken back: %(person)s as %(role)s, %(place)s") % words(mandate),
        body=" ".join(filter(None, [
            _("The mandate %(days)s does not count.") % words(mandate), reason and _("Reason: %s") % reason, where,
        ])),
        key=f"mandate:{mandate.reference}:taken_back",
        url=mandate.get_absolute_url(),
    )  # fmt: skip
    return where


def givers(mandate: Mandate, day: date) -> list[User]:
    """Who can fill the desk: the official; the secretariat for the official's own desk, the consortium's, and where
    nobody is official.
    """
    officials: list[User] = []
    if mandate.university is not None and mandate.role != Role.OFFICIAL:
        officials = Mandate.objects.held_at(mandate.university, Role.OFFICIAL).who_may_act(day)
    return officials or Mandate.objects.held_at(None, Role.SECRETARIAT).who_may_act(day)


def desk_is_empty(mandate: Mandate, day: date) -> bool:
    """Whether nobody but the mandate itself is at its desk on `day`."""
    return not _others_at_the_desk(mandate, day)


def _others_at_the_desk(mandate: Mandate, day: date) -> list[Mandate]:
    desk = Mandate.objects.held_at(mandate.university, mandate.role).in_force(day).exclude(pk=mandate.pk)
    return list(desk.select_related("person"))


def words(mandate: Mandate) -> dict[str, Any]:
    """How the sentences about a mandate name its parts."""
    return {
        "person": mandate.person,
        "role": mandate.get_role_display(),
        "place": place(mandate.university),
        "days": days_in_words(mandate.starts_on, mandate.ends_on),
    }


def place(university: University | None) -> str:
    return university.short_name if university else _("CLUSTER")
