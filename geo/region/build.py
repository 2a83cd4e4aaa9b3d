"""A region made from an OpenStreetMap extract or a road file, its demand from buildings or a grid."""

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from geo.errors import Fault, refuse
from geo.osm import OsmExtract, read_osm
from geo.region.cells import printable
from geo.region.outline import Outline, read_outline
from geo.region.places import CRS
from geo.region.population import Spread, demand_from_buildings, demand_from_grid
from geo.region.region import Region
from geo.region.road_file import read_road_file
from geo.region.tables import make_region
from geo.region.townships import in_townships, township_areas, with_people

WRITTEN_BY_ANYONE = ("name_zh", "name_en", "ref", "surface")
"""Columns whose text comes from the map as it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildOptions:
    """What a region is built from.

    Parameters
    ----------
    osm
        OpenStreetMap extract (.pbf, .osm, .osm.gz, .osm.bz2).
    roads, roads_mapping
        Road file and the YAML file that maps its columns, in place of the roads of ``osm``.
    boundary
        Polygon file; places outside are left out, and roads farther outside than ``roads_beyond_m``.
    roads_beyond_m
        How far roads are kept outside the boundary, so that routes may leave it for a while.
    admin_level
        OpenStreetMap level of the townships; the deepest up to ``townships.LEVEL`` by itself.
    people, spread
        Total to share out over the buildings, and how: equally or by floor area.
    population, population_column
        Grid of cells or raster of people, in place of the buildings.
    datum
        Datum of ``boundary``, ``roads`` and ``population``; OpenStreetMap is always WGS84.
    preset
        Speed table of the roads.
    """

    name: str
    osm: Path | None = None
    roads: Path | None = None
    roads_mapping: Path | None = None
    boundary: Path | None = None
    roads_beyond_m: float = 5000.0
    admin_level: int | None = None
    people: int | None = None
    spread: Spread = "equal"
    population: Path | None = None
    population_column: str | None = None
    datum: str = "wgs84"
    preset: str = "china"


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltRegion:
    """A region and what its making left out."""

    region: Region
    warnings: tuple[Fault, ...]


def build_region(options: BuildOptions) -> BuiltRegion:
    """Build a region; every record says where it comes from, and ``assumed`` where it was made up.

    Stations are ``amenity=fire_station``, shelters schools (their capacity is unknown), townships the
    administrative areas, or one for all. A township is ``town`` where OpenStreetMap has a city or town in it,
    else ``outskirts`` (``assumed``).

    Raises
    ------
    InputError
        F133 neither an extract nor roads, F134 nothing inside the boundary, N1xx for the extract, F1xx for
        the other files, L1xx for what the layers cannot hold.
    """
    if options.osm is None and options.roads is None:
        raise refuse(
            "F133",
            where=options.name,
            found="nothing to build from",
            wanted="an OpenStreetMap extract, a road file, or a place name",
            fix="Give --osm, --roads or --place.",
        )
    extract = read_osm(options.osm) if options.osm else None
    return build_from(options, extract)


def build_from(options: BuildOptions, extract: OsmExtract | None) -> BuiltRegion:
    """As ``build_region``, from an extract that is read already."""
    outline = read_outline(options.boundary, datum=options.datum) if options.boundary else _outline(extract)
    roads, turns = _roads(options, extract, outline)
    areas = township_areas(extract, outline, roads, level=options.admin_level)
    demand = in_townships(_demand(options, extract, outline), areas)
    frames: dict[str, pd.DataFrame] = {
        "about": _about(options),
        "boundary": outline.frame(),
        "townships": with_people(areas, demand),
        "demand": demand,
        "roads": roads,
        **(_places(extract, outline, areas) if extract else {}),
    }
    if turns is not None:
        frames["turns"] = turns
    region = make_region(options.name, {layer: _printable(frame) for layer, frame in frames.items()})
    return BuiltRegion(region=region, warnings=extract.warnings if extract else ())


def _printable(frame: pd.DataFrame) -> pd.DataFrame:
    """One stray character in a map of the whole world must not stop a county from being built."""
    found = [column for column in WRITTEN_BY_ANYONE if column in frame and len(frame)]
    return frame.assign(**{column: printable(frame[column]) for column in found})


def _outline(extract: OsmExtract | None) -> Outline:
    if extract is None or not len(extract.admin_areas):
        return Outline(shape=None, source="", clips=False)
    areas = extract.admin_areas
    widest = areas[areas["admin_level"] == areas["admin_level"].min()]
    return Outline(
        shape=shapely.union_all(widest.geometry.to_numpy()), source=widest["source"].iloc[0], clips=False
    )


def _places(extract: OsmExtract, outline: Outline, areas: gpd.GeoDataFrame) -> dict[str, pd.DataFrame]:
    shelters = extract.schools.assign(note="school; capacity unknown")
    return {
        "stations": in_townships(outline.within(extract.stations), areas),
        "hospitals": outline.within(extract.hospitals),
        "shelters": in_townships(outline.within(shelters), areas),
    }


def _roads(
    options: BuildOptions, extract: OsmExtract | None, outline: Outline
) -> tuple[gpd.GeoDataFrame, pd.DataFrame | None]:
    if options.roads:
        roads = read_road_file(options.roads, options.roads_mapping, datum=options.datum)
        turns = None
    else:
        assert extract is not None
        roads, turns = extract.roads, extract.turns
    roads = outline.near(roads, beyond_m=options.roads_beyond_m)
    if not len(roads):
        raise refuse(
            "F134",
            where=options.name,
            found="no road inside the boundary",
            wanted="a boundary that lies in the road file",
            fix="Check that the two files belong together, and the datum of the boundary.",
        )
    if turns is not None:
        turns = turns[turns["from_road"].isin(roads["id"]) & turns["to_road"].isin(roads["id"])]
    return roads, turns


def _demand(options: BuildOptions, extract: OsmExtract | None, outline: Outline) -> gpd.GeoDataFrame:
    if options.population:
        grid = demand_from_grid(options.population, column=options.population_column, datum=options.datum)
        return outline.within(grid)
    if extract is None:
        return gpd.GeoDataFrame({"id": [], "people": [], "source": []}, geometry=[], crs=CRS)
    buildings = outline.within(extract.buildings)
    return demand_from_buildings(buildings, people=options.people, spread=options.spread)


def _about(options: BuildOptions) -> pd.DataFrame:
    files = [file.name for file in (options.osm, options.roads, options.boundary, options.population) if file]
    facts = {"name_en": options.name, "speed_preset": options.preset, "built_from": ", ".join(files)}
    if options.osm:
        facts["attribution"] = "© OpenStreetMap contributors, ODbL 1.0"
    return pd.DataFrame({"id": list(facts), "value": list(facts.values()), "source": "muster region build"})
