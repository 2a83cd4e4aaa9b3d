"""What a plan rests on, kept beside it, and what has changed since: no old plan is committed unseen."""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

import numpy as np
from pyproj import Geod
from shapely import Point
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from api.store.tables import ClosureRow, IncidentRow, RegionRow, TeamRow, ZoneRow

FREE = ("available", "returning")
"""What teams do that may be sent."""
MOVED_M = 1_000.0
"""A team sent that has moved farther than this since is a change, metres."""
_UNDER_WAY = {"committed": "under way", "en_route": "under way"}


class TeamSeen(TypedDict):
    """A team as the plan saw it."""

    status: str
    lonlat: list[float] | None


class Snapshot(TypedDict):
    """What a plan rests on; ``zones``: digests of the zones of other incidents that close roads."""

    region: str
    incidents: dict[str, int]
    closures: list[str]
    zones: dict[str, str]
    teams: dict[str, TeamSeen]


class Change(TypedDict):
    """One thing that is otherwise now; ``kind`` of record, its id, and what is new, as words."""

    kind: str
    id: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a plan of some incidents rests on, read once.

    Parameters
    ----------
    incidents
        Those of the plan by id, closed ones too.
    teams
        Id, status, position and its time of every team in the region, by id.
    closures
        Those in force, by id.
    zones
        Of other incidents that go on, where they close roads; by incident and id.
    """

    region: RegionRow
    incidents: Mapping[str, IncidentRow]
    teams: Sequence[Row[str, str, Point | None, datetime | None]]
    closures: Sequence[ClosureRow]
    zones: Sequence[ZoneRow]


def standing(session: Session, incident_ids: Sequence[str]) -> Standing:
    """The present state, as far as a plan of these incidents rests on it."""
    columns = (TeamRow.id, TeamRow.status, TeamRow.position, TeamRow.position_at)
    of_plan = session.scalars(select(IncidentRow).where(IncidentRow.id.in_(incident_ids)))
    closed = select(ClosureRow).where(ClosureRow.lifted_at.is_(None)).order_by(ClosureRow.id)
    zones = (
        select(ZoneRow)
        .join(IncidentRow, IncidentRow.id == ZoneRow.incident_id)
        .where(
            IncidentRow.closed_at.is_(None), ZoneRow.closes_roads, ZoneRow.incident_id.not_in(incident_ids)
        )
        .order_by(ZoneRow.incident_id, ZoneRow.id)
    )
    return Standing(
        region=session.scalars(select(RegionRow)).one(),
        incidents={row.id: row for row in of_plan},
        teams=session.execute(select(*columns).where(TeamRow.listed).order_by(TeamRow.id)).all(),
        closures=session.scalars(closed).all(),
        zones=session.scalars(zones).all(),
    )


def snapshot(now: Standing) -> Snapshot:
    """The present state as it is kept beside a plan."""
    return Snapshot(
        region=now.region.digest,
        incidents={name: row.version for name, row in now.incidents.items() if row.closed_at is None},
        closures=sorted(row.id for row in now.closures),
        zones=_zones(now.zones),
        teams={
            row.id: TeamSeen(
                status=row.status, lonlat=None if row.position is None else [row.position.x, row.position.y]
            )
            for row in now.teams
        },
    )


def _zones(rows: Sequence[ZoneRow]) -> dict[str, str]:
    """Which ground is closed, whatever the hour: a plan made again draws the same zones a minute later."""
    drawn: dict[str, list[str]] = {}
    for row in rows:
        drawn.setdefault(row.incident_id, []).append(f"{row.depth_m} {row.polygon.wkb_hex}")
    return {name: hashlib.sha256("\n".join(texts).encode()).hexdigest() for name, texts in drawn.items()}


def changes(before: Snapshot, after: Snapshot, *, sent: Collection[str]) -> list[Change]:
    """What has changed that the plan rests on.

    Of teams the plan sends: what they do, and where they are by more than ``MOVED_M``. Of the others only
    those that have become free, since the plan might use them; that a team it leaves at home is busy now
    takes nothing from it.
    """
    return [
        *_of_region(before, after),
        *_of_incidents(before, after),
        *_of_closures(before, after),
        *_of_teams(before, after, sent),
    ]


def _of_region(before: Snapshot, after: Snapshot) -> Iterator[Change]:
    if before["region"] != after["region"]:
        yield Change(kind="region", id=after["region"][:12], what="taken anew from its files")


def _of_incidents(before: Snapshot, after: Snapshot) -> Iterator[Change]:
    for name, version in before["incidents"].items():
        if name not in after["incidents"]:
            yield Change(kind="incident", id=name, what="closed")
        elif after["incidents"][name] != version:
            yield Change(kind="incident", id=name, what="reported anew")
    for name in sorted({*before["zones"], *after["zones"]}):
        if before["zones"].get(name) != after["zones"].get(name):
            yield Change(kind="zones", id=name, what="drawn anew" if name in after["zones"] else "gone")


def _of_closures(before: Snapshot, after: Snapshot) -> Iterator[Change]:
    for name in sorted(set(after["closures"]) - set(before["closures"])):
        yield Change(kind="closure", id=name, what="closed")
    for name in sorted(set(before["closures"]) - set(after["closures"])):
        yield Change(kind="closure", id=name, what="lifted")


def _of_teams(before: Snapshot, after: Snapshot, sent: Collection[str]) -> Iterator[Change]:
    for name in sorted({*before["teams"], *after["teams"]}):
        was, now = before["teams"].get(name), after["teams"].get(name)
        if now is None or was is None:
            if now is not None or name in sent:
                yield Change(kind="team", id=name, what="new" if now else "gone from the region")
        elif name in sent:
            if _doing(was) != _doing(now):
                yield Change(kind="team", id=name, what=f"{now['status']}, was {was['status']}")
            elif (moved_m := _moved_m(was, now)) > MOVED_M:
                yield Change(kind="team", id=name, what=f"moved {moved_m / 1000:.1f} km")
        elif was["status"] not in FREE and now["status"] in FREE:
            yield Change(kind="team", id=name, what="free now")


def _doing(team: TeamSeen) -> str:
    return _UNDER_WAY.get(team["status"], team["status"])


def _moved_m(was: TeamSeen, now: TeamSeen) -> float:
    if was["lonlat"] is None or now["lonlat"] is None:
        return 0.0
    (lon, lat), (lon_now, lat_now) = was["lonlat"], now["lonlat"]
    return float(np.float64(Geod(ellps="WGS84").inv(lon, lat, lon_now, lat_now)[2]))
