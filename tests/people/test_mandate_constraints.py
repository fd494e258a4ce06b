"""Each constraint on mandates is broken once, and says its sentence."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from members.models import Mandate, Role
from tests.factories.members import MandateFactory, UniversityFactory, UserFactory

pytestmark = pytest.mark.django_db
JANUARY, JUNE, DECEMBER = date(2027, 1, 1), date(2027, 6, 30), date(2027, 12, 31)


def sentence_of(mandate: Mandate) -> str:
    """What the person reads; the database refuses the same row."""
    with pytest.raises(ValidationError) as told:
        mandate.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        mandate.save()
    return told.value.messages[0]


def a_mandate(**fields) -> Mandate:
    return Mandate(**{"person": UserFactory(), "university": UniversityFactory(), "role": Role.EXCHANGE,
                      "starts_on": JANUARY, **fields})  # fmt: skip


def test_mandate_unknown_role():
    assert "is not a valid choice" in sentence_of(a_mandate(role="king"))


def test_mandate_ends_before_it_starts():
    assert sentence_of(a_mandate(ends_on=date(2026, 12, 31))) == "The first day must not be after the last day."


def test_mandate_deputy_ends_before_starting():
    mandate = a_mandate(deputy=UserFactory(), deputy_from=JUNE, deputy_until=JANUARY)

    assert sentence_of(mandate) == "The first day must not be after the last day."


@pytest.mark.parametrize("role", Role.of_the_consortium)
def test_mandate_of_the_consortium_has_no_university(role):
    assert sentence_of(a_mandate(role=role)) == "This role needs a university; a role of the consortium has none."


def test_mandate_of_a_university_needs_one():
    told = sentence_of(a_mandate(university=None))

    assert told == "This role needs a university; a role of the consortium has none."


def test_mandate_own_deputy():
    person = UserFactory()

    assert sentence_of(a_mandate(person=person, deputy=person)) == "Choose somebody else as deputy."


def test_mandate_same_person_and_role_overlapping():
    held = MandateFactory(starts_on=JANUARY, ends_on=JUNE)
    again = a_mandate(person=held.person, university=held.university, starts_on=JUNE)

    assert sentence_of(again) == "This person already holds this role here in that time."


def test_mandate_same_person_twice_in_the_secretariat():
    held = MandateFactory(secretariat=True)
    again = a_mandate(person=held.person, university=None, role=Role.SECRETARIAT)

    assert sentence_of(again) == "This person already holds this role here in that time."


def test_mandate_second_official_at_a_time():
    held = MandateFactory(official=True, starts_on=JANUARY, ends_on=JUNE)
    second = a_mandate(university=held.university, role=Role.OFFICIAL, starts_on=JUNE)

    assert sentence_of(second) == "This university has an official in that time; end that mandate first."


def test_mandate_two_officials_one_after_the_other():
    held = MandateFactory(official=True, starts_on=JANUARY, ends_on=JUNE)

    a_mandate(university=held.university, role=Role.OFFICIAL, starts_on=date(2027, 7, 1)).full_clean()


def test_mandate_officials_of_two_universities():
    MandateFactory(official=True)

    a_mandate(role=Role.OFFICIAL).full_clean()


def test_mandate_two_people_share_a_role():
    held = MandateFactory()

    a_mandate(university=held.university).full_clean()


@pytest.mark.parametrize(
    ("day", "holder", "deputy"),
    [
        (date(2026, 12, 31), False, False),
        (JANUARY, True, False),
        (JUNE, True, True),
        (date(2027, 7, 1), True, False),
        (DECEMBER, True, False),
        (date(2028, 1, 1), False, False),
    ],
)
def test_may_be_used_by_on_each_day(day, holder, deputy):
    mandate = MandateFactory(starts_on=JANUARY, ends_on=DECEMBER, with_deputy=True, deputy_from=JUNE, deputy_until=JUNE)

    assert (mandate.may_be_used_by(mandate.person, day), mandate.may_be_used_by(mandate.deputy, day)) == (
        holder,
        deputy,
    )
    assert not mandate.may_be_used_by(UserFactory(), day)


def test_who_may_act_holders_and_deputies_once():
    deputy = UserFactory()
    first = MandateFactory(deputy=deputy)
    MandateFactory(university=first.university, person=deputy)
    MandateFactory(university=first.university, ended=True)

    assert set(Mandate.objects.who_may_act(JUNE)) == {first.person, deputy}
