"""The factories make valid rows: a test that fails here would fail everywhere else for a reason hard to see."""

import pytest
from django.utils import timezone

from members.models import Role, University
from tests.factories import members as factories

FACTORIES = [
    factory
    for name, factory in vars(factories).items()
    if name.endswith("Factory") and name not in {"DjangoModelFactory", "EmailAddressFactory"}
]


@pytest.mark.django_db
@pytest.mark.parametrize("factory", FACTORIES, ids=lambda factory: factory.__name__)
def test_factory_makes_a_valid_row(factory):
    row = factory()

    row.full_clean()


@pytest.mark.django_db
def test_person_as_holds_the_role_there_and_only_there():
    university = factories.UniversityFactory(member=True)

    coordinator = factories.person_as("exchange", university)

    assert coordinator.holds(Role.EXCHANGE, university=university)
    assert not coordinator.holds(Role.EXCHANGE, university=factories.UniversityFactory())


@pytest.mark.django_db
def test_member_trait_is_a_member_today():
    university = factories.UniversityFactory(member=True)
    factories.UniversityFactory()

    assert list(University.objects.members(timezone.localdate())) == [university]


@pytest.mark.django_db
def test_student_of_belongs_to_the_university():
    university = factories.UniversityFactory()

    assert factories.student_of(university).own_universities() == [university]
