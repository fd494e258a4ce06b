"""The lists of this room: the catalogue for everybody, the desk of directors and the secretariat."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.eligibility import unmet
from members.filters import country_names, tags_of
from members.lists import Catalogue, Facet, Flag
from members.models import Field, Language, StudentProfile, StudyLevel, Tag, University
from members.models.tags import labels_of
from programmes.models import (
    Framework,
    Intake,
    PartnerRole,
    Pathway,
    Programme,
    ProgrammeKind,
    ProgrammePartner,
    ProgrammeRequirement,
    Revision,
    Tuition,
)


def field_names(codes: list[str]) -> dict[str, str]:
    return dict(Field.objects.filter(code__in=codes).values_list("code", "name"))


def place_names(slugs: list[str]) -> dict[str, str]:
    return dict(University.objects.filter(slug__in=slugs).values_list("slug", "short_name"))


def profile_of(request: Any) -> StudentProfile | None:
    return request.user.student_profile_or_none if request.user.is_authenticated else None


def suited_to(queryset: QuerySet, profile: StudentProfile) -> QuerySet:
    """Programmes of the student's university none of whose blocking requirements speaks against the student.

    What the own university asks of those who come to it is not asked of its own students.
    """
    own_side = ProgrammePartner.objects.filter(programme=OuterRef("pk"), university=profile.university_id)
    asked = ProgrammeRequirement.objects.filter(programme=OuterRef("pk")).filter(
        Q(asked_by__isnull=True) | ~Q(asked_by=profile.university_id)
    )
    # An associated partner takes part without a degree: its students cannot get one from it.
    awarding = own_side.exclude(role=PartnerRole.ASSOCIATED)
    pathways = Pathway.objects.filter(programme=OuterRef("pk"))
    begins_here = ~Exists(pathways) | Exists(pathways.filter(home=profile.university_id))
    return queryset.filter(Exists(awarding), begins_here, ~Exists(asked.filter(unmet(profile))))


def suits_me(queryset: QuerySet, request: Any) -> QuerySet:
    profile = profile_of(request)
    return suited_to(queryset, profile) if profile else queryset


def languages_of(programme: Programme) -> str:
    return ", ".join(str(row) for row in programme.languages.all())


def partners_of(programme: Programme) -> str:
    return "; ".join(str(side) for side in programme.sides)


def pathways_of(programme: Programme) -> str:
    """Each pathway with its semesters: "KTH → KIT: KTH KTH KIT KIT"."""
    drawn = programme.pathways.all()
    return "; ".join(f"{pathway}: {' '.join(str(term.university) for term in pathway.terms)}" for pathway in drawn)


class ProgrammeFilter(Catalogue):
    """The catalogue. The rows carry `closes_first` (ProgrammeQuerySet.with_closing)."""

    suits = Flag(
        label=_("For me"), words=_("I meet the requirements"), keep=suits_me,
        shown=lambda request: profile_of(request) is not None,
    )  # fmt: skip
    open = Flag(
        label=_("Applications"), words=_("Open now"),
        keep=lambda queryset, request: queryset.open_at(timezone.now()),
    )  # fmt: skip
    level = Facet(label=_("Level"), path="level", labels=StudyLevel)
    kind = Facet(label=_("Kind"), path="kind", labels=ProgrammeKind)
    field = Facet(label=_("Field"), path="field_id", labels=field_names)
    tag = Facet(label=_("Tags"), path="tags__slug", labels=labels_of(Tag.Scope.PARTNERSHIPS), many=True)
    side = Facet(label=_("One side at"), path="partners__university__slug", labels=place_names, many=True)
    language = Facet(label=_("Taught in"), path="languages__language", labels=Language, many=True)
    country = Facet(label=_("Country"), path="partners__university__country_id", labels=country_names, many=True)
    tuition = Flag(
        label=_("Tuition"), words=_("Waived at the partner"),
        keep=lambda queryset, request: queryset.filter(tuition__in=[Tuition.HOME, Tuition.FREE]),
    )  # fmt: skip

    sorts = {
        "closing": (_("closing soonest"), (F("closes_first").asc(nulls_last=True), "title", "pk")),
        "title": (_("title"), ("title", "pk")),
        "new": (_("newest"), ("-published_at", "title", "pk")),
    }
    columns: dict[Any, Any] = {
        _("Title"): "title",
        _("Kind"): "get_kind_display",
        _("Level"): "get_level_display",
        _("Partners"): partners_of,
        _("Field"): "field_id",
        _("Field name"): "field.name",
        _("ECTS"): "ects_total",
        _("Split"): "split_line",
        _("Semesters"): "duration_semesters",
        _("Where when"): pathways_of,
        _("Taught in"): languages_of,
        _("Tags"): tags_of,
        _("Degrees awarded"): "award",
        _("Tuition"): "get_tuition_display",
        _("Framework"): "get_framework_display",
        _("Next closing"): "closes_first",
        _("Website"): "website",
        _("Sample"): lambda programme: _("yes") if programme.is_sample else _("no"),
        _("Key"): "slug",
    }

    class Meta:
        model = Programme
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.matching(value)


def in_files(asker: Any) -> list[str]:
    """What only a file or table of programmes shows, to be read once for all rows."""
    return ["tags"] if asker.GET.get("export") else []


def catalogue_at(now: datetime) -> QuerySet:
    """The rows of the catalogue at `now`, the same for everybody."""
    return Programme.objects.in_catalogue().with_closing(now).with_parts()


def waiting(queryset: QuerySet, request: Any) -> QuerySet:
    return queryset.filter(Exists(Revision.objects.in_review().filter(programme=OuterRef("pk"))))


def without_intake(queryset: QuerySet, request: Any) -> QuerySet:
    """Published programmes that nobody can begin: no intake is open or to come."""
    ahead = Intake.objects.ahead_of(timezone.now()).filter(programme=OuterRef("pk"))
    return queryset.filter(~Exists(ahead), state=Programme.State.PUBLISHED)


class DeskFilter(Catalogue):
    """What directors and the secretariat keep. The rows carry `closes_first` and `version_state`."""

    waiting = Flag(label=_("To do"), words=_("With the secretariat"), keep=waiting)
    nothing_ahead = Flag(label=_("Intakes"), words=_("No intake ahead"), keep=without_intake)
    state = Facet(label=_("State"), path="state", labels=Programme.State)
    level = Facet(label=_("Level"), path="level", labels=StudyLevel)
    framework = Facet(label=_("Framework"), path="framework", labels=Framework)
    side = Facet(label=_("One side at"), path="partners__university__slug", labels=place_names, many=True)

    sorts = {
        "waiting": (
            _("waiting longest"),
            (F("waiting_since").asc(nulls_last=True), F("closes_first").asc(nulls_last=True), "title", "pk"),
        ),
        "title": (_("title"), ("title", "pk")),
        "closing": (_("closing soonest"), (F("closes_first").asc(nulls_last=True), "title", "pk")),
    }
    columns: dict[Any, Any] = ProgrammeFilter.columns | {_("State"): "get_state_display"}

    class Meta:
        model = Programme
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.matching(value)
