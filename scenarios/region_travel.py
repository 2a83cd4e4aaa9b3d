"""Travel times on a region's own roads, kept between questions: regions do not change."""

from collections.abc import Hashable, Iterable, Mapping
from functools import lru_cache

import geopandas as gpd

from geo.closures import Closure
from geo.errors import refuse
from geo.region.region import Region
from geo.road_layer import road_graph
from geo.roads import RoadGraph
from geo.travel import TravelTimes
from geo.vehicle_file import read_vehicle_classes
from scenarios.kept import Kept
from scenarios.kept_travel import KeptTravel, closed_ground

MOST_EDGES = 250_000
"""Edges of roads under closures that are kept, over all vehicle classes: of a county some situations."""
_under: Kept[KeptTravel] = Kept(MOST_EDGES)


@lru_cache(maxsize=2)
def region_roads(region: Region) -> RoadGraph:
    """The road graph of a region, speeds by the preset that the region names."""
    lines = region.tables["roads"]
    assert isinstance(lines, gpd.GeoDataFrame)
    return road_graph(lines, region.tables["turns"], preset=region.about("speed_preset", "china"))


@lru_cache(maxsize=32)
def region_travel(region: Region, vehicle: str) -> TravelTimes:
    """Travel times of one vehicle class with every road open.

    Raises
    ------
    InputError
        S213 for a vehicle class that nobody describes.
    """
    classes = read_vehicle_classes()
    if vehicle not in classes:
        raise refuse(
            "S213",
            where=f"region {region.name}, layer teams, column vehicle_class",
            found=repr(vehicle),
            wanted=", ".join(sorted(classes)),
            fix="Use the name of a known vehicle class.",
        )
    return TravelTimes(region_roads(region), classes[vehicle])


def travel_under(
    region: Region, vehicles: Iterable[str], closures: tuple[Closure, ...]
) -> Mapping[str, TravelTimes]:
    """Travel times by vehicle class under closures, all of which count whatever their time."""
    ground = closed_ground(closures)
    return {one: _closed(region, one, closures, ground) for one in sorted(set(vehicles))}


def closed_travel(region: Region, vehicle: str, closures: tuple[Closure, ...]) -> TravelTimes:
    """Travel times of one vehicle class under closures, all of which count whatever their time.

    They are kept with their answers: the next plan has nearly always the same closures. ``closures`` of what
    is given may carry the names, times and order of an earlier question, which closed the very same ground.

    Raises
    ------
    InputError
        S213 as ``region_travel``, N207 for roads that do not exist.
    """
    return _closed(region, vehicle, closures, closed_ground(closures))


def _closed(region: Region, vehicle: str, closures: tuple[Closure, ...], ground: Hashable) -> TravelTimes:
    times = region_travel(region, vehicle)
    key = (region, vehicle, ground)
    return _under.of(key, lambda: KeptTravel(times.with_closures(closures)), weight=times.roads.edges)
