"""Roads and places in, seconds out: no optimization.

The names below are loaded at first use, so that importing this package stays cheap.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from geo.closures import Closure
    from geo.errors import Fault, InputError
    from geo.metric import arc_weights_ds
    from geo.osm import read_osm
    from geo.region.build import build_region
    from geo.region.check import check_region
    from geo.region.files import read_region, write_region
    from geo.region.region import Region
    from geo.road_layer import road_graph
    from geo.roads import RoadGraph
    from geo.route import Route
    from geo.snap import Snapped
    from geo.travel import Pairs, TravelEngine, TravelTimes
    from geo.vehicle_file import read_vehicle_classes
    from geo.vehicles import VehicleClass

__all__ = [
    "Closure",
    "Fault",
    "InputError",
    "Pairs",
    "Region",
    "RoadGraph",
    "Route",
    "Snapped",
    "TravelEngine",
    "TravelTimes",
    "VehicleClass",
    "arc_weights_ds",
    "build_region",
    "check_region",
    "read_osm",
    "read_region",
    "read_vehicle_classes",
    "road_graph",
    "write_region",
]

_HOME = {
    "Closure": "geo.closures",
    "Fault": "geo.errors",
    "InputError": "geo.errors",
    "Pairs": "geo.travel",
    "Region": "geo.region.region",
    "RoadGraph": "geo.roads",
    "Route": "geo.route",
    "Snapped": "geo.snap",
    "TravelEngine": "geo.travel",
    "TravelTimes": "geo.travel",
    "VehicleClass": "geo.vehicles",
    "arc_weights_ds": "geo.metric",
    "build_region": "geo.region.build",
    "check_region": "geo.region.check",
    "read_osm": "geo.osm",
    "read_region": "geo.region.files",
    "read_vehicle_classes": "geo.vehicle_file",
    "road_graph": "geo.road_layer",
    "write_region": "geo.region.files",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
