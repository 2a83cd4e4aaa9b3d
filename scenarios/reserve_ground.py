"""What an emergency does to a region: zones, roads cut, depots lost, who is threatened, where is work."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely

from geo.closures import Closure
from geo.region.region import Region
from optimizer.problem import Bools, Floats, Int64s
from scenarios.dispatch_hazards import IncidentHazard, incident_hazards
from scenarios.hazards.local_plane import LocalPlane
from scenarios.hazards.zone_closures import closures_of
from scenarios.hazards.zones import HazardZone
from scenarios.incident_models import Incident, IncidentScenario
from scenarios.region_travel import region_roads, region_travel
from scenarios.relief_places import Shelter, usable_shelters
from scenarios.reserve_models import Emergency
from scenarios.reserve_places import Homes, metres_apart
from scenarios.reserve_rules import ReserveRules

WALK_KMH = 4.0
DETOUR = 1.3
"""Of a path over the straight line; people who have no road walk."""
_BUS = "bus"
_NEAREST = 40
"""Places looked at for work: some lie on roads that the hazard cuts off."""
_GRAVE_FROM = 2
"""Zones of this level and graver drive people out and keep trucks away."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ground:
    """An emergency as the region feels it.

    Parameters
    ----------
    closures
        What keeps trucks out.
    threat
        How much each demand point is threatened, people, shape (p,).
    shelters
        That take people in.
    inside
        Depots in a zone, shape (d,).
    site
        Longitude and latitude of where work is done: the nearest place with people outside the zones.
    """

    hazard: IncidentHazard
    closures: tuple[Closure, ...]
    threat: Floats
    shelters: tuple[Shelter, ...]
    inside: Bools
    site: tuple[float, float]


@dataclass(slots=True, eq=False)
class Grounds:
    """The grounds of many emergencies, each worked out once.

    Parameters
    ----------
    homes
        Where people live.
    depots
        Longitude and latitude, shape (d, 2).
    vehicle
        Class of the trucks.
    people
        How many leave their homes.
    cold
        Whether shelters must be heated.
    """

    region: Region
    rules: ReserveRules
    homes: Homes
    depots: Floats
    vehicle: str
    people: int
    cold: bool
    _known: dict[str, Ground] = field(default_factory=dict)
    _drives: dict[str, Floats] = field(default_factory=dict)
    _ways: dict[str, Floats] = field(default_factory=dict)

    def of(self, emergency: Emergency) -> Ground:
        """What an emergency does; raises ``InputError`` as ``incident_hazards``."""
        key = _key(emergency, roads=False)
        if key not in self._known:
            self._known[key] = self._ground(emergency)
        return self._known[key]

    def drive_s(self, emergency: Emergency) -> Floats:
        """Seconds from each depot to each shelter of its ground and, last, to the work; ``inf`` = cut."""
        key = _key(emergency, roads=True)
        if key not in self._drives:
            ground = self.of(emergency)
            cut = (*ground.closures, *road_closures(emergency))
            goals = np.array([*((one.lon, one.lat) for one in ground.shelters), ground.site], np.float64)
            self._drives[key] = (
                region_travel(self.region, self.vehicle).with_closures(cut).matrix_s(self.depots, goals)
            )
        return self._drives[key]

    def way_s(self, emergency: Emergency) -> Floats:
        """Seconds from where each township gathers to each shelter of its ground, shape (t, s).

        By bus or on foot, whichever is quicker. People leave before the water or the cloud is there, so only
        roads that are cut by name hold them up.
        """
        key = _key(emergency, roads=True)
        if key not in self._ways:
            ground = self.of(emergency)
            homes = self.homes.gathering(ground.threat)
            goals = np.array([(one.lon, one.lat) for one in ground.shelters], np.float64).reshape(-1, 2)
            self._ways[key] = self._way_s(homes, goals, road_closures(emergency))
        return self._ways[key]

    def _way_s(self, homes: Floats, goals: Floats, cut: tuple[Closure, ...]) -> Floats:
        if not len(homes) or not len(goals):
            return np.zeros((len(homes), len(goals)))
        straight_m = np.array([metres_apart((lon, lat), goals) for lon, lat in homes.tolist()])
        drive_s = region_travel(self.region, _BUS).with_closures(cut).matrix_s(homes, goals)
        return np.minimum(drive_s, straight_m * DETOUR / (WALK_KMH / 3.6))

    def _ground(self, emergency: Emergency) -> Ground:
        hazard = hazard_of(self.region, emergency)
        zones = grave_zones(hazard)
        places, living = self.homes.lonlat, self.homes.living
        away_m = _away_m(zones, hazard, places)
        roads = region_roads(self.region)
        closures = tuple(closures_of(zones, gas_from_level=_GRAVE_FROM, roads=roads))
        return Ground(
            hazard=hazard,
            closures=closures,
            threat=self._threat(emergency, away_m, living),
            shelters=self._shelters(emergency, hazard),
            inside=_inside(zones, self.depots),
            site=self._site(hazard, zones, closures),
        )

    def _shelters(self, emergency: Emergency, hazard: IncidentHazard) -> tuple[Shelter, ...]:
        """Those that can take people in and, where the emergency names some, are named."""
        usable, _ = usable_shelters(self.region, (hazard,), cold=self.cold)
        named = emergency.shelters
        return tuple(one for one in usable if not named or one.id in named)

    def _site(
        self, hazard: IncidentHazard, zones: Sequence[HazardZone], closures: tuple[Closure, ...]
    ) -> tuple[float, float]:
        """The nearest dry place with people that a truck reaches; the nearest where none is reached."""
        near = _dry(zones, hazard, self.homes)[:_NEAREST]
        if not len(near):
            return float(hazard.lonlat[0]), float(hazard.lonlat[1])
        places = self.homes.lonlat[near]
        drive_s = (
            region_travel(self.region, self.vehicle).with_closures(closures).matrix_s(self.depots, places)
        )
        reached = np.flatnonzero(np.isfinite(drive_s).any(axis=0))
        best = int(reached[0]) if len(reached) else 0
        return float(places[best, 0]), float(places[best, 1])

    def _threat(self, emergency: Emergency, away_m: Floats, living: Floats) -> Floats:
        """People by place: fading with distance in an earthquake, else those inside and then the nearest."""
        if emergency.hazard == "collapse":
            return living * np.exp(-away_m / (1000 * self.rules.draws.quake_decay_km))
        inside = living * (away_m <= 0)
        if inside.sum() >= self.people:
            return inside
        order = np.lexsort((np.arange(len(away_m)), np.round(away_m, 1)))
        before = np.concatenate([[0.0], np.cumsum(living[order])[:-1]]) if len(order) else living
        threat = np.zeros(len(living))
        threat[order] = np.clip(self.people - before, 0, living[order])
        return threat


