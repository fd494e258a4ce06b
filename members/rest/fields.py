"""Fields that the resources of several rooms use."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


class ApiLink(serializers.HyperlinkedIdentityField):
    """The address of the row in the API: `ApiLink("rounds")`."""

    def __init__(self, resource: str, lookup_field: str = "slug", **options: Any) -> None:
        options.setdefault("help_text", "Where the API gives it alone.")
        super().__init__(view_name=f"api:{resource}-detail", lookup_field=lookup_field, **options)


@extend_schema_field(OpenApiTypes.URI)
class PageLink(serializers.Field):
    """The address of the page that people read."""

    def __init__(self, **options: Any) -> None:
        super().__init__(source="*", read_only=True, help_text="The page that people read.", **options)

    def to_representation(self, row: Any) -> str:
        return self.context["request"].build_absolute_uri(row.get_absolute_url())


class ByUniversity(serializers.SlugRelatedField):
    """A university by its slug."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", "A university, by its slug.")
        super().__init__(slug_field="slug", read_only=True, **options)
