"""The list of cotutelles: one's own, those one supervises, those of one's desk."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Count, F, Func, QuerySet, SlugField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.lists import Catalogue, Facet, Flag
from programmes.filters import place_names
from programmes.models import Cotutelle, Side, Turn


class Pair(Func):
    """Both universities of a file as an array, so that one facet counts a file at each of them."""

    template = "ARRAY[%(expressions)s]"
    output_field = ArrayField(SlugField())

    def __init__(self) -> None:
        super().__init__(F("home__slug"), F("partner__slug"))


def seen_by(user: Any) -> QuerySet[Cotutelle]:
    """The rows of the list for `user`, with whose turn it is today."""
    seen = Cotutelle.objects.visible_to(user).with_turn(timezone.localdate())
    return seen.annotate(pair_of=Pair()).with_sides().prefetch_related("supervisors")


def mine_to_do(queryset: QuerySet, request: Any) -> QuerySet:
    waiting = Cotutelle.objects.waiting_for(request.user, timezone.localdate())
    return queryset.filter(pk__in=waiting.values("pk"))


def has_something_to_do(request: Any) -> bool:
    """Candidates and desks act; supervisors and the secretariat only read, or count."""
    return request.user.has_perm("programmes.list_cotutelles") or request.user.student_profile_or_none is not None


def supervisors_at(side: Side) -> Any:
    return lambda row: ", ".join(each.name for each in row.supervisors.all() if each.side == side)


class CotutelleFilter(Catalogue):
    """The rows carry `turn` and `pair_of` (seen_by)."""

    mine = Flag(label=_("To do"), words=_("Waits for me"), keep=mine_to_do, shown=has_something_to_do)
    state = Facet(label=_("State"), path="state", labels=Cotutelle.State)
    turn = Facet(label=_("Whose turn"), path="turn", labels=Turn)
    university = Facet(label=_("University"), path="pair_of", labels=place_names, array=True)

    sorts = {
        "waiting": (_("waiting longest"), ("state_since", "reference")),
        "newest": (_("newest"), ("-created_at", "reference")),
        "end": (_("planned end"), (F("ends_on").asc(nulls_last=True), "reference")),
        "name": (_("name"), ("candidate__family_name", "candidate__given_name", "reference")),
    }
    columns: dict[Any, Any] = {
        _("Reference"): "reference",
        _("Family name"): "candidate.family_name",
        _("Given name"): "candidate.given_name",
        _("Title"): "title",
        _("Field"): "field_id",
        _("Home university"): "home.short_name",
        _("Partner university"): "partner.short_name",
        _("Supervisors at home"): supervisors_at(Side.HOME),
        _("Supervisors at the partner"): supervisors_at(Side.PARTNER),
        _("From"): "starts_on",
        _("Until"): "ends_on",
        _("Months at home"): "home_months",
        _("Months at the partner"): "partner_months",
        _("State"): "get_state_display",
        _("Since"): "state_since",
        _("Whose turn"): lambda row: Turn(row.turn).label,
        _("Signed at home"): "home_signed_on",
        _("Signed at the partner"): "partner_signed_on",
        _("Defended"): "defended_on",
    }

    class Meta:
        model = Cotutelle
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.matching(value)


def counted() -> dict[str, int]:
    """How many files stand in each state: all that the secretariat sees of them. One query."""
    # Drafts are not counted either: that somebody thinks of one is their own affair until it is requested.
    rows = Cotutelle.objects.filter(requested_at__isnull=False).order_by().values_list("state")
    return dict(rows.annotate(n=Count("pk")))
