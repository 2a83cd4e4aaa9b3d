"""The teams of a region as a dispatch sees them now: where they stand, what they can do, who may go."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from geo.region.capabilities import parse_capabilities
from geo.region.region import Region
from scenarios.board import Board, TeamStatus
from scenarios.doctrine import DefaultTimes
from scenarios.kept import Kept
from scenarios.plan import PlanWarning

BUSY = ("committed", "en_route", "on_scene", "off_duty")
"""Words of the board for teams that may not be sent; ``returning`` ones are on the road and may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyTeam:
    """One team at the moment of the order.

    Parameters
    ----------
    lon, lat
        Where it stands or was last seen.
    turnout_s
        Order to wheels rolling, 0 for a team on the road.
    available
        Whether it may be sent.
    status
        What the board says; ``available`` without a board.
    """

    id: str
    name_zh: str
    name_en: str
    force: str
    station_id: str
    lon: float
    lat: float
    people: int
    vehicles: int
    capabilities: Mapping[str, int]
    vehicle_class: str
    turnout_s: float
    available: bool = True
    status: str = "available"

    @property
    def mutual_aid(self) -> bool:
        """Whether it belongs to a neighbour."""
        return self.force == "neighbour"


def ready_teams(
    region: Region,
    board: Board | None,
    times: DefaultTimes,
    *,
    mutual_aid: bool,
    engaged: Collection[str] = (),
) -> tuple[tuple[ReadyTeam, ...], tuple[PlanWarning, ...]]:
    """Placed teams in the order of the region, and what was left out or not understood.

    ``engaged`` teams carry out a plan that is looked at again: they may be sent whatever the board says,
    unless off duty.
    Warnings: S250 teams without place, S251 teams on the board that the region does not know, S252 teams
    without stated turnout.
    """
    known = _LISTED.of((region, times.model_dump_json()), lambda: _listed(region, times))
    statuses = {status.id: status for status in board.teams} if board else {}
    teams = tuple(
        _on_the_board(team, statuses.get(team.id), team.id in engaged)
        for team in known.teams
        if mutual_aid or not team.mutual_aid
    )
    unknown = sorted(set(statuses) - known.ids)
    found = (_warning("S250", known.unplaced), _warning("S251", unknown), _warning("S252", known.silent))
    return teams, tuple(warning for warning in found if warning.records)


@dataclass(frozen=True, slots=True)
class _Listed:
    """What the layer ``teams`` says: placed teams at their bases, all ids, ids without place or turnout."""

    teams: tuple[ReadyTeam, ...]
    ids: frozenset[str]
    unplaced: list[str]
    silent: list[str]


_LISTED: Kept[_Listed] = Kept(4)
"""Regions and default times do not change; the table is read once."""


def _listed(region: Region, times: DefaultTimes) -> _Listed:
    table, ids = region.placed("teams"), frozenset(region.table("teams")["id"])
    return _Listed(
        teams=tuple(_team(record, times) for record in table.to_dict("records")),
        ids=ids,
        unplaced=sorted(ids - set(table["id"])),
        silent=table.loc[table["turnout_s"].isna(), "id"].tolist(),
    )


def _team(record: Mapping[Any, Any], times: DefaultTimes) -> ReadyTeam:
    point = record["geometry"]
    force = str(record["force"])
    stated_s = record["turnout_s"]
    return ReadyTeam(
        id=str(record["id"]),
        name_zh=str(record["name_zh"]),
        name_en=str(record["name_en"]),
        force=force,
        station_id=str(record["station_id"]),
        lon=round(point.x, 7),
        lat=round(point.y, 7),
        people=_count(record["people"]),
        vehicles=_count(record["vehicles"]),
        capabilities=parse_capabilities(str(record["capabilities"])),
        vehicle_class=str(record["vehicle_class"]) or times.vehicle_class,
        turnout_s=times.turnout_s(force) if pd.isna(stated_s) else float(stated_s),
    )


def _count(cell: Any) -> int:
    return 0 if pd.isna(cell) else int(cell)


def _on_the_board(team: ReadyTeam, status: TeamStatus | None, engaged: bool) -> ReadyTeam:
    if status is None:
        return team
    lon, lat = status.position or (team.lon, team.lat)
    rolling = status.status in ("en_route", "on_scene", "returning")
    free = status.status not in BUSY or (engaged and status.status != "off_duty")
    return replace(
        team,
        lon=lon,
        lat=lat,
        turnout_s=0.0 if rolling else team.turnout_s,
        available=free,
        status=status.status,
    )


_WORDS = {
    "S250": ("队伍缺少坐标，未参与调度", "teams without coordinates were left out"),
    "S251": ("态势板上的队伍不在区域数据中", "teams on the board that the region does not know"),
    "S252": ("队伍未注明出动时间，按默认值计算", "teams without stated turnout count with the default"),
}


def _warning(code: str, records: list[str]) -> PlanWarning:
    zh, en = _WORDS[code]
    return PlanWarning(code=code, text_zh=zh, text_en=en, layer="teams", records=tuple(map(str, records)))
