"""The page about the API, made from the OpenAPI document: what there is to ask, and what comes back."""

import re
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from members.rest.registry import resources

FORMATS = {
    "uri": _("address"),
    "date": _("day"),
    "date-time": _("moment, UTC"),
    "uuid": _("UUID"),
    "email": _("e-mail"),
}
TYPES = {"string": _("text"), "integer": _("whole number"), "number": _("number"), "boolean": _("yes or no")}
CODE = re.compile(r"`([^`]+)`")


def page(document: dict[str, Any], base: str) -> list[dict[str, Any]]:
    """Each resource with its parameters and the fields of a row; `base` is where the portal stands."""
    return [_resource(document, resource, base) for resource in resources()]


def _resource(document: dict[str, Any], resource: Any, base: str) -> dict[str, Any]:
    path = f"/api/v1/{resource.resource}/"
    asked = document["paths"][path]["get"]
    envelope = asked["responses"]["200"]["content"]["application/json"]["schema"]
    row = envelope["properties"]["results"]["items"]["$ref"].rpartition("/")[2]
    return {
        "name": resource.resource,
        "label": resource.label,
        "about": coded(asked["description"]),
        "path": path,
        "one": next(found for found in document["paths"] if found.startswith(f"{path}{{")),
        "url": f"{base}{path}",
        "parameters": [_parameter(parameter) for parameter in asked["parameters"]],
        "fields": list(_fields(document["components"]["schemas"], row)),
    }


def _parameter(told: dict[str, Any]) -> dict[str, Any]:
    schema = told["schema"]
    values = schema.get("enum") or schema.get("items", {}).get("enum") or []
    return {"name": told["name"], "about": coded(told["description"]), "type": _type(schema), "values": values}


def _fields(components: dict[str, Any], name: str, above: str = "") -> Any:
    """The fields of a row, those of the rows within it after a dot."""
    for field, schema in components[name]["properties"].items():
        inner = schema.get("items", schema)
        about = schema.get("description") or schema.get("title", "")
        values = [value for value in schema.get("enum") or inner.get("enum") or [] if value]
        yield {
            "name": f"{above}{field}",
            "type": _type(schema),
            "about": coded(about.partition("* `")[0].strip()),
            "values": values,
        }
        if "$ref" in inner:
            yield from _fields(components, inner["$ref"].rpartition("/")[2], f"{above}{field}.")


def _type(schema: dict[str, Any]) -> str:
    """A type in words: "list of text", "moment, UTC, or null"."""
    if "oneOf" in schema:
        return _type(schema["oneOf"][0])
    found = schema.get("type", "object")
    kinds = found if isinstance(found, list) else [found]
    kind = next((kind for kind in kinds if kind != "null"), "object")
    if kind == "array":
        inner = schema["items"]
        words = _now("list") if "$ref" in inner else _now("list of %(what)s") % {"what": _type(inner)}
    else:
        words = str(FORMATS.get(schema.get("format", "")) or TYPES.get(kind, kind))
    return _now("%(what)s, or null") % {"what": words} if "null" in kinds else words


def coded(text: str) -> SafeString:
    """What stands between backticks as code."""
    return mark_safe(CODE.sub(r"<code>\1</code>", escape(text)))
