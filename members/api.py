"""The resources of this room: universities and their units."""

from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from members.filters import UnitFilter, UniversityFilter, directory_for
from members.models import Contact, Identifier, Membership, Unit, University, UniversityDocument
from members.rest.fields import ApiLink, ByUniversity, PageLink
from members.rest.registry import announce
from members.rest.tags import TagSerializer
from members.rest.views import Resource


class IdentifierSerializer(serializers.ModelSerializer):
    class Meta:
        model = Identifier
        fields = ["scheme", "value", "of_parent"]


class MembershipSerializer(serializers.ModelSerializer):
    class Meta:
        model = Membership
        fields = ["kind", "starts_on", "ends_on"]


class ContactSerializer(serializers.ModelSerializer):
    email = serializers.SerializerMethodField(help_text="For people who are signed in; visitors write by the page.")

    class Meta:
        model = Contact
        fields = ["purpose", "name", "email", "phone", "link"]

    def get_email(self, contact: Contact) -> str:
        return contact.email if self.context["request"].user.is_authenticated else ""


class DocumentSerializer(serializers.ModelSerializer):
    url = serializers.SerializerMethodField(help_text="Where the file is handed out to its audience.")

    class Meta:
        model = UniversityDocument
        fields = ["title", "kind", "language", "audience", "content_type", "size", "sha256", "url", "is_sample"]

    def get_url(self, document: UniversityDocument) -> str:
        return self.context["request"].build_absolute_uri(document.get_absolute_url())


class UniversitySerializer(serializers.ModelSerializer):
    url = ApiLink("universities")
    page = PageLink()
    kind = serializers.ChoiceField(
        choices=Membership.Kind.choices, source="kind_now", allow_null=True, read_only=True,
        help_text="What it is to the consortium today.",
    )  # fmt: skip
    country = serializers.CharField(source="country_id", help_text="ISO 3166-1, two letters.")
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)
    identifiers = IdentifierSerializer(many=True)
    memberships = MembershipSerializer(many=True)
    contacts = ContactSerializer(many=True, source="shown_contacts", help_text="Those that the reader may see.")
    tags = TagSerializer(many=True, help_text="Words of the secretariat's vocabulary for partners.")
    documents = DocumentSerializer(many=True, source="shown_documents", help_text="Those that the reader may read.")
    is_archived = serializers.SerializerMethodField(help_text="Archived ones are seen by the secretariat only.")

    class Meta:
        model = University
        fields = [
            "slug", "url", "page", "short_name", "name", "official_name", "participating_unit", "kind", "country",
            "city", "latitude", "longitude", "time_zone", "website", "founded", "alliance", "summary", "description",
            "official_languages", "teaching_languages", "dual_doctorate_signatory", "tags", "identifiers",
            "memberships", "contacts", "documents", "confirmed_at", "is_archived",
        ]  # fmt: skip

    def get_is_archived(self, university: University) -> bool:
        return university.archived_at is not None


@announce
class Universities(Resource):
    """Members, associates, partners and former members, with their codes and the contacts that the reader may see."""

    resource = "universities"
    label = _("Universities")
    catalogue = UniversityFilter
    serializer_class = UniversitySerializer

    def listed(self, user: Any, now: datetime) -> QuerySet:
        contacts = Contact.objects.in_force(localdate(now)).visible_to(user).filter(unit=None)
        documents = UniversityDocument.objects.visible_to(user)
        return directory_for(user, localdate(now)).prefetch_related(
            "identifiers",
            "memberships",
            "tags",
            Prefetch("contacts", contacts, to_attr="shown_contacts"),
            Prefetch("documents", documents, to_attr="shown_documents"),
        )


class UnitSerializer(serializers.ModelSerializer):
    url = ApiLink("units", "reference")
    university = ByUniversity()
    part_of = serializers.SerializerMethodField(help_text="The unit above it, by its reference.")

    class Meta:
        model = Unit
        fields = ["reference", "url", "university", "part_of", "name", "code", "website", "is_sample"]

    @extend_schema_field({"type": ["string", "null"], "format": "uuid"})
    def get_part_of(self, unit: Unit) -> str | None:
        return str(unit.parent.reference) if unit.parent else None


@announce
class Units(Resource):
    """Faculties, schools, departments and laboratories of the universities that the reader may see."""

    resource = "units"
    label = _("Units of universities")
    catalogue = UnitFilter
    serializer_class = UnitSerializer
    lookup_field = "reference"
    lookup_value_regex = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

    def listed(self, user: Any, now: datetime) -> QuerySet:
        return Unit.objects.visible_to(user).select_related("university", "parent")
