"""The siting problem of a scenario: rows over usable sites, its rules, the layout its question asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from geo.errors import refuse
from optimizer.problem import Floats, Int64s, SitingProblem
from optimizer.siting.force_rules import Force, Room
from optimizer.siting.forces import hosted
from optimizer.siting.phased import Phase, phased
from optimizer.siting.relocation import relocatable
from scenarios.scenario_models import SitingSection
from scenarios.site_layout import HostedLayout, Layout, MovingLayout, PhasedLayout, PlainLayout
from scenarios.site_places import Sites
from scenarios.site_points import Points
from scenarios.site_rules import capacities, floors, planned_rules, spending

_SHARING = ("mclp", "decay", "p_median")
"""Questions whose models share people between sites of limited capacity."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ground:
    """What a layout is made from; ``m`` sites, ``u`` usable ones, ``k`` points.

    Parameters
    ----------
    response_s
        By force: order to arrival, s, shape (k, m).
    usable
        Sites that may be open, ascending, shape (u,).
    teams
        Teams of each force that stand at each site, shape (m,); only asked for where teams are placed.
    """

    section: SitingSection
    sites: Sites
    points: Points
    response_s: Mapping[str, Floats]
    usable: Int64s
    teams: Mapping[str, Int64s]


def layout_of(ground: Ground) -> Layout:
    """The problem in the columns that the scenario needs.

    Raises
    ------
    InputError
        S144 a capacity that the question cannot count, S149 as ``capacities``.
    """
    section = ground.section
    _refuse_capacities(section)
    if section.teams:
        return _hosted(ground)
    problem = plain_problem(ground, ground.response_s)
    if section.phases:
        return _phased(ground, problem)
    if section.rules.movable:
        return _moving(ground, problem)
    return PlainLayout(problem=problem, usable=ground.usable)


def plain_problem(ground: Ground, response_s: Mapping[str, Floats]) -> SitingProblem:
    """A column for each usable site, with all rules but moves; times of the roads as they are then."""
    section, sites, points, usable = ground.section, ground.sites, ground.points, ground.usable
    by_row = np.empty((len(points.row_point), len(usable)))
    for number, standard in enumerate(section.standards):
        held = points.row_standard == number
        by_row[held] = response_s[standard.force][points.row_point[held]][:, usable]
    people = weights(ground)
    standing = int(sites.kept.sum() + sites.closable.sum())
    return SitingProblem(
        response_s=by_row,
        people=people,
        limit_s=limits_s(ground),
        fixed=sites.kept[usable],
        places=None if section.open is None else standing + section.open,
        cost=_costs(ground) if section.cheapest else None,
        rules=(
            *planned_rules(section, sites, usable),
            *(() if section.rules.movable else spending(section, sites, usable)),
        ),
        floors=floors(section, points, people),
        capacity=capacities(section, sites, usable, people),
    )


def weights(ground: Ground) -> Int64s:
    """What each row counts: its people, or 1 for a place, times the weight of its standard, shape (n,)."""
    by_standard = np.array([standard.weight for standard in ground.section.standards])
    counted: Int64s = ground.points.people[ground.points.row_point] * by_standard[ground.points.row_standard]
    return counted


def limits_s(ground: Ground) -> Floats:
    """Limit of each row, s, shape (n,)."""
    return np.array([standard.within_s for standard in ground.section.standards])[
        ground.points.row_standard
    ].astype(float)


def priced(ground: Ground, problem: SitingProblem) -> SitingProblem:
    """The problem with what each usable site costs when open, less what then is not spent on closing it."""
    return replace(problem, cost=_costs(ground))


def closing_all(ground: Ground) -> float:
    """What closing every site that may close would cost: priced choices cost that much more, CNY."""
    return float(ground.sites.closing[ground.sites.closable].sum())


def _costs(ground: Ground) -> Floats:
    sites = ground.sites
    costs: Floats = (sites.opening - np.where(sites.closable, sites.closing, 0.0))[ground.usable]
    return costs


