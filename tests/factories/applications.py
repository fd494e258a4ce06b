"""The smallest valid rounds, options and applications; situations are traits.

`RoundFactory(open=True)` takes applications now; `ApplicationFactory(submitted=True)` belongs to a confirmed student
of the running university and has one choice. For whole stories (release, waiting list) use
`tests.applications.stories`.
"""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from applications.models import (
    Appeal,
    AppealFile,
    Application,
    Choice,
    Criterion,
    Decision,
    DocumentFile,
    DocumentRequirement,
    DocumentSlot,
    DossierLink,
    LetterTemplate,
    Option,
    OptionRequirement,
    Review,
    Round,
    RoundOption,
    RoundRequirement,
    Score,
)
from tests.factories.members import FieldFactory, UniversityFactory, UserFactory, student_of


def from_now(**distance: int) -> factory.LazyFunction:
    return factory.LazyFunction(lambda: timezone.now() + timedelta(**distance))


class RoundFactory(DjangoModelFactory):
    class Meta:
        model = Round
        skip_postgeneration_save = True

    class Params:
        open = factory.Trait(state=Round.State.PUBLISHED)
        coming = factory.Trait(state=Round.State.PUBLISHED, opens_at=from_now(days=5))
        overdue = factory.Trait(state=Round.State.PUBLISHED, opens_at=from_now(days=-20), closes_at=from_now(hours=-1))
        closed = factory.Trait(state=Round.State.CLOSED, opens_at=from_now(days=-20), closes_at=from_now(days=-1))
        released = factory.Trait(
            state=Round.State.RELEASED, opens_at=from_now(days=-20), closes_at=from_now(days=-9),
            released_at=from_now(days=-1),
        )  # fmt: skip
        dual_degree = factory.Trait(kind="dual_degree")

    slug = factory.Sequence(lambda n: f"round-{n}")
    kind = "exchange"
    university = factory.SubFactory(UniversityFactory)
    title = factory.Sequence(lambda n: f"Exchange round {n}")
    academic_year = 2027
    term = "autumn"
    opens_at = from_now(days=-10)
    closes_at = from_now(days=20)
    time_zone = "Europe/Brussels"
    max_choices = 3


class OptionFactory(DjangoModelFactory):
    """Two places somewhere; `OptionFactory(round=round)` stands to be chosen in that round."""

    class Meta:
        model = Option
        skip_postgeneration_save = True

    kind = "exchange"
    slug = factory.Sequence(lambda n: f"option-{n}")
    title = factory.Sequence(lambda n: f"Mechatronics {n}")
    host = factory.SubFactory(UniversityFactory)
    academic_year = 2027
    term = "autumn"
    level = "master"
    field = factory.SubFactory(FieldFactory)
    places = 2

    @factory.post_generation
    def round(self, create, extracted, **kwargs):
        if create and extracted:
            RoundOption.objects.create(round=extracted, option=self)


class RoundRequirementFactory(DjangoModelFactory):
    class Meta:
        model = RoundRequirement

    round = factory.SubFactory(RoundFactory)
    asks = "ects"
    number = 60


class OptionRequirementFactory(DjangoModelFactory):
    class Meta:
        model = OptionRequirement

    option = factory.SubFactory(OptionFactory)
    asks = "ects"
    number = 60


class DocumentRequirementFactory(DjangoModelFactory):
    class Meta:
        model = DocumentRequirement

    round = factory.SubFactory(RoundFactory)
    name = factory.Sequence(lambda n: f"Transcript {n}")
    position = factory.Sequence(lambda n: n)


class CriterionFactory(DjangoModelFactory):
    class Meta:
        model = Criterion

    round = factory.SubFactory(RoundFactory)
    name = factory.Sequence(lambda n: f"Criterion {n}")
    max_points = 50
    position = factory.Sequence(lambda n: n)


class LetterTemplateFactory(DjangoModelFactory):
    class Meta:
        model = LetterTemplate

    round = factory.SubFactory(RoundFactory)
    outcome = LetterTemplate.Outcome.OFFER
    subject = "A place in {round}"
    body = "Dear {name}, you have a place: {place}. {reason} Answer by {answer_by}. {university}, {reference}"


class ApplicationFactory(DjangoModelFactory):
    """A draft of a confirmed student of the running university, in an open round."""

    class Meta:
        model = Application
        skip_postgeneration_save = True

    class Params:
        submitted = factory.Trait(
            state=Application.State.SUBMITTED, submitted_at=from_now(days=-2), motivation="I want to learn."
        )
        more_info = factory.Trait(
            state=Application.State.MORE_INFO, submitted_at=from_now(days=-2), asked_for="Your transcript, please."
        )
        eligible = factory.Trait(state=Application.State.ELIGIBLE, submitted_at=from_now(days=-2))
        ineligible = factory.Trait(state=Application.State.INELIGIBLE, submitted_at=from_now(days=-2))
        offered = factory.Trait(
            state=Application.State.OFFERED, submitted_at=from_now(days=-9), answer_by=from_now(days=6)
        )
        waitlisted = factory.Trait(state=Application.State.WAITLISTED, submitted_at=from_now(days=-9))
        accepted = factory.Trait(
            state=Application.State.ACCEPTED, submitted_at=from_now(days=-9), answer_by=from_now(days=6)
        )
        rejected = factory.Trait(state=Application.State.REJECTED, submitted_at=from_now(days=-9))
        declined = factory.Trait(state=Application.State.DECLINED, submitted_at=from_now(days=-9))
        expired = factory.Trait(state=Application.State.EXPIRED, submitted_at=from_now(days=-9))
        withdrawn = factory.Trait(state=Application.State.WITHDRAWN)
        lapsed = factory.Trait(state=Application.State.LAPSED)

    reference = factory.Sequence(lambda n: f"EX-T{n:05d}")
    round = factory.SubFactory(RoundFactory, open=True)
    applicant = factory.LazyAttribute(lambda application: student_of(application.round.university))
    state_since = from_now(days=-1)


