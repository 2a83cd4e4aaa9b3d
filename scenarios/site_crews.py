"""Who stands where: the teams of a region as they are, and as they would be under a siting plan."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from scenarios.dispatch_teams import ReadyTeam
from scenarios.forces import Force
from scenarios.plan_simulation import NewCrew
from scenarios.site_choice import Choice
from scenarios.site_inputs import SitingInputs
from scenarios.site_places import Sites

OWN_LEVEL = 1
"""Of new crews where no own team of the region has the capability."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crews:
    """Teams that take part in a drill, and which of them answer for each force.

    Parameters
    ----------
    of
        Ids of the crews at open sites, by force.
    new
        Site and force of each team that the plan adds, by id of the team.
    without
        Open sites of the plan that no team is based at, ids ascending.
    """

    teams: tuple[ReadyTeam, ...]
    of: Mapping[str, frozenset[str]]
    new: Mapping[str, tuple[str, str]]
    without: tuple[str, ...]


def crews_of(
    inputs: SitingInputs,
    choice: Choice,
    teams: Sequence[ReadyTeam],
    forces: Mapping[str, Force],
    levels: Mapping[str, int],
) -> Crews:
    """The teams with the sites of a choice open: those of closed sites are gone, new sites have new crews.

    A station that moves takes its teams along. New crews have the vehicle class and turnout of their force.
    """
    sites = inputs.sites
    closed = {sites.places[number].id for number in choice.closed(sites)}
    moved = {sites.places[old].id: new for old, new in choice.moves}
    based = [_moved(team, moved, sites) for team in teams]
    kept = [team for team in based if team.station_id not in closed or team.station_id in moved]
    manned = {new for _, new in choice.moves}
    added = [
        (name, new_crew(sites, number, name, force, levels[name], count))
        for name, force in forces.items()
        for number, crews in _crews_at(inputs, choice, name, force).items()
        if number not in manned
        for count in range(1, crews + 1)
    ]
    everybody = (*kept, *(team for _, team in added))
    of = {
        name: frozenset(team.id for team in everybody if _answers(team, force, inputs, choice))
        for name, force in forces.items()
    }
    homes = {team.station_id for team in everybody}
    standing = [sites.places[n].id for n in choice.opened if n not in set(choice.new(sites))]
    return Crews(
        teams=everybody,
        of=of,
        new={team.id: (team.station_id, name) for name, team in added},
        without=tuple(sorted(one for one in standing if one not in homes)),
    )


def _moved(team: ReadyTeam, moved: Mapping[str, int], sites: Sites) -> ReadyTeam:
    if team.station_id not in moved:
        return team
    place = sites.places[moved[team.station_id]]
    return replace(team, lon=round(place.lon, 7), lat=round(place.lat, 7))


def _crews_at(inputs: SitingInputs, choice: Choice, name: str, force: Force) -> dict[int, int]:
    """New crews of a force by site: placed one by one, by units, else one at each new site."""
    sites, section = inputs.sites, inputs.ground.section
    if section.teams:
        return {number: count for (number, one), count in sorted(choice.teams.items()) if one == name}
    houses = sites.houses(force)
    units = choice.units if section.question == "mexclp" else {}
    found = {number: units.get(number, 1) for number in choice.new(sites) if houses[number]}
    more = {n: count - 1 for n, count in units.items() if n not in found and count > 1 and houses[n]}
    return dict(sorted({**found, **more}.items()))


def new_crew(sites: Sites, number: int, name: str, force: Force, level: int, count: int) -> ReadyTeam:
    """A crew of a force at a site; ``count`` from 1 tells several at one place apart."""
    place = sites.places[number]
    suffix = "" if count == 1 else f" {count}"
    zh, en = place.name_zh or place.id, place.name_en or place.id
    return ReadyTeam(
        id=f"new {place.id} {name}{suffix}",
        name_zh=f"{zh}{force.name_zh}队{suffix}",
        name_en=f"{force.name_en}, {en}{suffix}",
        force="fire_rescue",
        station_id=place.id,
        lon=round(place.lon, 7),
        lat=round(place.lat, 7),
        people=0,
        vehicles=1,
        capabilities={force.capability: level},
        vehicle_class=force.vehicle_class,
        turnout_s=force.turnout_s,
    )


def _answers(team: ReadyTeam, force: Force, inputs: SitingInputs, choice: Choice) -> bool:
    """Whether a team has the capability of a force and is based at an open site that houses it."""
    if team.capabilities.get(force.capability, 0) < 1:
        return False
    houses, moved = inputs.sites.houses(force), {old for old, _ in choice.moves}
    open_sites = {inputs.sites.places[n].id for n in (*choice.opened, *moved) if houses[n]}
    return team.station_id in open_sites


def usual_levels(
    teams: Sequence[ReadyTeam], forces: Mapping[str, Force], said: Mapping[str, int]
) -> dict[str, int]:
    """Level of new crews by force: as said, else that of most own teams that can do it, of two the lower."""
    return {name: said.get(name) or _commonest(teams, force.capability) for name, force in forces.items()}


def _commonest(teams: Sequence[ReadyTeam], capability: str) -> int:
    found = [team.capabilities[capability] for team in teams
             if team.capabilities.get(capability, 0) > 0 and not team.mutual_aid]  # fmt: skip
    return max(sorted(set(found)), key=found.count) if found else OWN_LEVEL


def new_crews(crews: Crews, forces: Mapping[str, Force], levels: Mapping[str, int]) -> tuple[NewCrew, ...]:
    """What the new crews are taken to be, by force."""
    count = Counter(force for _, force in crews.new.values())
    return tuple(
        NewCrew(
            force=name,
            capability=force.capability,
            level=levels[name],
            vehicle_class=force.vehicle_class,
            turnout_s=force.turnout_s,
            crews=count[name],
        )
        for name, force in forces.items()
        if count[name]
    )