def _refuse_capacities(section: SitingSection) -> None:
    rules = section.rules
    if rules.capacity_people is None and rules.capacity_column is None:
        return
    beside = [key for key in ("teams", "phases", "robust", "front") if section.__dict__[key]]
    if beside or section.question not in _SHARING:
        raise refuse(
            "S144",
            where=f"siting.rules.{'capacity_people' if rules.capacity_column is None else 'capacity_column'}",
            found=f"a capacity beside {beside[0]}"
            if beside
            else f"a capacity with question: {section.question}",
            wanted=f"capacities with question {', '.join(_SHARING)}, without teams, phases, robust, front",
            fix="Remove the capacity, or ask a scenario of its own.",
        )


def _hosted(ground: Ground) -> HostedLayout:
    section, sites, usable = ground.section, ground.sites, ground.usable
    row_force = np.array([section.standards[n].force for n in ground.points.row_standard.tolist()])
    people, limit_s = weights(ground), limits_s(ground)
    forces = []
    for name in ground.response_s:
        rows = np.flatnonzero(row_force == name)
        standing = ground.teams[name][usable]
        of_rows = {int(row): number for number, row in enumerate(rows.tolist())}
        forces.append(
            Force(
                name=name,
                response_s=ground.response_s[name][ground.points.row_point[rows]][:, usable],
                people=people[rows],
                limit_s=limit_s[rows],
                teams=section.teams.get(name, 0),
                hosts=np.asarray(np.isfinite(ground.response_s[name][:, usable]).any(axis=0)),
                standing=standing,
                most_at_place=int(max(_most(section), standing.max(initial=0))),
                floors=tuple(
                    replace(floor, rows=np.array([of_rows[row] for row in floor.rows.tolist()]))
                    for floor in floors(section, ground.points, people)
                    if int(floor.rows[0]) in of_rows
                ),
            )
        )
    existing = sites.existing[usable]
    standing_teams = np.sum([ground.teams[name][usable] for name in ground.response_s], axis=0)
    room = np.where(sites.room[usable] < 0, section.teams_per_site, sites.room[usable])
    return HostedLayout(
        hosted=hosted(
            forces,
            Room(
                existing=existing,
                places=section.open,
                teams=np.maximum(room, standing_teams),
                opening=sites.opening[usable],
                budget=section.rules.budget,
                rules=planned_rules(section, sites, usable),
                names=tuple(sites.places[number].id for number in usable.tolist()),
            ),
        ),
        usable=usable,
        opened=tuple(usable[existing].tolist()),
        by_force=np.concatenate([np.flatnonzero(row_force == name) for name in ground.response_s]),
    )


def _most(section: SitingSection) -> int:
    """Most teams of one force at a place: a second one counts only where second covers do."""
    return {"backup": 2, "mexclp": section.units_per_site}.get(section.question, 1)


def _phased(ground: Ground, problem: SitingProblem) -> PhasedLayout:
    section, sites, usable = ground.section, ground.sites, ground.usable
    standing = int((sites.kept | sites.closable).sum())
    phases = [
        Phase(name=str(phase.year), places=standing + phase.open, weight=phase.weight)
        for phase in section.phases
    ]
    return PhasedLayout(
        phased=phased(problem, phases, standing=sites.closable[usable]),
        usable=usable,
        years=tuple(phase.year for phase in section.phases),
        existing=frozenset(np.flatnonzero(sites.existing).tolist()),
    )


def _moving(ground: Ground, problem: SitingProblem) -> MovingLayout:
    section, sites, usable = ground.section, ground.sites, ground.usable
    column = {number: c for c, number in enumerate(usable.tolist())}
    price = {
        column[number]: section.rules.movable[sites.places[number].id]
        for number in np.flatnonzero(sites.existing).tolist()
        if sites.places[number].id in section.rules.movable
    }
    return MovingLayout(
        moving=relocatable(
            problem,
            existing=sites.existing[usable],
            opening=sites.opening[usable],
            closing=sites.closing[usable],
            moving=price,
            budget=section.rules.budget,
        ),
        usable=usable,
    )
