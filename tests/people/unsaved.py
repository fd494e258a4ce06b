"""People as a request knows them, with everything they hold at hand: for rules that need no database."""

from datetime import date, timedelta

from django.utils import timezone

from members.models import Mandate, Role, StudentProfile, University, User

DAY = timedelta(days=1)
HERE, ELSEWHERE = University(pk=1, short_name="KTH"), University(pk=2, short_name="UPC")


def today() -> date:
    return timezone.localdate()


def mandate(role, university=HERE, *, person=1, starts=-10, ends=None, **fields):
    """A mandate whose days are counted from today."""
    return Mandate(
        person_id=person, role=role, university=None if role in Role.of_the_consortium else university,
        starts_on=today() + starts * DAY, ends_on=None if ends is None else today() + ends * DAY, **fields,
    )  # fmt: skip


def somebody(*mandates, pk=1, profile=None, **fields):
    """A person as a request knows them: with everything they hold at hand."""
    user = User(pk=pk, email=f"p{pk}@kth.example", **fields)
    user.every_mandate, user.student_profile_or_none = list(mandates), profile
    return user


def holding(role, university=HERE, **days):
    return somebody(mandate(role, university, **days))


def student(state="confirmed", university=HERE, pk=1):
    return somebody(pk=pk, profile=StudentProfile(user_id=pk, university=university, state=state))
