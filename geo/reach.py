"""The area within reach: the roads that a vehicle can drive in time, drawn as a strip along each.

The polygon claims no more than was computed: exactly the reached parts of edges, widened by a margin to be
seen and to take in the places along the road. Ground between roads further apart than two margins is left
out, although some of it may be near on foot.
"""

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon

from geo.conditions import Conditions
from geo.ends import positions_ds
from geo.metric import IMPASSABLE
from geo.pieces import Piece, shape
from geo.roads import Floats, Int32s, Int64s, RoadGraph
from geo.snap import Snapped, ground_scale, project, unproject
from geo.trees import Tree


def reached_parts(conditions: Conditions, origin: Snapped, tree: Tree, limit_ds: int) -> Floats:
    """Parts of edges that one vehicle reaches within a road time (inclusive): edge, begin, end, shape (k, 3).

    ``begin`` and ``end`` are shares of the edge's length. A place between them is at most ``limit_ds`` from
    ``origin`` by ``geo.ends``, and no other place of the edge's inside is; parts of one edge may overlap.
    """
    edge = np.arange(len(conditions.open_ds) // 2)
    forward, backward = conditions.now_ds[0::2], conditions.now_ds[1::2]
    left_at_tail = limit_ds - tree.ds[conditions.network.tail[: 2 * len(edge)]].astype(np.int64)
    ahead = (left_at_tail[0::2] >= 0) & (forward < IMPASSABLE)
    behind = (left_at_tail[1::2] >= 0) & (backward < IMPASSABLE)
    up_to = _share_within(forward, left_at_tail[0::2])
    down_to = 1 - _share_within(backward, left_at_tail[1::2])
    return np.concatenate(
        (
            np.stack((edge, np.zeros(len(edge)), up_to), axis=1)[ahead],
            np.stack((edge, down_to, np.ones(len(edge))), axis=1)[behind],
            _own_parts(conditions, origin, limit_ds),
        )
    )


def _share_within(weight_ds: Int32s, left_ds: Int64s) -> Floats:
    """Share of an arc driven in ``left_ds``; positions are rounded to the nearest decisecond."""
    share = np.divide(left_ds + 0.5, weight_ds, out=np.ones(len(weight_ds)), where=weight_ds > 0)
    clipped: Floats = np.clip(share, 0.0, 1.0)
    return clipped


def _own_parts(conditions: Conditions, origin: Snapped, limit_ds: int) -> Floats:
    """The reached parts of the edge that the vehicle stands on, at least its own point."""
    edge, at = origin.edge, float(origin.fraction[0])
    weights = conditions.leaving_ds()
    forward, backward = weights[2 * edge], weights[2 * edge + 1]
    up_to, down_to = at, at
    if forward[0] < IMPASSABLE and 0.0 < at < 1.0:
        up_to = max(at, _share_within(forward, positions_ds(forward, origin) + limit_ds)[0])
    if backward[0] < IMPASSABLE and 0.0 < at < 1.0:
        left_ds = backward - positions_ds(backward, origin) + limit_ds
        down_to = min(at, 1 - _share_within(backward, left_ds)[0])
    return np.array([[edge[0], down_to, up_to]])


def strip(roads: RoadGraph, parts: Floats, *, margin_m: float) -> Polygon | MultiPolygon:
    """Parts of edges (edge, begin, end; shape (k, 3)) widened by ``margin_m`` to each side, lon/lat."""
    full = (parts[:, 1] == 0.0) & (parts[:, 2] == 1.0)
    edges = np.unique(parts[full, 0]).astype(np.int64)
    rest = parts[~full & ~np.isin(parts[:, 0], edges)]
    lines = [roads.shape_of(edge) for edge in edges]
    lines += [shape(roads, Piece(int(edge), begin, end)) for edge, begin, end in rest.tolist()]
    if not lines:
        return Polygon()
    middle_lat = np.array([np.mean([line[0, 1] for line in lines])])
    lines = [line if len(line) > 1 else np.repeat(line, 2, axis=0) for line in lines]
    which = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
    drawn = shapely.multilinestrings(
        np.asarray(shapely.linestrings(project(np.concatenate(lines)), indices=which))
    )
    area = shapely.buffer(drawn, margin_m / float(ground_scale(middle_lat)[0]), quad_segs=2)
    shown = shapely.transform(area, unproject)
    assert isinstance(shown, Polygon | MultiPolygon)
    return shown
