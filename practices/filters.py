"""The lists of this room: the catalogue for everybody, the desk of those who write, the queue of those who judge."""

from typing import Any

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from members.filters import country_names
from members.folding import fold
from members.lists import Catalogue, Facet, Flag
from members.models import University
from practices.models import SHARING, Adoption, Licence, Maturity, Practice, PracticeState, Topic, VersionState

COST_BANDS = {
    "none": _("Nothing bought"),
    "small": _("Up to 10,000 €"),
    "medium": _("10,000 to 100,000 €"),
    "large": _("More than 100,000 €"),
    "unknown": _("Not said"),
}
# Nothing bought is an answer, not said is none: 0 and empty are two bands.
COST_BAND = Case(
    When(live__cost_eur__isnull=True, then=Value("unknown")),
    When(live__cost_eur=0, then=Value("none")),
    When(live__cost_eur__lte=10_000, then=Value("small")),
    When(live__cost_eur__lte=100_000, then=Value("medium")),
    default=Value("large"),
    output_field=CharField(),
)


def bands(found: list[str]) -> dict[str, Any]:
    return {band: COST_BANDS[band] for band in found if band in COST_BANDS}


def topic_names(codes: list[str]) -> dict[str, str]:
    return dict(Topic.objects.filter(code__in=codes).values_list("code", "name"))


def place_names(slugs: list[str]) -> dict[str, str]:
    return dict(University.objects.filter(slug__in=slugs).values_list("slug", "short_name"))


def adopted(queryset: QuerySet, request: Any) -> QuerySet:
    return queryset.filter(Exists(Adoption.objects.in_force().filter(practice=OuterRef("pk"))))


def places_of(request: Any) -> list[University]:
    return request.user.universities_as(*SHARING) if request.user.is_authenticated else []


def adopted_by_us(queryset: QuerySet, request: Any) -> QuerySet:
    places = places_of(request)
    if not places:
        return queryset
    return queryset.filter(Exists(Adoption.objects.in_force().filter(practice=OuterRef("pk"), university__in=places)))


# A visitor may follow the link of somebody who ticked the box: then it narrows nothing.
def followed(queryset: QuerySet, request: Any) -> QuerySet:
    return queryset.filter(follows__user=request.user) if request.user.is_authenticated else queryset


def topics_of(practice: Practice) -> str:
    return "; ".join(topic.name for topic in practice.shown.topics.all())


def catalogue() -> QuerySet:
    """The rows of the catalogue, the same for everybody."""
    return Practice.objects.published().with_adopters().with_frame()


class PracticeFilter(Catalogue):
    """The catalogue. The rows carry `adopters` (PracticeQuerySet.with_adopters) and their live version."""

    pillar = Facet(label=_("Pillar"), path="live__topics__pillar__code", labels=topic_names, many=True)
    topic = Facet(label=_("Topic"), path="live__topics__code", labels=topic_names, many=True)
    maturity = Facet(label=_("Maturity"), path="live__maturity", labels=Maturity)
    adopted = Flag(label=_("Adopted"), words=_("By another university"), keep=adopted)
    ours = Flag(
        label=_("My university"), words=_("We adopted it"), keep=adopted_by_us,
        shown=lambda request: bool(places_of(request)),
    )  # fmt: skip
    followed = Flag(
        label=_("For me"), words=_("I follow it"), keep=followed, shown=lambda request: request.user.is_authenticated
    )
    cost = Facet(label=_("Cost"), path=COST_BAND, labels=bands)
    university = Facet(label=_("University"), path="university__slug", labels=place_names)
    country = Facet(label=_("Country"), path="university__country_id", labels=country_names)

    sorts = {
        "new": (_("newest"), ("-published_at", "pk")),
        "adopted": (_("most adopted"), ("-adopters", "-published_at", "pk")),
        "title": (_("title"), ("live__title", "pk")),
        "cost": (_("least cost"), (F("live__cost_eur").asc(nulls_last=True), "live__title", "pk")),
    }
    columns: dict[Any, Any] = {
        _("Reference"): "reference",
        _("Title"): "title",
        _("In one sentence"): "live.summary",
        _("University"): "university.name",
        _("Country"): "university.country.name",
        _("Topics"): topics_of,
        _("Maturity"): "live.get_maturity_display",
        _("Cost in euros"): "live.cost_eur",
        _("Person-months"): "live.months_words",
        _("Adopted by"): "adopters",
        _("Version"): "live.number",
        _("Published"): "published_at",
        _("Licence"): "live.get_licence_display",
    }

    class Meta:
        model = Practice
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.matching(value)


class DeskFilter(Catalogue):
    """What one keeps, or what waits for one's judgement. The rows carry their latest version."""

    version = Facet(label=_("Version"), path="latest__state", labels=VersionState)
    state = Facet(label=_("Practice"), path="state", labels=PracticeState)
    university = Facet(label=_("University"), path="university__slug", labels=place_names)

    sorts = {
        "waiting": (_("longest waiting first"), (F("latest__state_since").asc(nulls_last=True), "pk")),
        "new": (_("last changed first"), (F("latest__state_since").desc(nulls_last=True), "pk")),
        "title": (_("title"), ("latest__title", "pk")),
    }
    columns: dict[Any, Any] = {
        _("Reference"): "reference",
        _("Title"): "latest.title",
        _("University"): "university.name",
        _("State"): "get_state_display",
        _("Version"): "latest.number",
        _("State of the version"): "latest.get_state_display",
        _("Since"): "latest.state_since",
        _("Licence"): lambda practice: str(Licence(practice.latest.licence).label),
    }

    class Meta:
        model = Practice
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        for word in fold(value).split()[:8]:
            places = University.objects.matching(word).values("pk")
            queryset = queryset.filter(
                Q(latest__search_text__contains=word) | Q(reference__icontains=word) | Q(university__in=places)
            )
        return queryset