class ChoiceFactory(DjangoModelFactory):
    class Meta:
        model = Choice

    application = factory.SubFactory(ApplicationFactory)
    option = factory.LazyAttribute(lambda choice: OptionFactory(round=choice.application.round))
    rank = 1


class DocumentSlotFactory(DjangoModelFactory):
    class Meta:
        model = DocumentSlot

    application = factory.SubFactory(ApplicationFactory)
    name = factory.Sequence(lambda n: f"Transcript {n}")
    position = factory.Sequence(lambda n: n + 1)


class DocumentFileFactory(DjangoModelFactory):
    class Meta:
        model = DocumentFile

    slot = factory.SubFactory(DocumentSlotFactory, state=DocumentSlot.State.RECEIVED)
    file = factory.django.FileField(filename="transcript.pdf", data=b"%PDF-1.4 a small one")
    name = "transcript.pdf"
    content_type = "application/pdf"
    size = 20
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    uploaded_by = factory.SelfAttribute("slot.application.applicant")


class DossierLinkFactory(DjangoModelFactory):
    """A link that works; `token` is what its holder has."""

    class Meta:
        model = DossierLink

    class Params:
        token = factory.Sequence(lambda n: f"token-{n}")

    application = factory.SubFactory(ApplicationFactory, submitted=True)
    token_hash = factory.LazyAttribute(lambda link: DossierLink.hash_of(link.token))
    whom = "Prof. Ada Lind"
    made_by = factory.SubFactory(UserFactory)
    made_at = from_now(days=-1)
    expires_at = from_now(days=13)


class ReviewFactory(DjangoModelFactory):
    class Meta:
        model = Review

    class Params:
        finished = factory.Trait(state=Review.State.FINISHED, finished_at=from_now(hours=-3))

    application = factory.SubFactory(ApplicationFactory, eligible=True)
    reviewer = factory.SubFactory(UserFactory)


class ScoreFactory(DjangoModelFactory):
    class Meta:
        model = Score

    review = factory.SubFactory(ReviewFactory, finished=True)
    criterion = factory.LazyAttribute(lambda score: CriterionFactory(round=score.review.application.round))
    points = 40


class DecisionFactory(DjangoModelFactory):
    """A place on the waiting list, prepared; `refused=True` is a released "no place" that can still be appealed."""

    class Meta:
        model = Decision

    class Params:
        refused = factory.Trait(
            application=factory.SubFactory(ApplicationFactory, rejected=True, round__open=False, round__released=True),
            outcome=LetterTemplate.Outcome.REJECT,
            released_by=factory.SubFactory(UserFactory),
            released_at=from_now(days=-1),
            appeal_by=from_now(days=6),
        )

    application = factory.SubFactory(ApplicationFactory, eligible=True)
    outcome = LetterTemplate.Outcome.WAIT
    reason = "All places went to higher scores."
    subject = "Waiting list"
    letter = "Dear student"
    prepared_by = factory.SubFactory(UserFactory)


class AppealFactory(DjangoModelFactory):
    """Filed against a released "no place"; nobody of the office had a part in that decision."""

    class Meta:
        model = Appeal

    class Params:
        dismissed = factory.Trait(
            state=Appeal.State.DISMISSED, reasons="The points are right.", decided_at=from_now(hours=-1),
            decided_by=factory.SubFactory(UserFactory),
        )  # fmt: skip
        withdrawn = factory.Trait(state=Appeal.State.WITHDRAWN)
        late = factory.Trait(filed_at=from_now(days=-20), answer_by=from_now(days=-2))

    application = factory.LazyAttribute(lambda appeal: DecisionFactory(refused=True).application)
    grounds = "My transcript shows 62 credits, you counted 26."
    filed_at = from_now(hours=-20)
    answer_by = from_now(days=13)


class AppealFileFactory(DjangoModelFactory):
    class Meta:
        model = AppealFile

    appeal = factory.SubFactory(AppealFactory)
    position = 1
    file = factory.django.FileField(filename="credits.pdf", data=b"%PDF-1.4 a small one")
    name = "credits.pdf"
    content_type = "application/pdf"
    size = 20
    sha256 = factory.Sequence(lambda n: f"{n + 1000:064x}")
    uploaded_by = factory.SelfAttribute("appeal.application.applicant")
    uploaded_at = from_now(hours=-20)
