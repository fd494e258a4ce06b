"""The resource of this room: exchange places."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from exchange.filters import PlacementFilter, placements_for
from exchange.models import Placement
from members.rest.fields import ApiLink, ByUniversity, PageLink
from members.rest.registry import announce
from members.rest.views import Resource


class PlacementSerializer(serializers.ModelSerializer):
    """Whom to ask is not here: persons stand on the page, where their audience is kept."""

    url = ApiLink("placements")
    page = PageLink()
    host = ByUniversity()
    host_country = serializers.CharField(source="host.country_id", help_text="ISO 3166-1, two letters.")
    field = serializers.CharField(source="field_id", help_text="By ISCED-F 2013.")
    field_name = serializers.CharField(source="field.name")
    faculty = serializers.CharField(source="where", help_text="The faculty or department, in words.")
    only_for = serializers.SerializerMethodField(help_text="Students of these universities only; empty: of all.")
    places_left = serializers.IntegerField(help_text="Offers not yet answered count as taken.")
    closes_at = serializers.DateTimeField(
        allow_null=True, help_text="When the first open round in which it can be chosen closes."
    )
    closing_zone = serializers.CharField(allow_null=True, help_text="The zone in which that deadline was set.")

    class Meta:
        model = Placement
        fields = [
            "slug", "url", "page", "title", "host", "host_country", "academic_year", "term", "level", "field",
            "field_name", "faculty", "places", "places_left", "languages", "months", "starts_on", "ends_on", "ects_min",
            "ects_max", "courses_url", "description", "only_for", "closes_at", "closing_zone", "state", "is_sample",
        ]  # fmt: skip

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_only_for(self, placement: Placement) -> list[str]:
        return sorted(partner.slug for partner in placement.only_partners.all())


@announce
class Placements(Resource):
    """Exchange places of this academic year and later: where, when, in which language, how many are left."""

    resource = "placements"
    label = _("Exchange places")
    catalogue = PlacementFilter
    serializer_class = PlacementSerializer

    def listed(self, user: Any, now: datetime) -> QuerySet:
        return _joined(placements_for(user, now))

    def visible(self, user: Any, now: datetime) -> QuerySet:
        # Wider than the list, which ends with the academic year: the address of an older place stays good.
        return _joined(Placement.objects.visible_to(user).with_places_left().with_closing(now))


def _joined(rows: QuerySet) -> QuerySet:
    return rows.select_related("host", "field", "unit").prefetch_related("only_partners")
