"""The database is the last guard: every constraint of the universities' tables is broken once, past all forms."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from members.models import Membership, University
from tests.factories.members import (
    ContactFactory,
    EmailDomainFactory,
    FactFactory,
    FactsheetFactory,
    FactsheetTermFactory,
    GradeScaleFactory,
    IdentifierFactory,
    MembershipFactory,
    UnitFactory,
    UniversityFactory,
    UniversityNameFactory,
)

pytestmark = pytest.mark.django_db
BEFORE, AFTER = date(2020, 1, 1), date(2021, 1, 1)


def twice(factory, **fields):
    """The same row a second time, with one university."""
    factory(**fields)
    factory(**fields)


def own_parent():
    unit = UnitFactory()
    type(unit).objects.filter(pk=unit.pk).update(parent=unit.pk)


CASES = {
    "university_latitude_with_longitude": lambda: UniversityFactory(latitude=1),
    "members_membership_kind_known": lambda: MembershipFactory(kind="friend"),
    "members_membership_starts_on_before_ends_on": lambda: MembershipFactory(starts_on=AFTER, ends_on=BEFORE),
    "one_membership_of_a_kind_at_a_time": lambda: twice(MembershipFactory, university=UniversityFactory()),
    "members_universityname_starts_on_before_ends_on": lambda: UniversityNameFactory(starts_on=AFTER, ends_on=BEFORE),
    "members_universityname_language_is_a_code": lambda: UniversityNameFactory(language="S1"),
    "a_name_once_per_university": lambda: twice(UniversityNameFactory, university=UniversityFactory(), name="X"),
    "members_identifier_scheme_known": lambda: IdentifierFactory(scheme="own"),
    "one_identifier_of_a_scheme_per_university": lambda: twice(IdentifierFactory, university=UniversityFactory()),
    "an_own_identifier_is_unique": lambda: twice(IdentifierFactory, value="Q42"),
    "members_emaildomain_domain_key": lambda: twice(EmailDomainFactory, domain="x.example"),
    "a_unit_once_under_its_parent": lambda: twice(UnitFactory, university=UniversityFactory(), name="X"),
    "a_unit_is_not_its_own_parent": own_parent,
    "members_contact_purpose_known": lambda: ContactFactory(purpose="parties"),
    "members_contact_audience_known": lambda: ContactFactory(audience="friends"),
    "members_contact_starts_on_before_ends_on": lambda: ContactFactory(starts_on=AFTER, ends_on=BEFORE),
    "members_fact_kind_known": lambda: FactFactory(kind="trees"),
    "one_fact_of_a_kind_a_year": lambda: twice(FactFactory, university=UniversityFactory()),
    "members_factsheetterm_term_known": lambda: FactsheetTermFactory(term="summer"),
    "one_set_of_deadlines_a_term": lambda: twice(FactsheetTermFactory, factsheet=FactsheetFactory()),
    "members_factsheetterm_teaching_from_before_teaching_until": lambda: FactsheetTermFactory(
        teaching_from=AFTER, teaching_until=BEFORE
    ),
    "grade_scale_best_differs_from_pass": lambda: GradeScaleFactory(best=18, pass_mark=18),
}


@pytest.mark.parametrize("name", CASES)
def test_the_database_refuses(name):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        CASES[name]()

    assert refused.value.__cause__.diag.constraint_name == name


def test_codes_of_a_parent_may_be_shared():
    twice(IdentifierFactory, value="Q42", of_parent=True)


def test_memberships_of_another_kind_or_another_time_may_follow():
    university = UniversityFactory()
    MembershipFactory(university=university, starts_on=BEFORE, ends_on=AFTER)
    MembershipFactory(university=university, starts_on=date(2021, 1, 2))
    MembershipFactory(university=university, kind="seeep", starts_on=BEFORE)

    assert Membership.objects.filter(university=university).count() == 3


def test_the_weightiest_membership_counts():
    university = UniversityFactory()
    MembershipFactory(university=university, kind="seeep")
    MembershipFactory(university=university, kind="member")

    assert University.objects.with_kind(timezone.localdate()).get().kind_now == "member"
