"""Units of the numbers in the OpenAPI document, said where the models leave them to a name or to words."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def units() -> Mapping[str, Mapping[str, str]]:
    """The table: ``ends`` of names, and ``names``."""
    text = files("api.schemas").joinpath("units.yaml").read_text(encoding="utf-8")
    table: dict[str, dict[str, str]] = yaml.safe_load(text)
    return table


def unit_of(model: str, field: str) -> str | None:
    """What the table says of a number; ``None`` where it says nothing. The longest ending counts."""
    names, ends = units()["names"], units()["ends"]
    for name in (f"{model}.{field}", field):
        if name in names:
            return names[name]
    fitting = [end for end in ends if field.endswith(end)]
    return ends[max(fitting, key=len)] if fitting else None


def numbers(document: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every property of the document's schemas that holds a number: schema, name, what is said of it."""
    for name, schema in document["components"]["schemas"].items():
        for field, said in schema.get("properties", {}).items():
            if is_number(said):
                yield name, field, said


def is_number(said: Mapping[str, Any]) -> bool:
    """Whether a value is a number, may be one, or is a list or a table of numbers."""
    if said.get("type") in ("number", "integer"):
        return True
    parts = [part for part in (said.get("items"), said.get("additionalProperties")) if isinstance(part, dict)]
    inside = [*said.get("anyOf", ()), *said.get("prefixItems", ()), *filter(None, parts)]
    return any(map(is_number, inside))


def tell_units(document: dict[str, Any]) -> None:
    """Say the unit of every number that the table knows and that no words of its own describe."""
    for model, field, said in numbers(document):
        unit = unit_of(model, field)
        if unit is not None and "description" not in said:
            said["description"] = unit
