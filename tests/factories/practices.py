"""The smallest valid practices; situations are traits.

`practice_of(university)` is published, complete and with a topic; `practice_of(university, "submitted")` waits for the
curators. What is needed of versions is made directly; acts are tested by the acts themselves.
"""

from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from members.models import University, User
from practices.content import content_of, fingerprint
from practices.models import (
    Adoption,
    EvidenceFile,
    EvidenceLink,
    Practice,
    PracticeFollow,
    PracticeVersion,
    Topic,
    TopicFollow,
)
from tests.factories.members import UniversityFactory, UserFactory, person_as

WORDS = "Six or more words that say something."


class TopicFactory(DjangoModelFactory):
    """Living labs on the campus; the same row when asked again for the same code."""

    class Meta:
        model = Topic
        django_get_or_create = ("code",)

    code = "campus.03"
    name = factory.LazyAttribute(lambda topic: f"Topic {topic.code}")
    slug = factory.LazyAttribute(lambda topic: topic.code.replace(".", "-").replace("_", "-"))
    pillar = factory.LazyAttribute(
        lambda topic: TopicFactory(code=topic.code.partition(".")[0]) if "." in topic.code else None
    )


class PracticeFactory(DjangoModelFactory):
    """A practice without any version; most tests want `practice_of`."""

    class Meta:
        model = Practice

    university = factory.SubFactory(UniversityFactory)
    owner = factory.SubFactory(UserFactory)


class PracticeVersionFactory(DjangoModelFactory):
    """A complete draft."""

    class Meta:
        model = PracticeVersion

    practice = factory.SubFactory(PracticeFactory)
    number = 1
    title = factory.Sequence(lambda n: f"Thesis topics from the city {n}")
    summary = WORDS
    problem = WORDS
    context = WORDS
    done = WORDS
    cost_eur = 4000
    result = WORDS
    evidence = WORDS
    conditions = WORDS
    contact = factory.SelfAttribute("practice.owner")
    begun_by = factory.SelfAttribute("practice.owner")
    state_since = factory.LazyFunction(timezone.now)


class EvidenceLinkFactory(DjangoModelFactory):
    class Meta:
        model = EvidenceLink

    version = factory.SubFactory(PracticeVersionFactory)
    label = "Survey"
    url = factory.Sequence(lambda n: f"https://survey.example/{n}")


class EvidenceFileFactory(DjangoModelFactory):
    class Meta:
        model = EvidenceFile

    version = factory.SubFactory(PracticeVersionFactory)
    label = "Report"
    file = factory.django.FileField(data=b"%PDF-1.4 report", filename="report.pdf")
    name = "report.pdf"
    content_type = "application/pdf"
    size = 15
    sha256 = factory.Sequence(lambda n: f"{n:064x}"[::-1])
    uploaded_by = factory.SelfAttribute("version.begun_by")


def practice_of(
    university: University | None = None,
    state: str = "published",
    *,
    owner: User | None = None,
    topics: tuple[str, ...] = ("campus.03",),
    **text: Any,
) -> Practice:
    """A practice whose only version stands in `state`; "archived" was published before."""
    university = university or UniversityFactory()
    owner = owner or person_as("director", university)
    practice = PracticeFactory(university=university, owner=owner)
    add_version(practice, "published" if state == "archived" else state, topics=topics, **text)
    if state == "archived":
        practice.move("archive")
    return practice


def add_version(
    practice: Practice, state: str = "draft", *, topics: tuple[str, ...] = ("campus.03",), **text: Any
) -> PracticeVersion:
    """The next version of `practice`, standing in `state`."""
    now = timezone.now()
    number = practice.versions.count() + 1
    version = PracticeVersionFactory(practice=practice, number=number, **text)
    version.topics.set([TopicFactory(code=code) for code in topics])
    if state != "draft":
        version.move("submit", submitted_at=now, submitted_by=practice.owner, sha256=fingerprint(content_of(version)))
    judged = {"judged_at": now, "judged_by": practice.owner}
    transition = {"published": "publish", "changes_asked": "ask_changes", "refused": "refuse"}.get(state)
    if transition:
        version.move(transition, **judged, comment="" if state == "published" else "Say what it cost.")
    practice.latest = version
    practice.save()
    if state == "published":
        first = practice.first_published_at or now
        practice.move("publish", live=version, published_at=now, first_published_at=first)
    return version


class AdoptionFactory(DjangoModelFactory):
    class Meta:
        model = Adoption

    practice = factory.LazyFunction(practice_of)
    university = factory.SubFactory(UniversityFactory)
    adopted_version = factory.SelfAttribute("practice.live")
    since = factory.LazyFunction(timezone.localdate)
    told_by = factory.SubFactory(UserFactory)


class TopicFollowFactory(DjangoModelFactory):
    class Meta:
        model = TopicFollow

    user = factory.SubFactory(UserFactory)
    topic = factory.SubFactory(TopicFactory)


class PracticeFollowFactory(DjangoModelFactory):
    class Meta:
        model = PracticeFollow

    user = factory.SubFactory(UserFactory)
    practice = factory.LazyFunction(practice_of)
