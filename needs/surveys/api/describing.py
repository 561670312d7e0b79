"""The OpenAPI description as a page: the tools that draw one load themselves from elsewhere."""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from django.urls import reverse
from django.utils.translation import gettext

from needs.surveys.api.endpoints import api


def described(absolute: Callable[[str], str]) -> dict[str, Any]:
    schema = api.get_openapi_schema()
    calls = [
        {**_call(operation), "method": method.upper(), "url": unquote(absolute(path))}
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]
    shapes = [_shape(name, shape) for name, shape in sorted(schema["components"]["schemas"].items())]
    return {"calls": calls, "shapes": shapes, "openapi": absolute(reverse("surveys:openapi-json"))}


def _said(text: str) -> str:
    """The description is English for machines; people read it in their language."""
    return gettext(text) if text else ""


def _call(operation: dict[str, Any]) -> dict[str, Any]:
    content = operation["responses"][200]["content"]["application/json"]["schema"]
    return {
        "summary": _said(operation["summary"]),
        "text": _said(operation.get("description", "")),
        "parameters": [_parameter(each) for each in operation["parameters"]],
        "gives": _kind(content),
    }


def _parameter(described: dict[str, Any]) -> dict[str, Any]:
    schema = described["schema"]
    return {
        "name": described["name"],
        "place": described["in"],
        "kind": _kind(schema),
        "default": schema.get("default"),
        "text": _said(described.get("description") or schema.get("description", "")),
    }


def _shape(name: str, shape: dict[str, Any]) -> dict[str, Any]:
    fields = [
        {"name": field, "kind": _kind(schema), "text": _said(schema.get("description", ""))}
        for field, schema in shape.get("properties", {}).items()
    ]
    return {"name": name, "fields": fields, "values": shape.get("enum", ())}


def _kind(schema: dict[str, Any]) -> str:
    """A type in one line: `integer`, `list of ResponseOut`, `string or null`."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " | ".join(_kind(each) for each in schema["anyOf"])
    if schema.get("type") == "array":
        return f"[{_kind(schema['items'])}]"
    return str(schema.get("format") or schema.get("type", "any"))
