"""Records of the ``turns`` layer made into pairs of arcs: forbidden turns, and turns that take time."""

from collections.abc import Collection, Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo.errors import Fault, InputError
from geo.road_split import PER_DEGREE
from geo.roads import Floats, Int32s, Int64s, RoadGraph


def arc_pairs(roads: RoadGraph, turns: pd.DataFrame, *, without_edges: Collection[str] = ()) -> Int32s:
    """Forbidden turns as arcs (from, to), without repeats, sorted, shape (k, 2).

    ``no`` forbids the turn from ``from_road`` into ``to_road`` at the record's point, and where both are the
    same road, turning back there; ``only`` forbids every other way on, turning back included. A record
    without a point stands for all junctions that its two roads share. Records that name a road of
    ``without_edges`` (planned, unplaced) are passed over.

    Raises
    ------
    InputError
        N105 for a road that does not exist, N106 for a point that is no junction of both roads.
    """
    forbidding = turns[turns["kind"] != "delay"]
    found = _resolved(roads, forbidding, without_edges)
    return np.array(sorted({turn for _, turn in found}), np.int32).reshape(-1, 2)


def delayed_pairs(
    roads: RoadGraph, turns: pd.DataFrame, *, without_edges: Collection[str] = ()
) -> tuple[Int32s, Int32s]:
    """Turns of kind ``delay`` as arcs (from, to), each once, sorted, shape (d, 2); their times, shape (d,).

    Times are deciseconds, halves rounded up; of several records the longest time holds. Points, roads and
    ``without_edges`` are read as in ``arc_pairs``.

    Raises
    ------
    InputError
        N105 and N106 as ``arc_pairs``, N109 for a delay that is missing, below 0 or above a day.
    """
    slow = turns[turns["kind"] == "delay"]
    delay_s = pd.to_numeric(slow["delay_s"]) if "delay_s" in slow else pd.Series(np.nan, index=slow.index)
    wrong = ~delay_s.between(0, LONGEST_DELAY_S)
    if wrong.any():
        raise InputError([_no_delay(*pair) for pair in zip(slow["id"][wrong], delay_s[wrong], strict=True)])
    delay_ds = np.floor(delay_s.to_numpy(np.float64) * 10 + 0.5).astype(np.int32).tolist()
    longest: dict[tuple[int, int], int] = {}
    for record, turn in _resolved(roads, slow, without_edges):
        longest[turn] = max(longest.get(turn, 0), delay_ds[record])
    pairs = sorted(longest)
    return np.array(pairs, np.int32).reshape(-1, 2), np.array([longest[turn] for turn in pairs], np.int32)


def _resolved(
    roads: RoadGraph, turns: pd.DataFrame, without_edges: Collection[str]
) -> list[tuple[int, tuple[int, int]]]:
    """Number of a record and one of its pairs of arcs, for all of them."""
    if turns.empty:
        return []
    junctions = _Junctions(roads)
    faults: list[Fault] = []
    pairs: list[tuple[int, tuple[int, int]]] = []
    points = list(turns.geometry) if isinstance(turns, gpd.GeoDataFrame) else [None] * len(turns)
    columns = (turns["id"], turns["from_road"], turns["to_road"], turns["kind"], points)
    for record, (name, from_road, to_road, kind, point) in enumerate(zip(*columns, strict=True)):
        if from_road in without_edges or to_road in without_edges:
            continue
        if unknown := [road for road in (from_road, to_road) if road not in junctions.edges_of]:
            faults.append(_unknown_road(name, unknown))
            continue
        shared = junctions.shared(from_road, to_road, point)
        if not shared:
            faults.append(_no_junction(name, from_road, to_road))
        for junction in shared:
            named = junctions.pairs(junction, from_road, to_road, only=kind == "only")
            pairs.extend((record, turn) for turn in named)
    if faults:
        raise InputError(faults)
    return pairs


LONGEST_DELAY_S = 86_400
"""Longest time that a turn may take, a day (inclusive): more is a mistake of units."""


class _Junctions:
    """Which arcs of a road enter and leave a junction."""

    def __init__(self, roads: RoadGraph) -> None:
        self.roads = roads
        self.edges_of: dict[str, list[int]] = {}
        for edge, road in enumerate(roads.road.tolist()):
            self.edges_of.setdefault(roads.road_ids[road], []).append(edge)
        tails = np.column_stack([roads.edge_from, roads.edge_to]).ravel()
        self.by_tail = np.argsort(tails, kind="stable")
        self.first = np.searchsorted(tails[self.by_tail], np.arange(roads.junctions + 1))
        self.at = {place: j for j, place in enumerate(map(tuple, _grid(roads.junction_lonlat).tolist()))}

    def shared(self, from_road: str, to_road: str, point: BaseGeometry | None) -> list[int]:
        """Junctions that both roads touch, only the one at the point where there is one."""
        shared = self._ends(from_road) & self._ends(to_road)
        if point is not None and not point.is_empty:
            x, y = _grid(shapely.get_coordinates(point))[0].tolist()
            shared &= {self.at.get((x, y), -1)}
        return sorted(shared)

    def pairs(self, junction: int, from_road: str, to_road: str, *, only: bool) -> Iterator[tuple[int, int]]:
        """Pairs of arcs that one record means at one junction; with ``only``, all but the one it names."""
        into = [arc ^ 1 for arc in self._leaving(junction, from_road)]
        wanted = set(self._leaving(junction, to_road))
        for arc in into:
            if only:
                yield from ((arc, on) for on in self._all_leaving(junction) if on not in wanted)
            elif from_road == to_road:
                yield arc, arc ^ 1
            else:
                yield from ((arc, on) for on in wanted)

    def _ends(self, road: str) -> set[int]:
        edges = self.edges_of[road]
        return {*self.roads.edge_from[edges].tolist(), *self.roads.edge_to[edges].tolist()}

    def _leaving(self, junction: int, road: str) -> list[int]:
        arcs = [arc for edge in self.edges_of[road] for arc in (2 * edge, 2 * edge + 1)]
        ends = self.roads.edge_from, self.roads.edge_to
        return [arc for arc in arcs if ends[arc % 2][arc // 2] == junction]

    def _all_leaving(self, junction: int) -> list[int]:
        arcs: list[int] = self.by_tail[self.first[junction] : self.first[junction + 1]].tolist()
        return arcs


def _grid(lonlat: Floats) -> Int64s:
    return np.round(lonlat * PER_DEGREE).astype(np.int64)


def _unknown_road(name: str, roads: list[str]) -> Fault:
    return Fault(
        code="N105",
        where=f"turns {name}",
        found=f"road {', '.join(map(repr, roads))}",
        wanted="ids of the roads layer",
        fix="Name roads that exist, or take the record out.",
    )


def _no_delay(name: str, delay_s: float) -> Fault:
    return Fault(
        code="N109",
        where=f"turns {name}, delay_s",
        found="no time" if np.isnan(delay_s) else f"{delay_s:g} s",
        wanted=f"seconds from 0 to {LONGEST_DELAY_S}",
        fix="Write how many seconds this turn takes.",
    )


def _no_junction(name: str, from_road: str, to_road: str) -> Fault:
    return Fault(
        code="N106",
        where=f"turns {name}",
        found=f"a place where {from_road!r} and {to_road!r} do not meet",
        wanted="a junction that both roads share",
        fix="Put the point on the vertex that both roads share, or leave it empty.",
    )
