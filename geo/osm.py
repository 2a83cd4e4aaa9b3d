"""OpenStreetMap files read into the tables of a region."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from geo.errors import Fault, refuse
from geo.osm_chains import joined
from geo.osm_pieces import Piece, Place, cut
from geo.osm_places import WGS84, admin_area_table, building_table, place_table
from geo.osm_scan import Scan, scan
from geo.osm_turns import Turn, turns
from geo.roads import Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OsmExtract:
    """What a file of OpenStreetMap holds for a region; every table is in WGS84, in the order of the ids.

    Parameters
    ----------
    roads, turns
        Columns of the layers of these names.
    stations, hospitals, schools
        Points within the places: ``id, name_zh, name_en, source, note, geometry``; stations with ``kind`` and
        ``status`` as well, hospitals with ``beds``.
    buildings
        Centroids, with ``kind`` (OpenStreetMap ``building`` value), ``levels`` and ``area_m2`` on the ground.
    admin_areas
        Polygons of administrative areas that are whole in the file, with ``admin_level``.
    settlements
        Points of towns, villages and hamlets, with ``kind`` (OpenStreetMap ``place`` value) and ``people``.
    warnings
        What was left out, and why.
    """

    roads: gpd.GeoDataFrame
    turns: gpd.GeoDataFrame
    stations: gpd.GeoDataFrame
    hospitals: gpd.GeoDataFrame
    schools: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame
    admin_areas: gpd.GeoDataFrame
    settlements: gpd.GeoDataFrame
    warnings: tuple[Fault, ...]


def read_osm(path: str | Path) -> OsmExtract:
    """Read an extract (.pbf, .osm, .osm.gz, .osm.bz2) in one pass.

    Roads are the highway classes of ``ROAD_CLASSES`` and ferries that take motor vehicles, cut at junctions
    and at barriers, and joined where nothing forks and all tags agree. Roads under construction or proposed
    are ``planned``. What tags mean stands in ``geo.osm_tags``.

    Raises
    ------
    InputError
        N110 to N112 for a file that is missing, of another format or damaged; N113 for one without roads.
    """
    path = Path(path)
    found = scan(path)
    if not found.ways:
        raise refuse(
            "N113",
            where=path.name,
            found="no road for motor vehicles",
            wanted="ways with a highway class, and their nodes",
            fix="Export the extract again with its roads and all nodes of them.",
        )
    source = f"OpenStreetMap {path.name}"
    pieces = cut(found.ways, found.places, found.barriers)
    bends, unusable = turns(found.restrictions, pieces)
    records, new_ids = joined(pieces, keep={bend.node for bend in bends})
    stations = place_table(found.amenities["fire_station"], source=source)
    return OsmExtract(
        roads=_road_table(records, found.places, source=source),
        turns=_turn_table(bends, new_ids, found.places, source=source),
        stations=stations.assign(kind="fire_station", status="existing"),
        hospitals=place_table(found.amenities["hospital"], source=source, counts={"beds": "beds"}),
        schools=place_table(found.amenities["school"], source=source),
        buildings=building_table(found.buildings, source=source),
        admin_areas=admin_area_table(found.admin_areas, source=source),
        settlements=place_table(
            found.settlements, source=source, kind="place", counts={"people": "population"}
        ),
        warnings=_warnings(found, unusable, where=path.name),
    )


def _road_table(records: Sequence[Piece], places: dict[int, Place], *, source: str) -> gpd.GeoDataFrame:
    nodes = [node for record in records for node in record.nodes]
    lonlat = np.array([places[node] for node in nodes], np.float64) / 1e7
    line = np.repeat(np.arange(len(records)), [len(record.nodes) for record in records])
    tags = [record.tags for record in records]
    columns = {
        "id": [record.id for record in records],
        "name_zh": [tag.name_zh for tag in tags],
        "name_en": [tag.name_en for tag in tags],
        "class": [tag.road_class for tag in tags],
        "ref": [tag.ref for tag in tags],
        "oneway": [tag.oneway for tag in tags],
        "maxspeed_kmh": _floats(tag.maxspeed_kmh for tag in tags),
        "surface": [tag.surface for tag in tags],
        "bridge": [tag.bridge for tag in tags],
        "tunnel": [tag.tunnel for tag in tags],
        "access": [tag.access for tag in tags],
        "max_weight_t": _floats(tag.max_weight_t for tag in tags),
        "max_height_m": _floats(tag.max_height_m for tag in tags),
        "length_m": np.full(len(records), np.nan),
        "status": [tag.status for tag in tags],
        "osm_id": [";".join(map(str, record.osm_ids)) for record in records],
        "source": [source] * len(records),
        "note": [tag.note for tag in tags],
    }
    return gpd.GeoDataFrame(columns, geometry=shapely.linestrings(lonlat, indices=line), crs=WGS84)


def _turn_table(
    bends: Sequence[Turn], new_ids: dict[str, str], places: dict[int, Place], *, source: str
) -> gpd.GeoDataFrame:
    columns = {
        "id": [bend.id for bend in bends],
        "name_zh": [""] * len(bends),
        "name_en": [""] * len(bends),
        "from_road": [new_ids[bend.from_piece] for bend in bends],
        "to_road": [new_ids[bend.to_piece] for bend in bends],
        "kind": [bend.kind for bend in bends],
        "delay_s": [np.nan] * len(bends),
        "source": [source] * len(bends),
        "note": [bend.restriction for bend in bends],
    }
    lonlat = np.array([places[bend.node] for bend in bends], np.float64).reshape(-1, 2) / 1e7
    return gpd.GeoDataFrame(columns, geometry=shapely.points(lonlat), crs=WGS84)


def _floats(values: Iterable[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], np.float64)


def _warnings(found: Scan, unusable: Sequence[int], *, where: str) -> tuple[Fault, ...]:
    faults = []
    if found.cut_ways:
        faults.append(
            Fault(
                code="N114",
                where=where,
                found=f"{len(found.cut_ways)} roads without some of their nodes ({_some(found.cut_ways)})",
                wanted="roads with all their nodes",
                fix="They end where the file ends; take a larger extract if they matter.",
                severity="warning",
            )
        )
    if unusable:
        faults.append(
            Fault(
                code="N115",
                where=where,
                found=f"{len(unusable)} turn restrictions that cannot be used ({_some(unusable)})",
                wanted="from way, via node, to way, all ending at the node",
                fix="Add the turns to the layer turns by hand if they matter.",
                severity="warning",
            )
        )
    return tuple(faults)


def _some(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, sorted(numbers)[:5]))
    return shown if len(numbers) <= 5 else f"{shown}, ..."
