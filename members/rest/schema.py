"""How a resource is described in the OpenAPI document, from the same catalogue that answers."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiResponse
from rest_framework.serializers import ModelSerializer

from members.areas import Area
from members.lists import Catalogue, Facet, Flag
from members.rest import asking
from members.rest.problems import CONTENT_TYPE, ProblemSerializer

PLAIN = "^[^\\u0000-\\u001f\\u007f]*$"
SOMETHING = "^[^\\u0000-\\u001f\\u007f]+$"
PROBLEMS = {
    401: "The token is not known, expired, revoked, or its account is closed.",
    403: "The token's scope does not reach here, or the filter is not for this person.",
    404: "There is nothing, or nothing that this reader may see.",
    406: "Only `application/json` is spoken here.",
    429: "Too many requests; `Retry-After` says how many seconds to wait.",
}
CONDITIONAL = {
    "ETag": {"schema": {"type": "string"}, "description": "Send it back as `If-None-Match`."},
    "Cache-Control": {"schema": {"type": "string"}, "description": "How long the answer may be kept, and by whom."},
}


class ResourceSchema(AutoSchema):
    """Filters by name with their values, one envelope for lists, problems for all that goes wrong."""

    @property
    def is_list(self) -> bool:
        return self.view.action == "list"

    def get_operation_id(self) -> str:
        return f"{self.view.resource}_{'list' if self.is_list else 'detail'}"

    def get_auth(self) -> list[dict[str, list[str]]]:
        """Nobody has to be somebody."""
        return [{}, *super().get_auth()]

    def get_tags(self) -> list[str]:
        return [self.view.resource]

    def get_summary(self) -> str:
        return f"List {self.view.resource}" if self.is_list else f"One of {self.view.resource}"

    def get_description(self) -> str:
        return (type(self.view).__doc__ or "").strip() if self.is_list else ""

    def _is_list_view(self, serializer: Any = None) -> bool:
        return self.is_list

    def _get_paginator(self) -> None:
        """Paging is among the parameters below."""

    def _resolve_path_parameters(self, variables: list[str]) -> list[dict[str, Any]]:
        pattern = f"^{self.view.lookup_value_regex}$"
        return [
            {"in": "path", "name": name, "required": True, "schema": {"type": "string", "pattern": pattern}}
            for name in variables
        ]

    def _get_filter_parameters(self) -> list[dict[str, Any]]:
        return parameters_of(self.view.catalogue) if self.is_list else []

    def get_response_serializers(self) -> dict[Any, Any]:
        problems = dict(PROBLEMS)
        if self.is_list:
            problems[400] = "A parameter is unknown or its value is not possible; `errors` names it."
        found: dict[Any, Any] = {
            (code, CONTENT_TYPE): OpenApiResponse(ProblemSerializer, description=words)
            for code, words in sorted(problems.items())
        }
        said = {304: "Nothing changed.", 414: "The address is longer than the server reads, 8190 bytes."}
        bare = {code: OpenApiResponse(description=words) for code, words in said.items()}
        return {200: self._get_serializer(), **bare, **found}

    def _postprocess_serializer_schema(self, schema: Any, serializer: Any, direction: str) -> Any:
        """Everything that a row tells is always there."""
        schema = super()._postprocess_serializer_schema(schema, serializer, direction)
        if isinstance(serializer, ModelSerializer):
            schema["required"] = list(schema["properties"])
        return schema

    def _get_response_for_code(
        self, serializer: Any, status_code: str, media_types: Any = None, direction: str = "response"
    ) -> dict[str, Any]:
        told = super()._get_response_for_code(serializer, status_code, media_types, direction)
        if status_code == "200":
            schema = told["content"]["application/json"]["schema"]
            told["content"]["application/json"]["schema"] = envelope(_row(schema)) if self.is_list else schema
            told["headers"] = CONDITIONAL
            told["description"] = "One page of the list." if self.is_list else "The row."
        return told


def without_marks(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Take the generator's own marks out of the document."""
    for component in result["components"]["schemas"].values():
        for told in component.get("properties", {}).values():
            told.pop("x-spec-enum-id", None)
            told.get("items", {}).pop("x-spec-enum-id", None)
    return result


def _row(schema: dict[str, Any]) -> dict[str, Any]:
    return schema["items"] if schema.get("type") == "array" else schema


def envelope(row: dict[str, Any]) -> dict[str, Any]:
    """One page of a list."""
    number = {"type": "integer", "minimum": 0}
    link = {"type": ["string", "null"], "format": "uri"}
    properties = {
        "count": number | {"description": "How many rows there are in all."},
        "page": number | {"description": "Which page this is."},
        "pages": number | {"description": "How many pages there are."},
        "page_size": number | {"description": "How many rows a page has at most."},
        "next": link | {"description": "The next page, if there is one."},
        "previous": link | {"description": "The page before, if there is one."},
        "results": {"type": "array", "items": row},
    }
    return {"type": "object", "properties": properties, "required": list(properties)}


def parameters_of(catalogue: type[Catalogue]) -> list[dict[str, Any]]:
    """The filters of the page's list, search, sort and pages."""
    found = [_parameter(name, chosen) for name, chosen in catalogue.base_filters.items()]
    orders = "; ".join(f"`{key}`: {words}" for key, (words, _order) in catalogue.sorts.items())
    first = next(iter(catalogue.sorts))
    sort = {"type": "string", "enum": list(catalogue.sorts), "default": first}
    page = {"type": "integer", "minimum": 1, "maximum": asking.LAST_PAGE, "default": 1}
    size = {"type": "integer", "minimum": 1, "maximum": asking.LARGEST_PAGE_SIZE, "default": asking.PAGE_SIZE}
    return [
        *found,
        _in_query("sort", sort, f"The order. {orders}."),
        _in_query("page", page, "Which page."),
        _in_query("page_size", size, "How many rows a page has."),
    ]


def _parameter(name: str, chosen: Any) -> dict[str, Any]:
    if isinstance(chosen, Flag):
        return _in_query(name, {"type": "string", "enum": ["yes"]}, f"{chosen.label}: {chosen.words}.")
    if isinstance(chosen, Facet):
        words = f"{chosen.label}. Repeat it to allow several values."
        values = {"type": "array", "items": _value(chosen), "maxItems": asking.MOST_VALUES}
        return _in_query(name, values, words) | {"style": "form", "explode": True}
    if isinstance(chosen, Area):
        number = {"type": "number", "minimum": -180, "maximum": 180}
        schema = {"type": "array", "items": number, "minItems": 4, "maxItems": 4}
        words = f"{chosen.label}: west, south, east, north in degrees, as in GeoJSON, parted by commas."
        return _in_query(name, schema, words) | {"style": "form", "explode": False}
    schema = {"type": "string", "maxLength": asking.LONGEST_VALUE, "pattern": PLAIN}
    return _in_query(name, schema, "Words to search for; accents do not count.")


def _value(facet: Facet) -> dict[str, Any]:
    if facet.choices:
        return {"type": "string", "enum": facet.choices}
    if facet.coerce is int:
        return {"type": "integer", "minimum": 0, "maximum": 9999}
    return {"type": "string", "minLength": 1, "maxLength": asking.LONGEST_VALUE, "pattern": SOMETHING}


def _in_query(name: str, schema: dict[str, Any], words: str) -> dict[str, Any]:
    return {"in": "query", "name": name, "required": False, "schema": schema, "description": words}
