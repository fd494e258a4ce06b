"""What a member of staff publishes about themselves: nothing stands here that they did not write and release."""

import uuid
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.constraints import only_choices
from members.folding import fold
from members.models.details import Unit
from members.models.people import Mandate, User
from members.models.universities import University

KEYWORDS_AT_MOST = 12
KEYWORD_LENGTH = 60


class ExpertAudience(models.TextChoices):
    """Who may see a profile once it is published."""

    PUBLIC = "public", _("Everybody, also without an account")
    MEMBERS = "members", _("People of the consortium's universities")


class ExpertQuerySet(models.QuerySet):
    def published(self) -> "ExpertQuerySet":
        return self.filter(published_at__isnull=False)

    def acting_on(self, day: date) -> "ExpertQuerySet":
        """Those whose person acts for the profile's university on `day`, as holder or as deputy in the deputy's days.

        It is asked and not stored, so a profile vanishes on the day after the mandate ends and nobody must think of it.
        """
        its = Mandate.objects.in_force(day).filter(university=OuterRef("university"))
        deputised = Q(deputy=OuterRef("user")) & _deputy_on(day)
        # EXISTS, because somebody with two mandates there stands in the directory once.
        return self.filter(Exists(its.filter(Q(person=OuterRef("user")) | deputised)), user__is_active=True)

    def visible_to(self, user: Any) -> "ExpertQuerySet":
        """What is published: to everybody where its person chose so, else to people of the consortium.

        Nobody sees more than that, the secretariat neither: an unpublished profile is its person's alone. Nor does
        anybody while the university is archived, whose page the profile leads to.
        """
        seen = self.published().acting_on(timezone.localdate()).filter(university__archived_at__isnull=True)
        return seen if user.has_perm("members.see_members_only") else seen.filter(audience=ExpertAudience.PUBLIC)

    def with_roles(self, day: date) -> "ExpertQuerySet":
        """Add `roles`: what each person holds at the profile's university on `day`, each role once."""
        held = Mandate.objects.in_force(day).filter(person=OuterRef("user"), university=OuterRef("university"))
        return self.annotate(roles=ArraySubquery(held.order_by("role").values("role").distinct()))


def _deputy_on(day: date) -> Q:
    """The deputy's own days, which are narrower than the mandate's; empty is open."""
    begun = Q(deputy_from__isnull=True) | Q(deputy_from__lte=day)
    return begun & (Q(deputy_until__isnull=True) | Q(deputy_until__gte=day))


class Expert(models.Model):
    """The profile of one person, seen by others only while `published_at` is set."""

    Audience = ExpertAudience

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="expert")
    university = models.ForeignKey(
        University, on_delete=models.PROTECT, related_name="experts", verbose_name=_("university")
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.SET_NULL, null=True, blank=True, related_name="experts",
        verbose_name=_("school or department"),
    )  # fmt: skip
    headline = models.CharField(_("what you do"), max_length=120)
    keywords = ArrayField(models.CharField(max_length=KEYWORD_LENGTH), verbose_name=_("expertise"), default=list)
    text = models.TextField(_("about your work"), max_length=1500, blank=True)
    audience = models.CharField(_("who may see it"), max_length=8, choices=Audience, default=Audience.MEMBERS)
    takes_letters = models.BooleanField(_("people may write to me here"), default=True)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    changed_at = models.DateTimeField(editable=False)

    objects = ExpertQuerySet.as_manager()

    class Meta:
        ordering = ["user__family_name", "user__given_name", "pk"]
        verbose_name = _("published profile")
        verbose_name_plural = _("published profiles")
        constraints = [
            only_choices("audience", ExpertAudience),
            models.CheckConstraint(
                condition=Q(keywords__len__gte=1, keywords__len__lte=KEYWORDS_AT_MOST) | Q(published_at__isnull=True),
                name="a_published_profile_says_what_for",
                violation_error_message=_("Name one to twelve fields of expertise before you publish."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)

    def get_absolute_url(self) -> str:
        return reverse("people:expert_detail", args=[self.reference])

    @property
    def is_published(self) -> bool:
        return self.published_at is not None


def tidy_keywords(typed: str, known: dict[str, str] | None = None) -> list[str]:
    """Keywords out of a text with commas, semicolons or lines: each once, accents and case aside.

    `known` maps a folded keyword to how others spell it, so that one field does not become three facets.
    """
    found: dict[str, str] = {}
    for part in typed.replace(";", ",").replace("\n", ",").split(","):
        word = " ".join(part.split())
        if word:
            found.setdefault(fold(word), (known or {}).get(fold(word), word))
    return list(found.values())
