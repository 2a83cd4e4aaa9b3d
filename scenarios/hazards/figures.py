"""Figures of standards and papers, kept in YAML beside the code with their source and certainty."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Certainty = Literal["high", "medium", "recalled", "assumed"]
"""``high``: read in the source or twice; ``medium``: read once; ``recalled``: not read; ``assumed``."""

ORDER: tuple[Certainty, ...] = ("high", "medium", "recalled", "assumed")


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with where it comes from and how sure that is; the unit stands in the field's name."""

    value: float
    source: str
    certainty: Certainty


@cache
def table(name: str) -> Mapping[str, Any]:
    """The shipped YAML table of that name, e.g. ``"dispersion"``; treat it as read-only."""
    import yaml

    text = (files("scenarios") / "data" / "hazards" / f"{name}.yaml").read_text(encoding="utf-8")
    content = yaml.safe_load(text)
    if not isinstance(content, dict):
        raise TypeError(f"{name}.yaml: want a mapping")
    return content


def figure(name: str, key: str) -> Figure:
    """The figure ``key`` of a shipped table, its source spelled out."""
    entry = table(name)[key]
    return Figure(float(entry["value"]), source(name, entry["source"]), entry["certainty"])


def source(name: str, key: str) -> str:
    """The full source behind a short key of a table; the key itself where it is already a sentence."""
    return str(table(name).get("sources", {}).get(key, key))


def least_certain(*certainties: Certainty) -> Certainty:
    """The weakest of several certainties: a result is no surer than its shakiest figure."""
    return max(certainties, key=ORDER.index)
