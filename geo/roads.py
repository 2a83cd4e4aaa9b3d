"""The road graph: junctions and edges as arrays, immutable, known by its digest.

An *edge* is a piece of road between two junctions, with its geometry. Each edge has two *arcs*, whether or
not they may be driven: arc ``2 e`` runs along the geometry (forward), arc ``2 e + 1`` against it. A vehicle
class and the closures in force say what an arc costs (``geo.metric``); the graph itself never changes.
"""

import hashlib
from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]

OPEN, PRIVATE, CLOSED = 0, 1, 2
"""Values of ``RoadGraph.access``: for everybody, for residents and emergency vehicles, for nobody."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RoadGraph:
    """Junctions, edges and their attributes; ``n`` junctions, ``e`` edges, ``s`` shape points, ``r`` roads.

    Parameters
    ----------
    junction_lonlat
        Longitude and latitude of each junction, WGS84 degrees, shape (n, 2).
    edge_from, edge_to
        Junction at the start and at the end of each edge, shape (e,). Parallel edges and loops occur.
    length_m
        Length of each edge on the ellipsoid, metres, shape (e,). Zero occurs.
    speed_kmh
        Free speed of an ordinary car from class, maximum speed and surface, shape (e,), > 0.
    road_class
        Index into ``road_classes``, shape (e,).
    forward, backward
        Whether ordinary traffic may drive the edge along and against its geometry, shape (e,).
    access
        ``OPEN``, ``PRIVATE`` or ``CLOSED``, shape (e,).
    bridge, tunnel, ferry
        Kinds of crossing, shape (e,).
    max_weight_t, max_height_m
        Limits for vehicles, ``inf`` where there is none, shape (e,).
    shape_start, shape_lonlat
        Geometry of edge ``i``: ``shape_lonlat[shape_start[i]:shape_start[i + 1]]``, ends included,
        shapes (e + 1,) and (s, 2).
    road
        Index of the road record that each edge belongs to, shape (e,).
    road_ids, road_names
        ``id`` and street name of each record of the ``roads`` layer, length r.
    road_classes
        Names of the classes that occur (OSM ``highway`` values and ``ferry``).
    turns
        Forbidden turns as arcs (from, to), shape (k, 2); ``to`` leaves the junction that ``from`` enters.
    slow_turns, turn_delay_ds
        Turns that take time, as arcs like ``turns`` and each once, shape (d, 2), and how long besides the
        roads, deciseconds, shape (d,), 0 or more. A turn that is forbidden as well stays forbidden.
    """

    junction_lonlat: Floats
    edge_from: Int32s
    edge_to: Int32s
    length_m: Floats
    speed_kmh: Floats
    road_class: Int32s
    forward: Bools
    backward: Bools
    access: Int32s
    bridge: Bools
    tunnel: Bools
    ferry: Bools
    max_weight_t: Floats
    max_height_m: Floats
    shape_start: Int64s
    shape_lonlat: Floats
    road: Int32s
    road_ids: tuple[str, ...]
    road_names: tuple[str, ...]
    road_classes: tuple[str, ...]
    turns: Int32s = field(default_factory=lambda: np.empty((0, 2), np.int32))
    slow_turns: Int32s = field(default_factory=lambda: np.empty((0, 2), np.int32))
    turn_delay_ds: Int32s = field(default_factory=lambda: np.empty(0, np.int32))

    def __post_init__(self) -> None:
        e = self.edge_from.shape[0]
        for name in _PER_EDGE:
            if getattr(self, name).shape != (e,):
                raise ValueError(f"{name}: want shape ({e},), got {getattr(self, name).shape}")
        if self.shape_start.shape != (e + 1,):
            raise ValueError(f"shape_start: want shape ({e + 1},), got {self.shape_start.shape}")
        for ends in (self.edge_from, self.edge_to):
            if e and not (ends.min() >= 0 and ends.max() < len(self.junction_lonlat)):
                raise ValueError("edge_from, edge_to: a junction number is out of range")
        if self.turn_delay_ds.shape != (len(self.slow_turns),):
            raise ValueError(f"turn_delay_ds: want shape ({len(self.slow_turns)},)")
        for f in fields(self):
            value = getattr(self, f.name)
            if isinstance(value, np.ndarray):
                value.setflags(write=False)

    @property
    def junctions(self) -> int:
        """Number of junctions."""
        return len(self.junction_lonlat)

    @property
    def edges(self) -> int:
        """Number of edges; there are twice as many arcs."""
        return len(self.edge_from)

    def shape_of(self, edge: int) -> Floats:
        """Geometry of one edge as longitude and latitude, shape (points, 2)."""
        return self.shape_lonlat[self.shape_start[edge] : self.shape_start[edge + 1]]

    def digest(self) -> str:
        """SHA-256 over all arrays and names, in hexadecimal."""
        total = hashlib.sha256()
        for f in fields(self):
            value = getattr(self, f.name)
            total.update(f.name.encode() + b"\0")
            total.update(value.tobytes() if isinstance(value, np.ndarray) else "\0".join(value).encode())
        return total.hexdigest()


_PER_EDGE = (
    "edge_to",
    "length_m",
    "speed_kmh",
    "road_class",
    "forward",
    "backward",
    "access",
    "bridge",
    "tunnel",
    "ferry",
    "max_weight_t",
    "max_height_m",
    "road",
)
