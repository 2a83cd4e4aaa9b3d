"""Teams whose stated position cannot be true, or is of no use: far from every road of the region."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from geo.region.region import Region
from scenarios.dispatch_teams import ReadyTeam
from scenarios.plan import PlanWarning
from scenarios.region_travel import region_travel

FARTHEST_M = 20_000.0
"""Farthest from a road that a team is believed to stand, metres: a receiver without fix says 0, 0."""


def near_roads(
    region: Region, teams: Sequence[ReadyTeam]
) -> tuple[tuple[ReadyTeam, ...], tuple[PlanWarning, ...]]:
    """The teams, those farther than ``FARTHEST_M`` from a road not available; S254 names them.

    Raises
    ------
    InputError
        S213 for a vehicle class that nobody describes.
    """
    away: set[str] = set()
    for vehicle in sorted({team.vehicle_class for team in teams}):
        here = [team for team in teams if team.vehicle_class == vehicle]
        lonlat = np.array([(team.lon, team.lat) for team in here], np.float64)
        off_m = region_travel(region, vehicle).snap(lonlat).access_m
        away |= {team.id for team, metres in zip(here, off_m.tolist(), strict=True) if metres > FARTHEST_M}
    if not away:
        return tuple(teams), ()
    zh, en = (
        "队伍位置远离所有道路，未参与调度",
        "teams far from every road were left out: look at their position",
    )
    named = tuple(team.id for team in teams if team.id in away)
    return (
        tuple(replace(team, available=team.available and team.id not in away) for team in teams),
        (PlanWarning(code="S254", text_zh=zh, text_en=en, layer="teams", records=named),),
    )
