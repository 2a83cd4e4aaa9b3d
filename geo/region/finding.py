"""Findings of the checks: limits they use, and faults that point at a record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from geo.errors import Fault, Severity

LISTED = 50
"""Findings listed one by one for each code and layer; the rest is counted in one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLimits:
    """Limits of the checks, inclusive; sources and reasons stand in ``geo/data/region_checks.yaml``.

    Parameters
    ----------
    far_from_road_m
        A place farther than this from every road is listed.
    dangling_m
        A road end at most this far from a road that it does not join is listed.
    people_difference_share
        A township whose demand differs from its people by more than this share is listed.
    datum_before_m, datum_gain, datum_places
        A layer of at least ``datum_places`` places, at a median of more than ``datum_before_m`` from the
        roads, which comes ``datum_gain`` times nearer by undoing a shift, is listed.
    """

    far_from_road_m: float
    dangling_m: float
    people_difference_share: float
    datum_before_m: float
    datum_gain: float
    datum_places: int


@cache
def shipped_limits() -> CheckLimits:
    """The limits of ``geo/data/region_checks.yaml``."""
    text = (files("geo") / "data" / "region_checks.yaml").read_text(encoding="utf-8")
    return CheckLimits(**{name: entry["value"] for name, entry in yaml.safe_load(text).items()})


def at_record(
    code: str,
    layer: str,
    record: Mapping[Any, Any],
    *,
    found: str,
    wanted: str,
    fix: str,
    severity: Severity = "warning",
) -> Fault:
    """A fault at one record of a layer, named by its id and, where it has one, its name."""
    name = record["name_zh"] or record["name_en"]
    where = f"{layer} {record['id']}" + (f" ({name})" if name else "")
    return Fault(code=code, where=where, found=found, wanted=wanted, fix=fix, severity=severity)


def shortened(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """The faults, at most ``LISTED`` of each code and layer, then one that counts the rest."""
    groups: dict[tuple[str, str], list[Fault]] = {}
    for fault in faults:
        groups.setdefault((fault.code, fault.where.split(" ")[0]), []).append(fault)
    return tuple(fault for (_, layer), group in groups.items() for fault in _cut(layer, group))


def _cut(layer: str, group: list[Fault]) -> list[Fault]:
    if len(group) <= LISTED:
        return group
    last = group[LISTED]
    rest = Fault(
        code=last.code,
        where=layer,
        found=f"{len(group) - LISTED:,} more such records",
        wanted=last.wanted,
        fix=last.fix,
        severity=last.severity,
    )
    return [*group[:LISTED], rest]
