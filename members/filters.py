"""The lists of this room that people search: universities, and for the secretariat what is missing on their pages."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from members.areas import Area
from members.folding import Fold, fold
from members.lists import Catalogue, Facet, Flag
from members.models import Country, Language, Membership, Tag, Unit, University
from members.models.tags import labels_of
from members.models.universities import by_weight
from members.quality import Gap
from members.registries import offering


def country_names(codes: list[str]) -> dict[str, str]:
    return dict(Country.objects.filter(code__in=codes).values_list("code", "name"))


def code_of(scheme: str) -> Callable[[University], str]:
    """A column of the export: the university's code of `scheme`; reads the prefetched identifiers."""
    return lambda university: next((code.value for code in university.identifiers.all() if code.scheme == scheme), "")


def languages_of(university: University) -> str:
    return ", ".join(str(Language(code).label) for code in university.teaching_languages)


def tags_of(tagged: Any) -> str:
    """A column of the export: the labels of the tags; reads the prefetched tags."""
    return ", ".join(str(tag) for tag in tagged.tags.all())


def kind_of(university: University) -> str:
    return str(Membership.Kind(university.kind_now).label) if university.kind_now else ""


class UniversityFilter(Catalogue):
    """The directory. The rows carry `kind_now` (UniversityQuerySet.with_kind)."""

    kind = Facet(label=_("In the consortium"), path="kind_now", labels=Membership.Kind)
    country = Facet(label=_("Country"), path="country_id", labels=country_names)
    alliance = Facet(label=_("European University alliance"), path="alliance")
    language = Facet(label=_("Taught in"), path="teaching_languages", labels=Language, array=True)
    tag = Facet(label=_("Tags"), path="tags__slug", labels=labels_of(Tag.Scope.PARTNERS), many=True)
    # The ground floor knows no programmes: the room above announces which universities have some.
    dual = Flag(
        label=_("Dual degrees"),
        words=_("Has dual degrees"),
        keep=lambda queryset, request: offering(queryset, "dual_degrees"),
    )
    doctorate = Flag(
        label=_("Doctorate"),
        words=_("Signed the dual doctorate framework"),
        keep=lambda queryset, request: queryset.filter(dual_doctorate_signatory=True),
    )
    bbox = Area()

    sorts = {
        "kind": (_("members first"), (by_weight("kind_now"), "short_name")),
        "name": (_("name"), ("short_name",)),
        "country": (_("country"), ("country__name", "city", "short_name")),
        "founded": (_("oldest first"), ("founded", "short_name")),
    }

    columns: dict[Any, Any] = {
        _("Short name"): "short_name",
        _("Name"): "name",
        _("Official name"): "official_name",
        _("Takes part through"): "participating_unit",
        _("In the consortium"): kind_of,
        _("City"): "city",
        _("Country"): "country.name",
        _("Country code"): "country_id",
        _("Latitude"): "latitude",
        _("Longitude"): "longitude",
        _("Time zone"): "time_zone",
        _("Website"): "website",
        _("Founded"): "founded",
        _("Alliance"): "alliance",
        _("Taught in"): languages_of,
        _("Tags"): tags_of,
        _("Erasmus code"): code_of("erasmus"),
        _("PIC"): code_of("pic"),
        _("OID"): code_of("oid"),
        _("SCHAC code"): code_of("schac"),
        _("ROR"): code_of("ror"),
        _("Confirmed"): "confirmed_at",
        _("Slug"): "slug",
    }

    class Meta:
        model = University
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.matching(value, tags=True)


def directory_for(user: Any, day: date) -> QuerySet:
    """The rows of the directory as `user` sees it on `day`."""
    return University.objects.visible_to(user).with_kind(day).select_related("country")


def university_names(slugs: list[str]) -> dict[str, str]:
    return dict(University.objects.filter(slug__in=slugs).values_list("slug", "short_name"))


class UnitFilter(Catalogue):
    """Faculties and departments of all universities."""

    university = Facet(label=_("University"), path="university__slug", labels=university_names)
    country = Facet(label=_("Country"), path="university__country_id", labels=country_names)

    sorts = {
        "university": (_("university"), ("university__short_name", "name", "pk")),
        "name": (_("name"), ("name", "pk")),
    }
    columns: dict[Any, Any] = {
        _("University"): "university.name",
        _("Name"): "name",
        _("Code"): "code",
        _("Website"): "website",
    }

    class Meta:
        model = Unit
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        found = queryset.annotate(plain_name=Fold("name"))
        for word in fold(value).split():
            # Word by word, so that “library kth” finds the library of KTH, whose name does not say so.
            places = University.objects.matching(word).values("pk")
            found = found.filter(Q(plain_name__contains=word) | Q(code__iexact=word) | Q(university__in=places))
        return found


class QualityFilter(Catalogue):
    """The secretariat's board of pages with gaps. The rows carry `kind_now` and `gaps` (members.quality.with_gaps)."""

    gap = Facet(label=_("What is missing"), path="gaps", labels=Gap, array=True)
    kind = Facet(label=_("In the consortium"), path="kind_now", labels=Membership.Kind)
    country = Facet(label=_("Country"), path="country_id", labels=country_names)

    sorts = {
        "gaps": (_("most missing first"), ("-gap_count", "short_name")),
        "stale": (_("longest unconfirmed first"), (F("confirmed_at").asc(nulls_first=True), "short_name")),
        "name": (_("name"), ("short_name",)),
    }

    columns: dict[Any, Any] = {
        _("Short name"): "short_name",
        _("Name"): "name",
        _("In the consortium"): kind_of,
        _("Country"): "country.name",
        _("What is missing"): lambda university: "; ".join(str(Gap(gap).label) for gap in university.gaps),
        _("Page confirmed"): "confirmed_at",
        _("Factsheet confirmed"): "factsheet_confirmed_at",
    }

    class Meta:
        model = University
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.matching(value)
