"""Invitations, and requests to be erased."""

from datetime import date, timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from members.models import Erasure, Expert, Invitation, Role
from tests.factories.members import MandateFactory, UniversityFactory, UserFactory


class InvitationFactory(DjangoModelFactory):
    """An open invitation as exchange coordinator, by somebody who may give every role."""

    class Meta:
        model = Invitation

    class Params:
        expired = factory.Trait(expires_at=factory.LazyFunction(lambda: timezone.now() - timedelta(minutes=1)))

    email = factory.Sequence(lambda n: f"new{n}@university.example")
    university = factory.SubFactory(UniversityFactory)
    role = Role.EXCHANGE
    starts_on = date(2026, 1, 1)
    invited_by = factory.SubFactory(UserFactory, administrator=True)
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=14))


class ErasureFactory(DjangoModelFactory):
    """Somebody asked a moment ago to be erased."""

    class Meta:
        model = Erasure

    user = factory.SubFactory(UserFactory)
    asked_at = factory.LazyFunction(timezone.now)


class ExpertFactory(DjangoModelFactory):
    """A profile nobody else sees yet, of somebody with a mandate at its university.

    `ExpertFactory(public=True)` is published to everybody, `ExpertFactory(members=True)` to people of the consortium.
    """

    class Meta:
        model = Expert

    class Params:
        mandate = factory.SubFactory(MandateFactory)
        public = factory.Trait(published_at=factory.LazyFunction(timezone.now), audience="public")
        members = factory.Trait(published_at=factory.LazyFunction(timezone.now), audience="members")

    user = factory.SelfAttribute("mandate.person")
    university = factory.SelfAttribute("mandate.university")
    headline = "Professor of photonics"
    keywords = factory.LazyFunction(lambda: ["Photonics", "Urban water"])
    changed_at = factory.LazyFunction(timezone.now)
