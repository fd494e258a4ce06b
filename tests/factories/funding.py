"""The smallest valid funding calls; situations are traits.

`CallFactory(open=True)` is published and closes in thirty days; `InterestFactory(call=call)` somebody who wants a part.
"""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from funding.models import ActionType, Call, CallFollow, CallStage, FundingProgramme, Interest, Part
from tests.factories.members import MandateFactory, UniversityFactory, UserFactory


def days(number: float):
    return factory.LazyFunction(lambda: timezone.now() + timedelta(days=number))


class FundingProgrammeFactory(DjangoModelFactory):
    """A line of Horizon Europe: three organisations from three countries, one of them in a member state."""

    class Meta:
        model = FundingProgramme
        django_get_or_create = ("code",)

    code = "HE-RIA"
    framework = "Horizon Europe"
    pillar = "II"
    name = "Research and innovation action"
    action_type = ActionType.RIA
    funder = "European Commission"
    official_source = "Work programme"
    official_url = "https://programme.example/"
    min_organisations = 3
    min_countries = 3
    min_member_states = 1
    scopes = ["MS", "AC"]
    independent = True


class CallFactory(DjangoModelFactory):
    """A draft without stages; published ones have one stage."""

    class Meta:
        model = Call
        skip_postgeneration_save = True

    class Params:
        open = factory.Trait(
            state="published",
            stage=factory.RelatedFactory("tests.factories.funding.StageFactory", factory_related_name="call"),
        )
        forthcoming = factory.Trait(
            state="published",
            stage=factory.RelatedFactory(
                "tests.factories.funding.StageFactory",
                factory_related_name="call",
                opens_at=days(10),
                deadline=days(60),
            ),
        )
        closed = factory.Trait(
            state="published",
            stage=factory.RelatedFactory(
                "tests.factories.funding.StageFactory",
                factory_related_name="call",
                opens_at=days(-60),
                deadline=days(-5),
            ),
        )
        proposed = factory.Trait(
            state="proposed",
            stage=factory.RelatedFactory("tests.factories.funding.StageFactory", factory_related_name="call"),
        )
        drafted = factory.Trait(
            stage=factory.RelatedFactory("tests.factories.funding.StageFactory", factory_related_name="call")
        )

    programme = factory.SubFactory(FundingProgrammeFactory)
    action_type = ActionType.RIA
    title = factory.Sequence(lambda n: f"Clean engines {n}")
    summary = "Engines that burn nothing."
    state = Call.State.DRAFT
    state_since = factory.LazyFunction(timezone.now)
    published_at = factory.LazyAttribute(lambda call: call.state_since if call.state == "published" else None)
    news_at = factory.SelfAttribute("published_at")


class StageFactory(DjangoModelFactory):
    """Opened ten days ago, closes in thirty."""

    class Meta:
        model = CallStage

    call = factory.SubFactory(CallFactory)
    opens_at = days(-10)
    deadline = days(30)


class InterestFactory(DjangoModelFactory):
    """Somebody with a mandate at a university of its own who wants to be a partner."""

    class Meta:
        model = Interest

    class Params:
        withdrawn = factory.Trait(state=Interest.State.WITHDRAWN)

    call = factory.SubFactory(CallFactory, open=True)
    university = factory.SubFactory(UniversityFactory, member=True)
    person = factory.LazyAttribute(lambda made: MandateFactory(coordinator=True, university=made.university).person)
    part = Part.PARTNER
    expertise = ["power electronics"]
    state_since = factory.LazyFunction(timezone.now)


class FollowFactory(DjangoModelFactory):
    class Meta:
        model = CallFollow

    call = factory.SubFactory(CallFactory, open=True)
    user = factory.SubFactory(UserFactory)
