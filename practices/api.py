"""The resource of this room: practices, in the version that everybody reads."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from members.rest.fields import ApiLink, ByUniversity, PageLink
from members.rest.registry import announce
from members.rest.views import Resource
from practices.filters import PracticeFilter, catalogue
from practices.models import Licence, Maturity, Practice


class PracticeSerializer(serializers.ModelSerializer):
    url = ApiLink("practices", "reference")
    page = PageLink()
    university = ByUniversity()
    title = serializers.CharField(source="live.title")
    summary = serializers.CharField(source="live.summary")
    version = serializers.IntegerField(source="live.number")
    maturity = serializers.ChoiceField(source="live.maturity", choices=Maturity.choices)
    topics = serializers.SerializerMethodField(help_text="By their codes; the part before the dot is the pillar.")
    problem = serializers.CharField(source="live.problem")
    context = serializers.CharField(source="live.context")
    done = serializers.CharField(source="live.done", help_text="What was done.")
    cost_eur = serializers.IntegerField(source="live.cost_eur", allow_null=True)
    person_months = serializers.FloatField(source="live.person_months", allow_null=True)
    result = serializers.CharField(source="live.result")
    evidence = serializers.CharField(source="live.evidence")
    conditions = serializers.CharField(source="live.conditions", help_text="What it takes elsewhere.")
    licence = serializers.ChoiceField(source="live.licence", choices=Licence.choices)
    adopters = serializers.IntegerField(help_text="How many other universities say that they use it.")

    class Meta:
        model = Practice
        fields = [
            "reference", "url", "page", "university", "title", "summary", "version", "maturity", "topics", "problem",
            "context", "done", "cost_eur", "person_months", "result", "evidence", "conditions", "licence", "adopters",
            "state", "first_published_at", "published_at", "is_sample",
        ]  # fmt: skip

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_topics(self, practice: Practice) -> list[str]:
        return sorted(topic.code for topic in practice.live.topics.all())


@announce
class Practices(Resource):
    """What works at one university and may work at another, in a fixed frame."""

    resource = "practices"
    label = _("Practices")
    catalogue = PracticeFilter
    serializer_class = PracticeSerializer
    lookup_field = "reference"
    lookup_value_regex = "BP-[0-9A-Z]{4}-[0-9A-Z]{2}"

    def listed(self, user: Any, now: datetime) -> QuerySet:
        return catalogue()

    def visible(self, user: Any, now: datetime) -> QuerySet:
        """Never a version that is not published, whoever asks: those are read on the page."""
        return Practice.objects.visible_to(user).filter(live__isnull=False).with_adopters().with_frame()
