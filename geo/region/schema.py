"""The published JSON Schema of a region's layers, made from ``LAYERS``."""

from typing import Any

from geo.region.layers import CAPABILITIES, LAYERS, Column, Layer

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def region_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a region: an object with an array of records for each layer.

    A record of a layer with places holds its geometry as GeoJSON under ``geometry``, or null while it is not
    placed. ``$defs`` has one schema a layer; its ``properties`` fit the properties of a GeoJSON feature, too.
    Empty cells may be left out. What one record says of another (unique ids, references) is not in a schema;
    ``x-refers-to`` names the layer.
    """
    layers = {name: {"type": "array", "items": {"$ref": f"#/$defs/{name}"}} for name in LAYERS}
    return {
        "$schema": DIALECT,
        "title": "Muster region",
        "type": "object",
        "additionalProperties": False,
        "properties": layers,
        "$defs": {name: _record(layer) for name, layer in LAYERS.items()},
    }


def _record(layer: Layer) -> dict[str, Any]:
    properties = {column.name: _property(column) for column in layer.columns}
    if layer.geometry is not None:
        properties["geometry"] = _place(layer)
    return {
        "title": layer.zh,
        "description": layer.about,
        "type": "object",
        "additionalProperties": False,
        "required": [column.name for column in layer.columns if column.required],
        "properties": properties,
    }


def _place(layer: Layer) -> dict[str, Any]:
    return {
        "type": ["object", "null"],
        "description": "GeoJSON geometry, WGS84 longitude and latitude",
        "required": ["type", "coordinates"],
        "properties": {"type": {"enum": list(layer.geometry_types)}, "coordinates": {"type": "array"}},
    }


def _property(column: Column) -> dict[str, Any]:
    schema: dict[str, Any] = {"title": column.zh, "description": column.about, **_kind(column)}
    if column.at_least is not None:
        schema["minimum"] = column.at_least
    if column.at_most is not None:
        schema["maximum"] = column.at_most
    if column.refers_to is not None:
        schema["x-refers-to"] = column.refers_to
    return schema


def _kind(column: Column) -> dict[str, Any]:
    match column.kind:
        case "text":
            return {"type": "string", "minLength": 1} if column.required else {"type": "string"}
        case "count":
            return {"type": "integer"}
        case "number":
            return {"type": "number"}
        case "date":
            return {"type": "string", "format": "date"}
        case "flag":
            return {"enum": _or_empty(column, ("yes", "no"))}
        case "choice":
            return {"enum": _or_empty(column, column.choices)}
        case "capabilities":
            one = f"({'|'.join(CAPABILITIES)}):[123]"
            return {"type": "string", "pattern": f"^({one}(;{one})*)?$"}


def _or_empty(column: Column, choices: tuple[str, ...]) -> list[str]:
    return list(choices) if column.required else ["", *choices]
