"""OpenStreetMap ways cut into pieces at junctions and at barriers."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count, pairwise
from math import cos, hypot, radians

from geo.osm_tags import Barrier, RoadTags, behind

Place = tuple[int, int]
"""Longitude and latitude in 1e-7 degrees, as OpenStreetMap counts them."""

ARM_M = 0.5
"""A barrier takes up this much of each road that leaves its node, so at most 1 m of a road through it."""

_M_PER_UNIT = 0.0111194926
"""Metres per 1e-7 degree of latitude on a sphere of 6,371 km."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A road way with the nodes that the file holds; ``part`` counts its parts where nodes are missing."""

    osm_id: int
    part: int
    tags: RoadTags
    nodes: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A road between two cuts. ``osm_ids`` are the ways it is made of, in order along ``nodes``."""

    id: str
    osm_ids: tuple[int, ...]
    tags: RoadTags
    nodes: tuple[int, ...]


def cut(ways: Iterable[Way], places: dict[int, Place], barriers: Mapping[int, Barrier]) -> list[Piece]:
    """Pieces between junctions, which are ends of ways and nodes used twice; a barrier is a piece of its own.

    Pieces are named ``w<way>-<number>`` along each way, in the order of the way ids. The ends of barriers are
    new nodes with negative numbers, added to ``places``. A barrier at a dead end bars nothing.
    """
    ordered = sorted(ways, key=lambda way: (way.osm_id, way.part))
    cutter = _Cutter(ordered, places, barriers)
    numbers: Counter[int] = Counter()
    pieces: list[Piece] = []
    for way in ordered:
        for tags, nodes in cutter.parts(way):
            name = f"w{way.osm_id}-{numbers[way.osm_id]}"
            numbers[way.osm_id] += 1
            pieces.append(Piece(id=name, osm_ids=(way.osm_id,), tags=tags, nodes=nodes))
    return pieces


class _Cutter:
    """What all ways share while they are cut: who uses a node, where it lies, what stands on it."""

    def __init__(
        self, ways: Sequence[Way], places: dict[int, Place], barriers: Mapping[int, Barrier]
    ) -> None:
        self.places = places
        self.barriers = barriers
        self.uses = Counter(chain.from_iterable(way.nodes for way in ways))
        self.fresh = count(min(0, min(places, default=0)) - 1, -1)

    def parts(self, way: Way) -> Iterator[tuple[RoadTags, tuple[int, ...]]]:
        """Tags and nodes of each piece of a way, in its order."""
        bars = {node: self.barriers[node] for node in way.nodes if self._is_barred(node, way)}
        nodes, barred = self._with_arms(way.nodes, bars)
        start = 0
        for i in range(1, len(nodes)):
            last = i == len(nodes) - 1
            if last or self.uses[nodes[i]] > 1 or barred[i] is not barred[i - 1]:
                bar = barred[start]
                tags = way.tags if bar is None else behind(way.tags, bar)
                yield tags, tuple(nodes[start : i + 1])
                start = i

    def _is_barred(self, node: int, way: Way) -> bool:
        dead_end = self.uses[node] == 1 and node in (way.nodes[0], way.nodes[-1])
        return node in self.barriers and not dead_end

    def _with_arms(
        self, nodes: Sequence[int], bars: Mapping[int, Barrier]
    ) -> tuple[list[int], list[Barrier | None]]:
        """Nodes with the ends of barriers put in, and the barrier on each segment between them."""
        laid: list[int] = [nodes[0]]
        barred: list[Barrier | None] = []
        for a, b in pairwise(nodes):
            stops = self._stops(a, b, bars) if a in bars or b in bars else [(b, None)]
            laid += [node for node, _ in stops]
            barred += [bar for _, bar in stops]
        return laid, barred

    def _stops(self, a: int, b: int, bars: Mapping[int, Barrier]) -> list[tuple[int, Barrier | None]]:
        """Nodes after ``a`` up to ``b``, each with the barrier on the segment that leads to it."""
        near_a = self._beside(a, b) if a in bars else None
        near_b = self._beside(b, a) if b in bars else None
        if near_a is None and near_b is None:  # too short to be divided
            return [(b, bars.get(a) or bars.get(b))]
        stops: list[tuple[int, Barrier | None]] = []
        if near_a is not None:
            stops.append((near_a, bars[a]))
        if near_b is not None and (near_a is None or self.places[near_a] != self.places[near_b]):
            stops.append((near_b, None))
        return [*stops, (b, bars.get(b))]

    def _beside(self, node: int, towards: int) -> int | None:
        """A new node ``ARM_M`` from a node, at most half way to the next; ``None`` where none fits."""
        (x, y), (x2, y2) = self.places[node], self.places[towards]
        apart_m = hypot((x2 - x) * cos(radians(y / 1e7)), y2 - y) * _M_PER_UNIT
        share = min(ARM_M / apart_m, 0.5) if apart_m > 0 else 0.5
        place = round(x + (x2 - x) * share), round(y + (y2 - y) * share)
        if place in ((x, y), (x2, y2)):
            return None
        new = next(self.fresh)
        self.places[new] = place
        return new
