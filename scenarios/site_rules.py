"""The rules of a siting scenario, in columns of the problem: lines, floors, capacities, barred candidates."""

import geopandas as gpd
import numpy as np

from geo.errors import refuse
from geo.region.region import Region
from geo.snap import distance_m
from optimizer.problem import Bools, Floats, Int64s
from optimizer.rules import Floor, Rule
from optimizer.siting import planning_rules
from scenarios.scenario_models import SitingSection, Standard
from scenarios.site_places import Sites
from scenarios.site_points import Points
from scenarios.siting_rules import AwayFrom, Rules
from scenarios.where import read_condition

_DOWNWIND_DEG = 45.0
"""Half of the quarter circle that counts as downwind; the quarters beside it are crosswind."""


def barred_sites(region: Region, rules: Rules, sites: Sites) -> Bools:
    """Candidates that the rules bar by name or by their distance to dangerous places, shape (m,)."""
    named = np.array([place.id in rules.bar for place in sites.places], np.bool_)
    lonlat = np.array([(place.lon, place.lat) for place in sites.places]).reshape(-1, 2)
    near = np.zeros(len(lonlat), np.bool_)
    for rule in rules.away_from:
        near |= _too_near(region, rule, lonlat)
    return (named | near) & ~sites.existing


def _too_near(region: Region, rule: AwayFrom, lonlat: Floats) -> Bools:
    """Sites nearer than the rule allows to one of its places, or close and downwind of one."""
    near = np.zeros(len(lonlat), np.bool_)
    for danger in _places(region, rule):
        there = np.broadcast_to(danger, lonlat.shape)
        apart_m = distance_m(there, lonlat)
        near |= apart_m < rule.least_m
        if rule.wind_from_deg is not None and rule.downwind_m is not None:
            off_deg = np.abs((_bearing_deg(danger, lonlat) - rule.wind_from_deg) % 360.0 - 180.0)
            near |= (apart_m <= rule.downwind_m) & (off_deg < _DOWNWIND_DEG)
    return near


def _bearing_deg(origin: Floats, lonlat: Floats) -> Floats:
    """Direction from a point to others, clockwise from north, degrees; short distances."""
    east = (lonlat[:, 0] - origin[0]) * np.cos(np.radians(origin[1]))
    bearing: Floats = np.degrees(np.arctan2(east, lonlat[:, 1] - origin[1]))
    return bearing


def _places(region: Region, rule: AwayFrom) -> Floats:
    table = region.placed(rule.layer)
    assert isinstance(table, gpd.GeoDataFrame)
    if rule.where is not None and len(table):
        meets = read_condition(rule.where).test
        table = table[[meets({str(k): v for k, v in one.items()}) for one in table.to_dict("records")]]
    inside = table.geometry.representative_point()
    return np.column_stack([inside.x, inside.y]).reshape(-1, 2)


def planned_rules(section: SitingSection, sites: Sites, usable: Int64s) -> tuple[Rule, ...]:
    """All rules over usable sites but the budget, named as a planner would; they name usable sites only."""
    rules = section.rules
    column = _columns(sites, usable)
    found = [
        planning_rules.apart(f"apart: {', '.join(pair)}", [column[one] for one in pair])
        for pair in dict.fromkeys(rules.apart)
    ]
    for pair in dict.fromkeys(rules.together):
        found += planning_rules.together(f"together: {', '.join(pair)}", [column[one] for one in pair])
    for one, others in rules.needs.items():
        found += planning_rules.requires(
            f"{one} needs {', '.join(others)}", column[one], [column[o] for o in dict.fromkeys(others)]
        )
    for group in rules.groups:
        members = [column[one] for one in dict.fromkeys(group.sites)]
        found.append(
            planning_rules.group(
                f"group: {group.name}", members, at_least=group.at_least, at_most=group.at_most
            )
        )
    found += [
        planning_rules.group(f"must open: {one}", [column[one]], at_least=1)
        for one in dict.fromkeys(rules.must_open)
    ]
    return tuple(found)


def spending(section: SitingSection, sites: Sites, usable: Int64s) -> tuple[Rule, ...]:
    """The budget as a line over usable sites; none without one. Stations that move are not counted here."""
    if section.rules.budget is None:
        return ()
    return (
        planning_rules.budget(
            section.rules.budget,
            opening=sites.opening[usable],
            closing=np.where(sites.closable, sites.closing, 0.0)[usable],
            existing=sites.existing[usable],
        ),
    )


def floors(section: SitingSection, points: Points, people: Int64s) -> tuple[Floor, ...]:
    """Least coverage of each township under each standard of people; ``people`` of each row, shape (n,)."""
    share = section.rules.township_share
    if share is None:
        return ()
    township = points.township[points.row_point]
    found = []
    for number, standard in enumerate(section.standards):
        if standard.of is not None:
            continue
        held = points.row_standard == number
        for name in sorted({str(one) for one in township[held]} - {""}):
            least = share if isinstance(share, float | int) else share.get(name)
            rows = np.flatnonzero(held & (township == name))
            if least:
                asked = np.ceil(least * float(people[rows].sum()) - 1e-9)
                found.append(Floor(name=f"{name}, {_limit(standard)}", rows=rows, people=float(asked)))
    return tuple(found)


def _limit(standard: Standard) -> str:
    return f"{standard.force} {standard.zone or ''} within {standard.within_s / 60:g} min".replace("  ", " ")


def capacities(section: SitingSection, sites: Sites, usable: Int64s, people: Int64s) -> Int64s | None:
    """People that each usable site can serve, shape (u,), all of ``people`` at most; ``None`` = no such rule.

    Raises
    ------
    InputError
        S149 a site whose capacity neither its record nor the rule says.
    """
    said, column = section.rules.capacity_people, section.rules.capacity_column
    if said is None and column is None:
        return None
    by_id = said if isinstance(said, dict) else {}
    everybody = int(people.sum())
    default = said if isinstance(said, int) else everybody if column is None else -1
    stated = np.where(sites.capacity[usable] >= 0, sites.capacity[usable], default)
    stated = np.where(sites.drawn[usable] & (stated < 0), everybody, stated)
    names = [sites.places[number].id for number in usable.tolist()]
    found = np.array(
        [by_id.get(name, own) for name, own in zip(names, stated.tolist(), strict=True)], np.int64
    )
    if (found < 0).any():
        silent = names[int((found < 0).argmax())]
        raise refuse(
            "S149",
            where="siting.rules.capacity_column",
            found=f"{int((found < 0).sum())} sites whose record does not say {column}, such as {silent!r}",
            wanted="a capacity for each site",
            fix="Fill in the column, or give capacity_people for them.",
        )
    return np.minimum(found, everybody)


def _columns(sites: Sites, usable: Int64s) -> dict[str, int]:
    """Column of each usable site by id; of two with one id the new one."""
    named = [(sites.places[number].id, column) for column, number in enumerate(usable.tolist())]
    return dict(named)
