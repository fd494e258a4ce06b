"""The resource of this room: events."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from members.rest.fields import ApiLink, ByUniversity, PageLink
from members.rest.registry import announce
from members.rest.views import Resource
from policy.filters import EventFilter, events_for
from policy.models import Event


class EventSerializer(serializers.ModelSerializer):
    """Not here: the link to take part online and whom to ask, which the page shows to those they are for."""

    url = ApiLink("events")
    page = PageLink()
    series = serializers.SlugRelatedField(
        slug_field="slug", read_only=True, allow_null=True, help_text="The series, by its slug."
    )
    body = serializers.SlugRelatedField(
        slug_field="slug", read_only=True, allow_null=True, help_text="The body, by its slug."
    )
    host = ByUniversity(allow_null=True, help_text="The university that receives, by its slug.")

    class Meta:
        model = Event
        fields = [
            "slug", "url", "page", "title", "summary", "description", "series", "body", "host", "place", "venue",
            "is_online", "starts_at", "ends_at", "time_zone", "precision", "audience", "takes_registrations",
            "registration_opens_at", "registration_closes_at", "quota", "state", "cancelled_because", "is_sample",
        ]  # fmt: skip


@announce
class Events(Resource):
    """Events of the consortium: public ones, and for a person those that are for them."""

    resource = "events"
    label = _("Events")
    catalogue = EventFilter
    serializer_class = EventSerializer

    def listed(self, user: Any, now: datetime) -> QuerySet:
        return events_for(user, now)

    def visible(self, user: Any, now: datetime) -> QuerySet:
        return Event.objects.visible_to(user).select_related("series", "body", "host")
