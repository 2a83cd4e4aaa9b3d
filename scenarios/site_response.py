"""Order to arrival of every site at every demand point: turnout and travel, by force."""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
import pandas as pd

from geo.closures import Closure
from geo.errors import InputError, refuse
from geo.region.region import Region
from geo.vehicle_file import read_vehicle_classes
from optimizer.problem import Floats, Int64s
from optimizer.watch import Watch
from scenarios.forces import Force, forces
from scenarios.plan import Assumption
from scenarios.region_travel import region_travel
from scenarios.scenario_models import SitingSection, Standard
from scenarios.site_places import Sites
from scenarios.site_points import Points

Places = tuple[tuple[float, ...], ...]
_ZONES_ZH = {"town": "县城", "outskirts": "郊区", "all": "全部"}


def asked_forces(section: SitingSection) -> dict[str, Force]:
    """The forces of the standards, with what the scenario says of them."""
    asked: dict[str, Force] = {}
    for name in sorted({standard.force for standard in section.standards}):
        rule = section.forces.get(name)
        said = {} if rule is None else rule.model_dump(exclude_none=True)
        if "turnout_s" in said:
            said |= {"source": "scenario", "certainty": "assumed"}
        asked[name] = forces()[name].model_copy(update=said)
    return asked


def responses(
    region: Region, asked: Mapping[str, Force], sites: Sites, points: Points, watch: Watch
) -> tuple[dict[str, Floats], tuple[Assumption, ...]]:
    """Order to arrival by force, s, shape (points, sites), ``inf`` = no road; and figures no record gives.

    Raises
    ------
    InputError
        S131 unknown vehicle class, and the faults of roads and travel times.
    """
    classes = read_vehicle_classes()
    response_s: dict[str, Floats] = {}
    assumptions = [_speed_assumption(region.about("speed_preset", "china"))]
    for done, (name, force) in enumerate(asked.items()):
        if force.vehicle_class not in classes:
            raise _unknown_vehicle(name, force.vehicle_class, classes)
        watch.tell("travel times", done / len(asked))
        response_s[name] = order_to_arrival(region, force, sites, points)
        assumptions.append(_turnout_assumption(name, force))
        assumptions.append(_vehicle_assumption(name, force, classes[force.vehicle_class].source))
    return response_s, tuple(assumptions)


def order_to_arrival(
    region: Region, force: Force, sites: Sites, points: Points, closures: tuple[Closure, ...] = ()
) -> Floats:
    """Turnout and travel between sites and points, the way the force goes, s, shape (points, sites).

    ``inf`` = it cannot.
    """
    at_sites = tuple((place.lon, place.lat) for place in sites.places)
    at_points = tuple(map(tuple, points.lonlat.tolist()))
    travel_s = _travel_s(
        region, force.vehicle_class, at_sites, at_points, closures, inward=force.towards == "site"
    )
    barred = np.where(sites.houses(force), 0.0, np.inf)
    return travel_s + _turnouts(region, sites, force) + barred


@lru_cache(maxsize=24)
def _travel_s(
    region: Region,
    vehicle: str,
    at_sites: Places,
    at_points: Places,
    closures: tuple[Closure, ...],
    *,
    inward: bool,
) -> Floats:
    """Drive of each site to each point, or with ``inward`` of each point to each site, s, (points, sites).

    The last ones are kept: plan, tables and page of one run ask for the same, and regions do not change.
    """
    engine = region_travel(region, vehicle)
    if closures:
        engine = engine.with_closures(closures)
    sites, points = np.array(at_sites).reshape(-1, 2), np.array(at_points).reshape(-1, 2)
    travel_s = engine.matrix_s(points, sites) if inward else engine.matrix_s(sites, points).T
    travel_s = np.ascontiguousarray(travel_s)
    travel_s.setflags(write=False)
    return travel_s


def _turnouts(region: Region, sites: Sites, force: Force) -> Floats:
    """Order to wheels rolling by site: as its record or its quickest team says, else the default, s."""
    stated = _stated_turnouts(region, force)
    return np.array(
        [
            float(stated.get(place.id, force.turnout_s))
            if stands and place.layer == force.layer
            else force.turnout_s
            for place, stands in zip(sites.places, sites.existing.tolist(), strict=True)
        ]
    )


def _stated_turnouts(region: Region, force: Force) -> dict[str, float]:
    """Turnouts that records state, by id of the place, s."""
    if force.turnout_column:
        table = region.table(force.layer)
        said = table[table[force.turnout_column].notna()]
        return dict(zip(said["id"].astype(str), said[force.turnout_column].astype(float), strict=True))
    teams = _teams_of(region, force)
    known = teams[teams["turnout_s"].notna()]
    quickest = known.groupby("station_id")["turnout_s"].min()
    return dict(zip(quickest.index.astype(str), quickest.astype(float), strict=True))


def standing_teams(region: Region, sites: Sites, force: Force) -> Int64s:
    """Teams of the force based at each existing site, shape (sites,)."""
    based = _teams_of(region, force).groupby("station_id").size().to_dict()
    return np.array(
        [
            int(based.get(place.id, 0)) if stands and place.layer == force.layer else 0
            for place, stands in zip(sites.places, sites.existing.tolist(), strict=True)
        ],
        np.int64,
    )


def _teams_of(region: Region, force: Force) -> pd.DataFrame:
    """Teams with the capability of a force."""
    teams = region.table("teams")
    able = [
        any(part.split(":")[0] == force.capability for part in str(c).split(";"))
        for c in teams["capabilities"]
    ]
    return teams[np.array(able, np.bool_)]


def limit_assumption(standard: Standard, force: Force) -> Assumption:
    """The limit of a standard, with the source that the scenario states."""
    zone = standard.zone or "all"
    stated = "assumed" if "assumed" in standard.source else "cited"
    return Assumption(
        name=f"within_s.{standard.force}.{zone}",
        text_zh=f"{force.name_zh}到场时限（{_ZONES_ZH[zone]}）",
        text_en=f"time limit of {force.name_en}, {zone}",
        value=standard.within_s,
        unit="s",
        source=standard.source,
        certainty=stated if standard.source else "unstated",
    )


def _speed_assumption(preset: str) -> Assumption:
    return Assumption(
        name="speed_preset",
        text_zh="未标限速道路的车速表",
        text_en="speeds of roads without a signed limit",
        value=preset,
        unit="",
        source="geo/data/speeds.yaml",
        certainty="assumed",
    )


def _turnout_assumption(name: str, force: Force) -> Assumption:
    zh, en = ("记录", "record") if force.turnout_column else ("队伍", "team")
    return Assumption(
        name=f"turnout_s.{name}",
        text_zh=f"{force.name_zh}出动时间（{zh}未注明时）",
        text_en=f"turnout of {force.name_en} where no {en} states one",
        value=force.turnout_s,
        unit="s",
        source=force.source,
        certainty=force.certainty,
    )


def _vehicle_assumption(name: str, force: Force, source: str) -> Assumption:
    return Assumption(
        name=f"vehicle_class.{name}",
        text_zh=f"{force.name_zh}车型",
        text_en=f"vehicle class of {force.name_en}",
        value=force.vehicle_class,
        unit="",
        source=source,
        certainty="assumed",
    )


def _unknown_vehicle(name: str, vehicle: str, classes: Mapping[str, object]) -> InputError:
    return refuse(
        "S131",
        where=f"siting.forces.{name}.vehicle_class",
        found=repr(vehicle),
        wanted=", ".join(sorted(classes)),
        fix="Use the name of a known vehicle class.",
    )
