"""The list of rounds for everybody, and what a desk can take into its round."""

from typing import Any

from django.db.models import CharField, F, Q, QuerySet, TextChoices
from django.db.models.functions import Left
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models import Kind, Option, Round
from members.folding import Fold, fold
from members.lists import Catalogue, Facet, Flag
from members.models import Country, Field, StudyLevel, Term, University


class Standing(TextChoices):
    """Where a round stands at a moment (RoundQuerySet.with_standing)."""

    OPEN = "open", _("Open now")
    COMING = "coming", _("Coming")
    DRAFT = "draft", _("Drafts of my desk")
    DECIDING = "deciding", _("Closed, being decided")
    PAST = "past", _("Past")


def runner_names(slugs: list[str]) -> dict[str, str]:
    return dict(University.objects.filter(slug__in=slugs).values_list("slug", "short_name"))


def year_names(years: list[Any]) -> dict[Any, str]:
    return {year: f"{int(year)}/{(int(year) + 1) % 100:02d}" for year in years if str(year).isdigit()}


def field_names(codes: list[str]) -> dict[str, str]:
    return dict(Field.objects.filter(code__in=codes).values_list("code", "name"))


def country_names(codes: list[str]) -> dict[str, str]:
    return dict(Country.objects.filter(code__in=codes).values_list("code", "name"))


def is_student(request: Any) -> bool:
    return request.user.is_authenticated and request.user.student_profile_or_none is not None


def for_me(queryset: QuerySet, request: Any) -> QuerySet:
    return (
        queryset.for_students_of(request.user.student_profile_or_none.university) if is_student(request) else queryset
    )


def runs_one(request: Any) -> bool:
    return request.user.has_perm("applications.run_round")


def of_my_desk(queryset: QuerySet, request: Any) -> QuerySet:
    return queryset.filter(pk__in=Round.objects.run_by(request.user).values("pk")) if runs_one(request) else queryset


class RoundFilter(Catalogue):
    """Rounds. The rows carry `standing` and `standing_rank` (RoundQuerySet.with_standing)."""

    me = Flag(label=_("For me"), words=_("I study there"), keep=for_me, shown=is_student)
    desk = Flag(label=_("My desk"), words=_("Run by my desk"), keep=of_my_desk, shown=runs_one)
    standing = Facet(label=_("Standing"), path="standing", labels=Standing)
    kind = Facet(label=_("Kind"), path="kind", labels=Kind)
    year = Facet(label=_("Academic year"), path="academic_year", labels=year_names, coerce=int)
    term = Facet(label=_("Term"), path="term", labels=Term)
    # By the slug: filters stand in addresses, and keys never do.
    university = Facet(label=_("Run by"), path="university__slug", labels=runner_names)

    sorts = {
        "closing": (_("open and closing soonest"), ("standing_rank", "closes_at", "pk")),
        "title": (_("title"), ("title", "pk")),
        "new": (_("latest first"), ("-opens_at", "pk")),
    }
    columns: dict[Any, Any] = {
        _("Title"): "title",
        _("Kind"): "get_kind_display",
        _("Run by"): "university.name",
        _("Academic year"): "year",
        _("Term"): "get_term_display",
        _("Opens"): "opens_at",
        _("Closes"): "closes_at",
        _("Time zone"): "time_zone",
        _("State"): "get_state_display",
        _("To choose from"): "options_offered",
        _("Places"): "places_offered",
        _("Only own students"): "for_own_students",
    }

    class Meta:
        model = Round
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        found = queryset.annotate(plain_title=Fold("title"))
        for word in fold(value).split():
            runners = University.objects.matching(word).values("pk")
            found = found.filter(Q(plain_title__contains=word) | Q(university__in=runners))
        return found


class ChoosableFilter(Catalogue):
    """What a desk can take into its round. The rows carry `places_left`."""

    left = Flag(
        label=_("Places"), words=_("Places left"), keep=lambda queryset, request: queryset.filter(places_left__gt=0)
    )
    term = Facet(label=_("Term"), path="term", labels=Term)
    level = Facet(label=_("Level"), path="level", labels=StudyLevel)
    # The first two of four digits in ISCED-F 2013 are the broad field.
    field = Facet(label=_("Field"), path=Left(F("field_id"), 2, output_field=CharField()), labels=field_names)
    country = Facet(label=_("Country"), path="host__country_id", labels=country_names)
    host = Facet(label=_("Host"), path="host__slug", labels=runner_names)

    sorts = {
        "host": (_("host"), ("host__short_name", "title", "pk")),
        "title": (_("title"), ("title", "pk")),
        "places": (_("most places"), ("-places", "title", "pk")),
    }
    columns: dict[Any, Any] = {
        _("Title"): "title",
        _("Host"): "host.name",
        _("Term"): "get_term_display",
        _("Level"): "get_level_display",
        _("Field"): "field",
        _("Places"): "places",
        _("Places left"): "places_left",
    }

    class Meta:
        model = Option
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        found = queryset.annotate(plain_title=Fold("title"))
        for word in fold(value).split():
            hosts = University.objects.matching(word).values("pk")
            fields = Field.objects.annotate(plain=Fold("name")).filter(plain__contains=word).values("pk")
            found = found.filter(Q(plain_title__contains=word) | Q(host__in=hosts) | Q(field__in=fields))
        return found


def rounds_for(user: Any) -> QuerySet:
    """The rounds a list shows to `user`: what is public, and the drafts of the own desk; archived ones only there."""
    rows = Round.objects.visible_to(user).select_related("university")
    return rows.with_standing(timezone.now()).with_offer()
