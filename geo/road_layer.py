"""The ``roads`` layer made into a road graph: split where lines share a vertex, measured, classified.

Two records are joined where they share a vertex, equal in 7 decimals of a degree (1 cm), be it an end or not;
lines that merely cross stay apart, as a bridge does over a road.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from itertools import compress
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.errors import Fault, InputError
from geo.road_split import SplitLines, edge_lengths_m, split_at_shared_vertices
from geo.road_turns import arc_pairs, delayed_pairs
from geo.roads import CLOSED, OPEN, PRIVATE, Bools, Floats, Int32s, RoadGraph
from geo.speeds import SpeedTable, free_speed_kmh, speed_table

Words = NDArray[np.str_]

ACCESS = {"": OPEN, "yes": OPEN, "private": PRIVATE, "no": CLOSED}
CHOICES = {"oneway": ("", "yes", "no", "reverse"), "access": tuple(ACCESS)}
AT_LEAST = {"maxspeed_kmh": 1.0, "length_m": 0.0, "max_weight_t": 0.0, "max_height_m": 0.0}


def road_graph(
    roads: gpd.GeoDataFrame, turns: pd.DataFrame | None = None, *, preset: str = "china"
) -> RoadGraph:
    """The graph of all existing, placed records of a ``roads`` layer.

    ``roads`` has the columns of the layer ``roads``; those a record may lack may also be absent from the
    table. ``turns`` has the columns of the layer ``turns``. ``preset`` names the speed table. Records keep
    their number in the table as ``RoadGraph.road``, planned and unplaced ones included, which have no edge;
    nor has a line whose vertices all fall on one place. Junctions are numbered from west to east, edges in
    the order of the records. ``length_m`` of a record replaces the geodesic length (WGS84), shared out over
    its edges in proportion.

    Raises
    ------
    InputError
        N101 to N104 for roads that cannot be used, N105, N106 and N109 for turns, N107 for the preset,
        N108 for repeated ids.
    """
    table = speed_table(preset)
    _refuse_missing_columns(roads)
    existing = _existing(roads)
    _refuse_wrong_records(roads[existing], known_classes=table.kmh)
    split, road = _split(roads, existing)
    graph = RoadGraph(
        junction_lonlat=split.junction_lonlat,
        edge_from=split.edge_from,
        edge_to=split.edge_to,
        length_m=_true_length_m(roads, split, road),
        shape_start=split.shape_start,
        shape_lonlat=split.shape_lonlat,
        road=road,
        road_ids=tuple(_words(roads, "id").tolist()),
        road_names=tuple(street_names(roads).tolist()),
        **_attributes(pd.DataFrame(roads.drop(columns=roads.geometry.name)).iloc[road], table),
    )
    if turns is None or turns.empty:
        return graph
    without_edges = set(compress(graph.road_ids, ~np.isin(np.arange(len(roads)), road)))
    slow_turns, turn_delay_ds = delayed_pairs(graph, turns, without_edges=without_edges)
    return replace(
        graph,
        turns=arc_pairs(graph, turns, without_edges=without_edges),
        slow_turns=slow_turns,
        turn_delay_ds=turn_delay_ds,
    )


def street_names(roads: pd.DataFrame) -> Words:
    """What people call each record: the Chinese name, else the other one, else the road number."""
    zh, en, ref = (_words(roads, column) for column in ("name_zh", "name_en", "ref"))
    return np.where(zh != "", zh, np.where(en != "", en, ref))


def _existing(roads: gpd.GeoDataFrame) -> Bools:
    placed: Bools = (roads.geometry.notna() & ~roads.geometry.is_empty).to_numpy(np.bool_)
    existing: Bools = _words(roads, "status") != "planned"
    return placed & existing


def _split(roads: gpd.GeoDataFrame, existing: Bools) -> tuple[SplitLines, Int32s]:
    """Edges, and the record of each; parts of a multi-line are lines of their own."""
    rows = np.flatnonzero(existing)
    parts, record = shapely.get_parts(roads.geometry.to_numpy()[rows], return_index=True)
    lonlat, line = shapely.get_coordinates(parts, return_index=True)
    split = split_at_shared_vertices(lonlat, line.astype(np.int64))
    return split, rows[record[split.line]].astype(np.int32)


def _access(table: pd.DataFrame) -> Int32s:
    words, at = np.unique(_words(table, "access"), return_inverse=True)
    return np.array([ACCESS[word] for word in words.tolist()], np.int32)[at]


def _attributes(of_edge: pd.DataFrame, table: SpeedTable) -> dict[str, Any]:
    """What a record says about each of its edges, as ``RoadGraph`` wants it."""
    classes = _words(of_edge, "class")
    names, road_class = np.unique(classes, return_inverse=True)
    oneway = _words(of_edge, "oneway")
    speed_kmh = free_speed_kmh(
        table,
        classes,
        maxspeed_kmh=_numbers(of_edge, "maxspeed_kmh", missing=np.nan),
        surface=_words(of_edge, "surface"),
    )
    return {
        "speed_kmh": speed_kmh,
        "road_class": road_class.astype(np.int32),
        "road_classes": tuple(names.tolist()),
        "forward": oneway != "reverse",
        "backward": oneway != "yes",
        "access": _access(of_edge),
        "bridge": _words(of_edge, "bridge") == "yes",
        "tunnel": _words(of_edge, "tunnel") == "yes",
        "ferry": classes == "ferry",
        "max_weight_t": _numbers(of_edge, "max_weight_t", missing=np.inf),
        "max_height_m": _numbers(of_edge, "max_height_m", missing=np.inf),
    }


def _true_length_m(roads: gpd.GeoDataFrame, split: SplitLines, road: Int32s) -> Floats:
    drawn_m = edge_lengths_m(split.shape_start, split.shape_lonlat)
    record_m = np.bincount(road, weights=drawn_m, minlength=len(roads))
    true_m = _numbers(roads, "length_m", missing=np.nan)
    factor = np.divide(true_m, record_m, out=np.ones(len(roads)), where=(record_m > 0) & ~np.isnan(true_m))
    return drawn_m * factor[road]


def _words(table: pd.DataFrame, column: str) -> Words:
    if column not in table:
        return np.full(len(table), "", dtype=np.str_)
    return table[column].fillna("").to_numpy().astype(np.str_)


def _numbers(table: pd.DataFrame, column: str, *, missing: float) -> Floats:
    if column not in table:
        return np.full(len(table), missing)
    values = pd.to_numeric(table[column]).to_numpy(np.float64, na_value=np.nan)
    return np.where(np.isnan(values), missing, values)


def _refuse_missing_columns(roads: pd.DataFrame) -> None:
    if missing := [column for column in ("id", "class") if column not in roads]:
        raise InputError(
            [_fault("N101", "roads", f"no column {', '.join(missing)}", "columns id and class", "Add them.")]
        )


def _refuse_wrong_records(roads: gpd.GeoDataFrame, *, known_classes: Collection[str]) -> None:
    faults = [
        *_shape_faults(roads),
        *_choice_faults(roads, {"class": tuple(known_classes), **CHOICES}),
        *_number_faults(roads),
    ]
    if faults:
        raise InputError(faults)


def _shape_faults(roads: gpd.GeoDataFrame) -> Iterator[Fault]:
    ids = _words(roads, "id")
    for name in sorted(set(roads["id"][roads["id"].duplicated()])):
        yield _fault("N108", f"roads {name}", "the id twice", "each id once", "Give each record its own id.")
    kinds = roads.geometry.geom_type.to_numpy()
    for i in np.flatnonzero(~np.isin(kinds.astype(np.str_), ("LineString", "MultiLineString"))):
        yield _fault(
            "N102", f"roads {ids[i]}", str(kinds[i]), "a line", "Draw the record as a line, or take it out."
        )
    west, south, east, north = roads.geometry.bounds.to_numpy(np.float64).T
    inside = (west >= -180) & (east <= 180) & (south >= -90) & (north <= 90)
    for i in np.flatnonzero(~inside):
        yield _fault(
            "N103",
            f"roads {ids[i]}",
            f"coordinates from ({west[i]:g}, {south[i]:g}) to ({east[i]:g}, {north[i]:g})",
            "WGS84 longitude and latitude in degrees",
            "Convert the layer to WGS84 degrees.",
        )


def _choice_faults(roads: pd.DataFrame, choices: Mapping[str, tuple[str, ...]]) -> Iterator[Fault]:
    for column, known in choices.items():
        values = _words(roads, column)
        for i in np.flatnonzero(~np.isin(values, known)):
            where = f"roads {roads['id'].iloc[i]}, column {column}"
            wanted = f"one of {', '.join(filter(None, known))}"
            yield _fault("N104", where, repr(str(values[i])), wanted, "Choose one of these values.")


def _number_faults(roads: pd.DataFrame) -> Iterator[Fault]:
    for column, least in AT_LEAST.items():
        values = _numbers(roads, column, missing=np.inf)
        for i in np.flatnonzero(values < least):
            where = f"roads {roads['id'].iloc[i]}, column {column}"
            yield _fault("N104", where, f"{values[i]:g}", f"at least {least:g}", "Correct the figure.")


def _fault(code: str, where: str, found: str, wanted: str, fix: str) -> Fault:
    return Fault(code=code, where=where, found=found, wanted=wanted, fix=fix)
