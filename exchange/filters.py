"""The lists of exchange places: the catalogue for everybody, the board of a host's office."""

from datetime import datetime
from typing import Any

from django.db.models import CharField, F, Q, QuerySet
from django.db.models.functions import Coalesce, Left
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exchange.columns import SHEET
from exchange.models import Placement
from members.academic_years import words
from members.filters import country_names
from members.folding import Fold, fold
from members.lists import Catalogue, Facet, Flag
from members.models import Field, Language, StudyLevel, Term, University


def field_names(codes: list[str]) -> dict[str, str]:
    return dict(Field.objects.filter(code__in=codes).values_list("code", "name"))


def host_names(slugs: list[str]) -> dict[str, str]:
    return dict(University.objects.filter(slug__in=slugs).values_list("slug", "short_name"))


def year_names(years: list[Any]) -> dict[Any, str]:
    return {year: words(int(year)) for year in years if str(year).isdigit()}


def matching(queryset: QuerySet, typed: str) -> QuerySet:
    """Placements of which every word typed is found in title, host, field or department; accents do not count."""
    found = queryset.annotate(plain_title=Fold("title"), plain_unit=Fold(Coalesce("unit__name", "unit_name")))
    for word in fold(typed).split():
        fields = Field.objects.annotate(plain=Fold("name")).filter(Q(plain__contains=word) | Q(code__startswith=word))
        found = found.filter(
            Q(plain_title__contains=word)
            | Q(plain_unit__contains=word)
            | Q(host__in=University.objects.matching(word).values("pk"))
            | Q(field__in=fields.values("pk"))
        )
    return found


def profile_of(request: Any) -> Any:
    return request.user.student_profile_or_none if request.user.is_authenticated else None


def has_profile(request: Any) -> bool:
    return profile_of(request) is not None


def open_for_me(queryset: QuerySet, request: Any) -> QuerySet:
    return queryset.open_for(profile_of(request).university, timezone.now()) if has_profile(request) else queryset


def suits_me(queryset: QuerySet, request: Any) -> QuerySet:
    return queryset.suited_to(profile_of(request)) if has_profile(request) else queryset


def home_of(request: Any) -> University | None:
    """The university whose students the reader thinks of: the own home, or for staff the first it acts for."""
    if not request.user.is_authenticated:
        return None
    profile = profile_of(request)
    return profile.university if profile else next(iter(request.user.own_universities()), None)


def has_home(request: Any) -> bool:
    return home_of(request) is not None


def open_to_my_university(queryset: QuerySet, request: Any) -> QuerySet:
    home = home_of(request)
    return queryset.open_to(home) if home else queryset


# The first two of four digits in ISCED-F 2013 are the broad field.
BROAD = Left(F("field_id"), 2, output_field=CharField())


class PlacementFilter(Catalogue):
    """The catalogue. The rows carry `places_left` and `closes_at` (PlacementQuerySet)."""

    me = Flag(label=_("For me"), words=_("Open for me now"), keep=open_for_me, shown=has_profile)
    mine = Flag(label=_("My university"), words=_("Open to my university"), keep=open_to_my_university, shown=has_home)
    suits = Flag(label=_("Requirements"), words=_("I meet the requirements"), keep=suits_me, shown=has_profile)
    left = Flag(
        label=_("Places"), words=_("Places left"), keep=lambda queryset, request: queryset.filter(places_left__gt=0)
    )
    year = Facet(label=_("Academic year"), path="academic_year", labels=year_names, coerce=int)
    term = Facet(label=_("Term"), path="term", labels=Term)
    field = Facet(label=_("Field"), path=BROAD, labels=field_names)
    detail = Facet(label=_("Field in detail"), path="field_id", labels=field_names)
    level = Facet(label=_("Level"), path="level", labels=StudyLevel)
    language = Facet(label=_("Taught in"), path="languages", labels=Language, array=True)
    country = Facet(label=_("Country"), path="host__country_id", labels=country_names)
    host = Facet(label=_("Host"), path="host__slug", labels=host_names)

    sorts = {
        "closing": (_("closing soonest"), (F("closes_at").asc(nulls_last=True), "title", "pk")),
        "title": (_("title"), ("title", "pk")),
        "host": (_("host"), ("host__short_name", "title", "pk")),
        "left": (_("most places left"), ("-places_left", "title", "pk")),
        "new": (_("newest"), ("-state_since", "pk")),
    }
    columns: dict[Any, Any] = {
        _("Title"): "title",
        _("Host"): "host.name",
        _("City"): "host.city",
        _("Country"): "host.country.name",
        _("Field"): "field_id",
        _("Field name"): "field.name",
        _("Level"): "get_level_display",
        _("Academic year"): "year",
        _("Term"): "get_term_display",
        _("Months"): "months",
        _("Taught in"): "language_names",
        _("ECTS at least"): "ects_min",
        _("ECTS at most"): "ects_max",
        _("Places"): "places",
        _("Places left"): "places_left",
        _("Only for students of"): "partner_names",
        _("Next closing"): "closes_at",
        _("Time zone of the closing"): "closing_zone",
        _("Courses"): "courses_url",
        _("Key"): "slug",
    }

    class Meta:
        model = Placement
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return matching(queryset, value)


def placements_for(user: Any, now: datetime) -> QuerySet:
    """The rows of the catalogue as `user` sees it at `now`: published, for this academic year and later."""
    profile = user.student_profile_or_none if user.is_authenticated else None
    published = Placement.objects.published().of_coming_terms(timezone.localdate(now)).with_places_left()
    # For a student the closing of a round that takes them: the date of another university's is none of theirs.
    rows = published.with_closing(now, profile.university if profile else None)
    return rows.select_related("host__country", "field").prefetch_related("only_partners")


class OwnPlacementFilter(Catalogue):
    """What a host's office keeps. The rows carry `taken`, `places_left` and `applicants`.

    The export has the columns of the import, so that a sheet can be edited and read in again.
    """

    state = Facet(label=_("State"), path="state", labels=Placement.State)
    year = Facet(label=_("Academic year"), path="academic_year", labels=year_names, coerce=int)
    term = Facet(label=_("Term"), path="term", labels=Term)
    level = Facet(label=_("Level"), path="level", labels=StudyLevel)
    host = Facet(label=_("Host"), path="host__slug", labels=host_names)

    sorts = {
        "year": (_("newest year"), ("-academic_year", "term", "title", "pk")),
        "title": (_("title"), ("title", "pk")),
        "applicants": (_("most applicants"), ("-applicants", "title", "pk")),
        "left": (_("most places left"), ("-places_left", "title", "pk")),
    }
    columns: dict[Any, Any] = {column.name: column.write for column in SHEET.columns} | {
        "state": "get_state_display",
        "taken": "taken",
        "applicants": "applicants",
    }

    class Meta:
        model = Placement
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return matching(queryset, value)