def hazard_of(region: Region, emergency: Emergency) -> IncidentHazard:
    """The zones of an emergency; raises ``InputError`` as ``incident_hazards``."""
    scenario = IncidentScenario(
        muster=1,
        kind="incident",
        region=region.name,
        at=emergency.at,
        weather=emergency.weather,
        incidents=(
            Incident(
                id=emergency.id,
                hazard=emergency.hazard,
                level="II",
                where=emergency.where,
                depth_factor=emergency.depth_factor,
            ),
        ),
    )
    return incident_hazards(region, scenario)[0]


def grave_zones(hazard: IncidentHazard) -> tuple[HazardZone, ...]:
    """Water, and gas that does lasting harm."""
    return tuple(zone for zone in hazard.zones if zone.depth_m is not None or zone.level >= _GRAVE_FROM)


def road_closures(emergency: Emergency) -> tuple[Closure, ...]:
    """Roads that an emergency cuts by name."""
    if not emergency.close_roads:
        return ()
    return (Closure(id=f"{emergency.id}-roads", road_ids=emergency.close_roads, closed=True),)


def _key(emergency: Emergency, *, roads: bool) -> str:
    """What the ground of an emergency hangs on."""
    said = {"hazard", "where", "at", "weather", "depth_factor", "shelters"}
    return emergency.model_dump_json(include=said | ({"close_roads"} if roads else set()))


def _away_m(zones: Sequence[HazardZone], hazard: IncidentHazard, places: Floats) -> Floats:
    """Metres from the zones, 0 inside; from the middle of the hazard where it has none."""
    lon, lat = float(hazard.lonlat[0]), float(hazard.lonlat[1])
    if not zones:
        return metres_apart((lon, lat), places)
    plane = LocalPlane(lon, lat)
    area = shapely.transform(shapely.union_all([zone.polygon for zone in zones]), plane.metres)
    return np.asarray(shapely.distance(area, shapely.points(plane.metres(places))), np.float64)


def _inside(zones: Sequence[HazardZone], places: Floats) -> Bools:
    hit = np.zeros(len(places), np.bool_)
    for zone in zones:
        hit |= np.asarray(shapely.intersects_xy(zone.polygon, places[:, 0], places[:, 1]), np.bool_)
    return hit


def _dry(zones: Sequence[HazardZone], hazard: IncidentHazard, homes: Homes) -> Int64s:
    """Places with people outside the zones, the nearest to the hazard first."""
    dry = np.flatnonzero(~_inside(zones, homes.lonlat) & (homes.living > 0))
    away = metres_apart((float(hazard.lonlat[0]), float(hazard.lonlat[1])), homes.lonlat[dry])
    return dry[np.lexsort((dry, np.round(away, 1)))]
