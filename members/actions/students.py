"""Tying a student to the home university: by the domain of a verified address, or by the office's word."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from members.acts import Refused, record
from members.announcing import tell
from members.models import EmailDomain, JoinedAs, Mandate, Role, StudentProfile, University, User

OFFICE = (Role.EXCHANGE, Role.OFFICIAL)


def university_of(email: str, day: date) -> University | None:
    """The university of the consortium on `day` whose domain `email` ends in; of several the longest domain counts."""
    labels = email.lower().rpartition("@")[2].split(".")
    endings = [".".join(labels[start:]) for start in range(len(labels))]
    present = University.objects.in_consortium(day)
    domains = EmailDomain.objects.filter(domain__in=endings, university__in=present).select_related("university")
    found = max(domains, key=lambda each: len(each.domain), default=None)
    return found.university if found else None


@transaction.atomic
def tie_by_domain(*, user: User, email: str, now: datetime) -> StudentProfile | None:
    """Make `user` a confirmed student of the university that the verified `email` belongs to, if it belongs to one.

    Only for people who signed up as students; a profile that an office refused, or at another university, stays as it
    is. Safe to call again.
    """
    university = university_of(email, localdate(now))
    # Staff have addresses of the same domain, so what people said when they joined has to tell them apart.
    if university is None or user.joined_as != JoinedAs.STUDENT:
        return None
    # Locked as in `choose_home`: an address at one university must not confirm another one that was named meanwhile.
    profile, _made = StudentProfile.objects.select_for_update(of=("self",)).get_or_create(
        user=user, defaults={"university": university, "grade_scale": university.grade_scale}
    )
    is_waiting_here = profile.university_id == university.pk and profile.state == StudentProfile.State.WAITING
    if is_waiting_here and not _was_refused_at(profile, university):
        _confirm_by_domain(profile, email, now)
    return profile


def _was_refused_at(profile: StudentProfile, university: University) -> bool:
    """Whether the last that `university` said of this student was a no, however long ago and whatever came between."""
    told = StudentProfile.pgh_event_model.objects.filter(pgh_obj_id=profile.pk, university=university)
    said = told.filter(state__in=[StudentProfile.State.REFUSED, StudentProfile.State.CONFIRMED]).order_by("-pgh_id")
    # Of the history and not of the row: who moves to another university and back has a clean row.
    return said.values_list("state", flat=True).first() == StudentProfile.State.REFUSED


def _confirm_by_domain(profile: StudentProfile, email: str, now: datetime) -> None:
    domain = email.lower().rpartition("@")[2]
    if profile.move("confirm", confirmed_at=now, confirmed_by_domain=domain):
        record("student.confirmed_by_domain", profile, by=None, after=profile.state, details={"domain": domain})


@transaction.atomic
def choose_home(*, user: User, university: University, now: datetime) -> StudentProfile:
    """The student names the home university; a verified address there confirms it, else its office is asked to.

    At the same university nothing changes, unless its office refused: then it is asked again.
    """
    profile, made = StudentProfile.objects.select_for_update(of=("self",)).get_or_create(
        user=user, defaults={"university": university, "grade_scale": university.grade_scale, "asked_at": now}
    )
    if not made and profile.university_id == university.pk and profile.state != StudentProfile.State.REFUSED:
        return profile
    before = "" if made else profile.state
    if not made:
        _start_anew(profile, university, now)
    record("student.asked", profile, by=user, before=before, after=profile.state, details={"at": university.short_name})
    # After a refusal the office has the word: the address that it did not believe must not overrule it.
    address = None if _was_refused_at(profile, university) else _address_at(user, university, university.day_at(now))
    if address:
        _confirm_by_domain(profile, address, now)
    else:
        _ask_the_office(profile, now)
    return profile


def _address_at(user: User, university: University, day: date) -> str | None:
    """A verified address of `user` that belongs to `university`."""
    addresses = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return next((each for each in addresses if university_of(each, day) == university), None)


def _ask_the_office(profile: StudentProfile, now: datetime) -> None:
    words = {"student": profile.user, "university": profile.university}
    tell(
        recipients=office_of(profile.university, profile.university.day_at(now)),
        subject=_("%(student)s says: I study at %(university)s") % words,
        body=_("Confirm or refuse it on the page of your students. Until then no application can be submitted."),
        key=f"student:{profile.reference}:asks:{now:%Y%m%d%H%M%S}",
        url=reverse("people:student_list"),
    )


def _start_anew(profile: StudentProfile, university: University, now: datetime) -> None:
    """Another home, or the same after a refusal: what was confirmed before no longer counts."""
    changes: dict[str, Any] = {"asked_at": now, "confirmed_at": None, "confirmed_by": None, "confirmed_by_domain": ""}
    if profile.university_id != university.pk:
        changes |= {"university": university, "grade_scale": university.grade_scale, "grade_average": None}
    profile.move("ask_again", **changes)


@transaction.atomic
def confirm(*, profile: StudentProfile, by: User, now: datetime, if_waiting: bool = False) -> StudentProfile:
    """The office says: this is our student. Raises Refused when it was said already.

    An office may change its mind about one it refused; `if_waiting` says that it meant only one who waits.
    """
    before = _held(profile)
    is_meant = before == StudentProfile.State.WAITING or not if_waiting
    if not is_meant or not profile.move("confirm", confirmed_at=now, confirmed_by=by):
        raise Refused(_("%(student)s was confirmed meanwhile.") % {"student": profile.user})
    _record("student.confirmed", profile, by, before)
    tell(
        recipients=[profile.user],
        subject=_("%(university)s confirmed that you study there") % {"university": profile.university},
        body=_("You can now apply for exchange places and dual degrees. A complete profile tells you where you stand."),
        key=f"student:{profile.reference}:confirmed:{now:%Y%m%d%H%M%S}",
        url=reverse("people:profile"),
    )
    return profile


@transaction.atomic
def refuse(*, profile: StudentProfile, reason: str, by: User, now: datetime) -> StudentProfile:
    """The office says: not our student, and why; the student reads the reason and may ask again. Raises Refused."""
    if not reason.strip():
        raise Refused(_("Give the reason; the student will read it."))
    before = _held(profile)
    changes: dict[str, Any] = {"confirmed_at": None, "confirmed_by": None, "confirmed_by_domain": ""}
    if not profile.move("refuse", **changes):
        raise Refused(_("%(student)s was refused meanwhile.") % {"student": profile.user})
    _record("student.refused", profile, by, before, reason=reason)
    tell(
        recipients=[profile.user],
        subject=_("%(university)s could not confirm that you study there") % {"university": profile.university},
        body=_("The office wrote: %(reason)s\n\nPut your profile right and ask again.") % {"reason": reason},
        key=f"student:{profile.reference}:refused:{now:%Y%m%d%H%M%S}",
        url=reverse("people:profile"),
    )
    return profile


@transaction.atomic
def confirm_many(*, profiles: Iterable[StudentProfile], by: User, now: datetime) -> tuple[int, int]:
    """Confirm those of `profiles` that wait; returns how many were confirmed and how many no longer waited."""
    done = left = 0
    for profile in profiles:
        try:
            confirm(profile=profile, by=by, now=now, if_waiting=True)
        except Refused:
            left += 1
        else:
            done += 1
    return done, left


def _held(profile: StudentProfile) -> str:
    """Lock the row, which `choose_home` locks too, and return its state now. Raises Refused when it is of another
    university by now: the office that was read as its own has no say any more.
    """
    stored = StudentProfile.objects.select_for_update(of=("self",)).get(pk=profile.pk)
    if stored.university_id != profile.university_id:
        raise Refused(_("%(student)s named another home university meanwhile.") % {"student": profile.user})
    return stored.state


def office_of(university: University, day: date) -> list[User]:
    """Who confirms students there: the exchange office, else the official, with their deputies."""
    for role in OFFICE:
        people = Mandate.objects.held_at(university, role).who_may_act(day)
        if people:
            return people
    return []


def _record(kind: str, profile: StudentProfile, by: User, before: str, reason: str = "") -> None:
    used = by.mandate_for(*OFFICE, university=profile.university)
    stands_in_for = used.on_behalf_of(by) if used else None
    record(kind, profile, by=by, on_behalf_of=stands_in_for, before=before, after=profile.state, reason=reason)
