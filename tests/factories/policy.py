"""The smallest valid bodies and events; situations are traits.

`EventFactory(published=True)` can be registered for; `EventFactory(published=True, quota=1, full=True)` is full.
"""

from datetime import date, timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from policy.models import (
    Body,
    BodyMembership,
    Event,
    EventInvitation,
    EventQuestion,
    EventSeries,
    Material,
    ProgrammeItem,
    Registration,
)
from tests.factories.members import UniversityFactory, UserFactory


def in_days(days: float):
    return factory.LazyFunction(lambda: timezone.now() + timedelta(days=days))


class BodyFactory(DjangoModelFactory):
    class Meta:
        model = Body

    slug = factory.Sequence(lambda n: f"body-{n}")
    name = factory.Sequence(lambda n: f"Working group {n}")
    kind = Body.Kind.WORKING_GROUP


class SeatFactory(DjangoModelFactory):
    """Somebody who has sat in a body since 2020; `SeatFactory(of_university=True)` is the university's own seat."""

    class Meta:
        model = BodyMembership

    class Params:
        chair = factory.Trait(role=BodyMembership.Role.CHAIR)
        secretary = factory.Trait(role=BodyMembership.Role.SECRETARY)
        of_university = factory.Trait(person=None, university=factory.SubFactory(UniversityFactory))

    body = factory.SubFactory(BodyFactory)
    person = factory.SubFactory(UserFactory)
    starts_on = date(2020, 1, 1)


class SeriesFactory(DjangoModelFactory):
    class Meta:
        model = EventSeries

    slug = factory.Sequence(lambda n: f"series-{n}")
    name = factory.Sequence(lambda n: f"Staff week {n}")


class EventFactory(DjangoModelFactory):
    """A draft of an event in four weeks, for everybody, complete but for being published."""

    class Meta:
        model = Event
        skip_postgeneration_save = True

    class Params:
        published = factory.Trait(state=Event.State.PUBLISHED)
        cancelled = factory.Trait(state=Event.State.CANCELLED, cancelled_because="The host cannot receive us.")
        archived = factory.Trait(state=Event.State.ARCHIVED)
        past = factory.Trait(state=Event.State.PUBLISHED, starts_at=in_days(-10), ends_at=in_days(-9))
        members = factory.Trait(audience=Event.Audience.MEMBERS)
        invited = factory.Trait(audience=Event.Audience.INVITED)

    title = factory.Sequence(lambda n: f"Workshop {n}")
    summary = "What the members do about it."
    place = "Leuven"
    time_zone = "Europe/Brussels"
    starts_at = in_days(28)
    ends_at = in_days(29)
    audience = Event.Audience.PUBLIC
    contact_name = "Ada Lind"
    contact_email = "ada.lind@university.example"
    state_since = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def full(self, create, extracted, **kwargs):
        """Somebody has every place."""
        if create and extracted:
            RegistrationFactory.create_batch(self.quota, event=self, approved=True)


class ProgrammeItemFactory(DjangoModelFactory):
    class Meta:
        model = ProgrammeItem

    event = factory.SubFactory(EventFactory)
    starts_at = factory.LazyAttribute(lambda item: item.event.starts_at)
    title = "Opening"


class QuestionFactory(DjangoModelFactory):
    class Meta:
        model = EventQuestion

    event = factory.SubFactory(EventFactory)
    text = factory.Sequence(lambda n: f"What do you eat? {n}")


class InvitationFactory(DjangoModelFactory):
    """The head of a university is invited; give `seat` and no role for a seat in a body."""

    class Meta:
        model = EventInvitation

    class Params:
        accepted = factory.Trait(
            state="accepted",
            answered_at=factory.LazyFunction(timezone.now),
            answered_by=factory.SubFactory(UserFactory),
        )

    event = factory.SubFactory(EventFactory, published=True)
    role = "head"
    university = factory.SubFactory(UniversityFactory)
    invited_at = factory.LazyFunction(timezone.now)


class RegistrationFactory(DjangoModelFactory):
    class Meta:
        model = Registration

    class Params:
        approved = factory.Trait(state="approved")
        attended = factory.Trait(state="attended")
        waiting = factory.Trait(state="waiting", line=factory.Sequence(lambda n: n))
        cancelled = factory.Trait(state="cancelled")
        refused = factory.Trait(state="refused", reason="For heads of office only.")

    event = factory.SubFactory(EventFactory, published=True)
    person = factory.SubFactory(UserFactory)
    state_since = factory.LazyFunction(timezone.now)
    asked_at = factory.LazyFunction(timezone.now)


class MaterialFactory(DjangoModelFactory):
    class Meta:
        model = Material

    event = factory.SubFactory(EventFactory, published=True)
    title = factory.Sequence(lambda n: f"Agenda {n}")
    audience = Material.Audience.PUBLIC
    file = factory.django.FileField(filename="agenda.pdf", data=b"%PDF-1.4 agenda")
    name = "agenda.pdf"
    content_type = "application/pdf"
    size = 15
    sha256 = factory.Sequence(lambda n: f"{n:064x}"[::-1])
    uploaded_by = factory.SubFactory(UserFactory)
