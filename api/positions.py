"""Positions of teams as an AVL system sends them: in batches, in any order, the newest counts."""

from collections.abc import Sequence
from datetime import timedelta

from shapely import Point
from sqlalchemy import select

from api.schemas.resources import PositionSeen, PositionsTaken
from api.store.tables import TeamRow
from api.writing import Writing

AHEAD = timedelta(minutes=2)
"""How far, inclusive, the clock of a vehicle may be ahead of ours."""


def take_positions(writing: Writing, seen: Sequence[PositionSeen]) -> PositionsTaken:
    """Keep the newest position of each team; say what was not taken."""
    names = {one.team_id for one in seen}
    rows = {row.id: row for row in writing.session.scalars(select(TeamRow).where(TeamRow.id.in_(names)))}
    future = sorted({one.team_id for one in seen if one.at > writing.at + AHEAD})
    newest: dict[str, PositionSeen] = {}
    for one in seen:
        if one.team_id in rows and one.at <= writing.at + AHEAD:
            best = newest.get(one.team_id)
            newest[one.team_id] = one if best is None or one.at > best.at else best
    taken = {name: one for name, one in newest.items() if _newer(rows[name], one)}
    for name, one in taken.items():
        rows[name].position, rows[name].position_at = Point(one.lon, one.lat), one.at
    if taken:
        places = {name: [one.lon, one.lat, one.at.isoformat()] for name, one in sorted(taken.items())}
        writing.record("teams.positions", "teams", positions=places)
    known_and_past = sum(one.team_id in rows and one.at <= writing.at + AHEAD for one in seen)
    return PositionsTaken(
        taken=len(taken),
        older=known_and_past - len(taken),
        unknown=tuple(sorted(names - set(rows))),
        future=tuple(future),
    )


def _newer(row: TeamRow, seen: PositionSeen) -> bool:
    return row.position_at is None or seen.at > row.position_at
