"""The resource of this room: calls for proposals."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from funding.filters import CallFilter, calls_at
from funding.models import Call, CallStage, Status
from members.rest.fields import ApiLink, PageLink
from members.rest.registry import announce
from members.rest.views import Resource


class StageSerializer(serializers.ModelSerializer):
    class Meta:
        model = CallStage
        fields = ["number", "name", "opens_at", "deadline", "time_zone", "note"]


class CallSerializer(serializers.ModelSerializer):
    url = ApiLink("calls")
    page = PageLink()
    status = serializers.ChoiceField(choices=Status.choices, help_text="Where it stands at this moment.")
    programme = serializers.CharField(source="programme.code", help_text="The line of funding, by its code.")
    programme_name = serializers.CharField(source="programme.name")
    framework = serializers.CharField(source="programme.framework")
    funder = serializers.CharField(source="programme.funder")
    fields_of_study = serializers.SerializerMethodField(help_text="By ISCED-F 2013.")
    min_organisations = serializers.IntegerField(source="rules.min_organisations", allow_null=True)
    min_countries = serializers.IntegerField(source="rules.min_countries", allow_null=True)
    deadline = serializers.DateTimeField(source="due_at", allow_null=True, help_text="The next one.")
    deadline_zone = serializers.CharField(source="due_zone", allow_null=True)
    stages = StageSerializer(many=True)
    official_url = serializers.SerializerMethodField(help_text="The text that decides.")

    class Meta:
        model = Call
        fields = [
            "slug", "url", "page", "title", "topic", "status", "programme", "programme_name", "framework", "funder",
            "action_type", "summary", "fields_of_study", "budget_total", "budget_min", "budget_max", "rate",
            "projects_expected", "trl_from", "trl_to", "min_organisations", "min_countries", "deadline",
            "deadline_zone", "stages", "official_url", "state", "published_at", "is_sample",
        ]  # fmt: skip

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_fields_of_study(self, call: Call) -> list[str]:
        return sorted(field.code for field in call.fields.all())

    def get_official_url(self, call: Call) -> str:
        return call.official_source[1]


@announce
class Calls(Resource):
    """Calls for proposals with their stages, money and conditions. `status=open` gives those that are open now."""

    resource = "calls"
    label = _("Funding calls")
    catalogue = CallFilter
    serializer_class = CallSerializer

    def listed(self, user: Any, now: datetime) -> QuerySet:
        return calls_at(now).prefetch_related("stages")

    def visible(self, user: Any, now: datetime) -> QuerySet:
        rows = Call.objects.visible_to(user).with_status(now).select_related("programme")
        return rows.prefetch_related("fields", "stages")
