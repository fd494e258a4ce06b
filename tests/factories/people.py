"""Invitations, and requests to be erased."""

from datetime import date, timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from members.models import Erasure, Invitation, Role
from tests.factories.members import UniversityFactory, UserFactory


class InvitationFactory(DjangoModelFactory):
    """An open invitation as exchange coordinator."""

    class Meta:
        model = Invitation

    class Params:
        expired = factory.Trait(expires_at=factory.LazyFunction(lambda: timezone.now() - timedelta(minutes=1)))

    email = factory.Sequence(lambda n: f"new{n}@university.example")
    university = factory.SubFactory(UniversityFactory)
    role = Role.EXCHANGE
    starts_on = date(2026, 1, 1)
    invited_by = factory.SubFactory(UserFactory)
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=14))


class ErasureFactory(DjangoModelFactory):
    """Somebody asked a moment ago to be erased."""

    class Meta:
        model = Erasure

    user = factory.SubFactory(UserFactory)
    asked_at = factory.LazyFunction(timezone.now)
