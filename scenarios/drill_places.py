"""Where calls come from, as nodes with their people and townships."""

from dataclasses import dataclass

import numpy as np

from geo.errors import Fault, InputError, refuse
from geo.region.region import Region
from optimizer.problem import Floats, Int64s
from scenarios.drill_models import DrillScenario
from scenarios.records import meeting
from scenarios.region_travel import region_travel
from scenarios.scenario_models import PLACED

OUTSIDE_M = 20_000.0
"""Farthest from every road that a call is believed to be, metres."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Places:
    """Scenes; ``p`` places.

    Parameters
    ----------
    lonlat
        Shape (p, 2), each place once.
    weight
        People that call, or 1 each, shape (p,).
    township
        Number among ``townships``, -1 = in none that is known, shape (p,).
    logged
        Place of each call of a log, shape (n,).
    off_road_m
        From each place of a log to the nearest road, m, shape (p,); 0 for other places.
    """

    lonlat: Floats
    weight: Floats
    township: Int64s
    townships: tuple[str, ...]
    logged: Int64s
    off_road_m: Floats


def places_of(region: Region, scenario: DrillScenario, vehicle: str) -> Places:
    """The places that calls come from.

    Raises
    ------
    InputError
        S455 calls of a log far outside the region, S466 no placed record that meets the condition.
    """
    townships = tuple(map(str, region.table("townships")["id"]))
    calls = scenario.drill.calls
    if calls.log is not None:
        return _logged(region, scenario, vehicle, townships)
    if calls.where.layer not in PLACED:
        raise refuse(
            "S128", where="drill.calls.where.layer", found=repr(calls.where.layer),
            wanted=f"a layer of points: {', '.join(PLACED)}", fix="Name a layer whose records are points.",
        )  # fmt: skip
    table = meeting(region.placed(calls.where.layer), calls.where.where)
    if not len(table):
        raise refuse(
            "S466", where="drill.calls.where", found=f"no placed record of {calls.where.layer} that meets it",
            wanted="places that calls come from", fix="Correct the condition, or fill in the layer.",
        )  # fmt: skip
    lonlat = np.column_stack([table.geometry.x, table.geometry.y]).round(7)
    people = table["people"].fillna(0).to_numpy(float) if "people" in table else np.ones(len(table))
    row = {name: number for number, name in enumerate(townships)}
    named = table["township_id"] if "township_id" in table else [""] * len(table)
    return Places(
        lonlat=lonlat,
        weight=people if people.sum() > 0 else np.ones(len(table)),
        township=np.array([row.get(str(name), -1) for name in named], np.int64),
        townships=townships,
        logged=np.empty(0, np.int64),
        off_road_m=np.zeros(len(table)),
    )


def _logged(region: Region, scenario: DrillScenario, vehicle: str, townships: tuple[str, ...]) -> Places:
    calls = scenario.drill.calls
    read = calls.read
    at = np.array([(call.lon, call.lat) for call in (read.log if read else ())], float).reshape(-1, 2)
    lonlat, logged = np.unique(at.round(7), axis=0, return_inverse=True)
    off_m = np.zeros(len(lonlat))
    if len(lonlat):
        off_m = region_travel(region, vehicle).snap(lonlat).access_m
        if far := np.flatnonzero(off_m > OUTSIDE_M).tolist():
            raise InputError(
                Fault(
                    code="S455",
                    where=f"{calls.log}, call {int(np.flatnonzero(logged == one)[0]) + 1} in time",
                    found=f"{lonlat[one, 0]:.5f}, {lonlat[one, 1]:.5f}: {off_m[one] / 1000:.0f} km to a road",
                    wanted=f"places within {OUTSIDE_M / 1000:.0f} km of a road of the region",
                    fix="Correct the place, its datum or the order lon, lat; or leave the call out.",
                )
                for one in far[:20]
            )
    return Places(
        lonlat=lonlat,
        weight=np.bincount(logged, minlength=len(lonlat)).astype(float),
        township=_nearest_township(region, lonlat, townships),
        townships=townships,
        logged=logged,
        off_road_m=off_m,
    )


def _nearest_township(region: Region, lonlat: Floats, townships: tuple[str, ...]) -> Int64s:
    """Township of the demand point that lies nearest."""
    from scipy.spatial import KDTree

    table = region.placed("demand")
    if not len(table) or not len(lonlat):
        return np.full(len(lonlat), -1, np.int64)
    scale = np.array([np.cos(np.radians(lonlat[:, 1].mean())), 1.0])
    tree = KDTree(np.column_stack([table.geometry.x, table.geometry.y]) * scale)
    _, nearest = tree.query(lonlat * scale)
    row = {name: number for number, name in enumerate(townships)}
    named = table["township_id"].to_numpy(dtype=object)[nearest]
    return np.array([row.get(str(name), -1) for name in named], np.int64)
