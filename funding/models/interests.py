"""Who wants to take part in answering a call, for which university, and as what."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from funding.models.calls import Call
from members.acts import Machine, Versioned
from members.constraints import only_choices
from members.models import Mandate, Role, University
from members.models.universities import tracked

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # without 0, 1, I, L, O and U, which are misread and misheard
MOST_MONTHS = 999


def new_reference() -> str:
    """Short enough to say aloud, too many to guess: "FI-7K3M92Q"."""
    return f"FI-{get_random_string(7, LETTERS)}"


class Part(models.TextChoices):
    """What somebody wants to be in the consortium."""

    COORDINATOR = "coordinator", _("Coordinator")
    WORK_PACKAGE = "work_package", _("Work package lead")
    PARTNER = "partner", _("Partner")


class InterestQuerySet(models.QuerySet):
    def active(self) -> "InterestQuerySet":
        return self.filter(state=Interest.State.ACTIVE)

    def of(self, user: models.Model) -> "InterestQuerySet":
        return self.filter(person=user.pk)

    def visible_to(self, user: models.Model) -> "InterestQuerySet":
        """Active interests in a call are seen by the universities that have one there: by the people who
        expressed it and act for the university still, and by its grant officers. The secretariat sees all, everybody
        their own, and grant officers those of their university, withdrawn ones too.

        Nobody else learns who is interested, or how many.
        """
        if not user.is_authenticated:
            return self.none()
        if user.has_perm("members.curate"):
            return self
        active = Interest.objects.active().order_by()
        of_the_office = Q(university__in=user.universities_as(Role.GRANTS))
        # Not by what was said for a university that one has left: what the others plan stays among those who plan.
        inside = Q(person=user.pk, university__in=user.universities_as(*Role.values)) | of_the_office
        calls = active.filter(inside).values("call")
        return self.filter(Q(person=user.pk) | of_the_office | Q(state=Interest.State.ACTIVE, call__in=calls))

    def still_speaking(self, day: date) -> "InterestQuerySet":
        """Those whose person acts for the university on `day`, as holder of a mandate or as a deputy."""
        return self.with_standing(day).filter(speaks=True)

    def with_standing(self, day: date) -> "InterestQuerySet":
        """Annotate `speaks`: whether the person acts for the university on `day`."""
        mandates = Mandate.objects.in_force(day).filter(university=OuterRef("university")).order_by()
        begun = Q(deputy_from__isnull=True) | Q(deputy_from__lte=day)
        not_over = Q(deputy_until__isnull=True) | Q(deputy_until__gte=day)
        stands_in = Q(deputy=OuterRef("person")) & begun & not_over
        return self.annotate(speaks=Exists(mandates.filter(Q(person=OuterRef("person")) | stands_in)))


class InterestState(models.TextChoices):
    ACTIVE = "active", _("Active")
    WITHDRAWN = "withdrawn", _("Withdrawn")


@tracked()
class Interest(Machine, Versioned):
    """An expression of interest: it binds nobody; a consortium may grow from it."""

    State = InterestState

    TRANSITIONS = {
        "withdraw": ({State.ACTIVE}, State.WITHDRAWN),
        "renew": ({State.WITHDRAWN}, State.ACTIVE),
    }

    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    # Protected, so that calls are archived and never deleted: who expressed an interest still reads in what.
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="interests")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="funding_interests")
    university = models.ForeignKey(
        University, on_delete=models.PROTECT, related_name="funding_interests", verbose_name=_("for")
    )
    part = models.CharField(_("as"), max_length=14, choices=Part)
    expertise = ArrayField(
        models.CharField(max_length=60), default=list, verbose_name=_("what you bring"),
        help_text=_("Keywords with commas between them: power electronics, digital twins."),
    )  # fmt: skip
    person_months = models.PositiveSmallIntegerField(
        _("effort, person-months"), null=True, blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_MONTHS)],
    )  # fmt: skip
    message = models.TextField(
        _("message to the others"), max_length=2000, blank=True, help_text=_("Whom you look for, what you plan.")
    )
    state = models.CharField(max_length=10, choices=InterestState, default=InterestState.ACTIVE)
    state_since = models.DateTimeField()
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = InterestQuerySet.as_manager()

    class Meta:
        ordering = ["call", "created_at", "pk"]
        indexes = [models.Index(fields=["call", "state"], name="interest_in_a_call")]
        constraints = [
            only_choices("part", Part),
            only_choices("state", InterestState),
            # Whatever its state: who withdrew takes the same row up again, and its history goes on.
            models.UniqueConstraint(
                fields=["call", "person", "university"], name="one_interest_per_person_and_university",
                violation_error_message=_("You have expressed your interest for this university already."),
            ),
            models.CheckConstraint(
                condition=Q(expertise__len__gt=0), name="an_interest_says_what_it_brings",
                violation_error_message=_("Say what you bring."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.person}, {self.university}: {self.call}"

    @property
    def is_active(self) -> bool:
        return self.state == self.State.ACTIVE
