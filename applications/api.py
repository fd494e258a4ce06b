"""The resource of this room: application rounds."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from applications.filters.rounds import RoundFilter, Standing, rounds_for
from applications.models import Round
from members.rest.fields import ApiLink, ByUniversity, PageLink
from members.rest.registry import announce
from members.rest.views import Resource


class RoundSerializer(serializers.ModelSerializer):
    url = ApiLink("rounds")
    page = PageLink()
    university = ByUniversity(help_text="Which university runs it, by slug.")
    standing = serializers.ChoiceField(choices=Standing.choices, help_text="Where it stands at this moment.")
    options_offered = serializers.IntegerField(help_text="How many can be chosen from.")
    places_offered = serializers.IntegerField(help_text="How many places those have.")

    class Meta:
        model = Round
        fields = [
            "slug", "url", "page", "title", "kind", "university", "academic_year", "term", "opens_at", "closes_at",
            "time_zone", "standing", "introduction", "for_own_students", "max_choices", "answer_days",
            "appeal_days", "appeal_answer_days", "options_offered", "places_offered", "is_sample",
        ]  # fmt: skip


@announce
class Rounds(Resource):
    """Windows in which students apply. `standing=open` gives those that take applications now."""

    resource = "rounds"
    label = _("Application rounds")
    catalogue = RoundFilter
    serializer_class = RoundSerializer

    def listed(self, user: Any, now: datetime) -> QuerySet:
        return rounds_for(user)
