"""A region and a scenario made into a siting problem: rows, sites, response times, and what was left out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Required, TypedDict

import numpy as np
import pandas as pd

from geo.region.region import Region
from optimizer.problem import Bools, Floats, Int64s, SitingAnswer, SitingProblem, deciseconds
from optimizer.watch import Watch
from scenarios.plan import Assumption, PlanWarning
from scenarios.scenario_models import Scenario, SitingSection
from scenarios.site_choice import Choice
from scenarios.site_ids import refuse_unknown_ids
from scenarios.site_layout import Layout
from scenarios.site_places import Sites, sites_of
from scenarios.site_points import Points, Words, points_of
from scenarios.site_problem import Ground, layout_of, limits_s, weights
from scenarios.site_response import asked_forces, limit_assumption, responses, standing_teams
from scenarios.site_rules import barred_sites
from scenarios.site_states import StateTimes, road_states


class Chosen(TypedDict, total=False):
    """Columns, and the units at them where sites may have several, as ``SitingAnswer`` takes both."""

    chosen: Required[tuple[int, ...]]
    units: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SitingInputs:
    """All that a siting question rests on; ``k`` points, ``m`` sites, ``n`` rows.

    Parameters
    ----------
    ground
        Points, sites and the times between them.
    layout
        What the models solve, and what its columns stand for.
    states
        The roads in each state of a robust question, the first of them as in ``ground``; empty otherwise.
    """

    ground: Ground
    layout: Layout
    states: tuple[StateTimes, ...]
    warnings: tuple[PlanWarning, ...]
    assumptions: tuple[Assumption, ...]

    @property
    def points(self) -> Points:
        """Whom the standards speak of."""
        return self.ground.points

    @property
    def sites(self) -> Sites:
        """Stations that stand, and places where new ones may open."""
        return self.ground.sites

    @property
    def response_s(self) -> Mapping[str, Floats]:
        """By force: order to arrival of each site at each point, s, shape (k, m)."""
        return self.ground.response_s

    @property
    def problem(self) -> SitingProblem:
        """What the models solve."""
        return self.layout.problem

    def choice(self, answer: SitingAnswer) -> Choice:
        """What an answer decides."""
        found = self.layout.choice(answer.chosen)
        if not answer.units or self.ground.section.teams:
            return found
        numbers = [self.layout.choice([column]).opened[-1] for column in answer.chosen]
        return replace(found, units=dict(zip(numbers, answer.units, strict=True)))

    def chosen(self, choice: Choice) -> Chosen:
        """Columns of a choice, and the units at them, as an answer has both; raises ``KeyError``."""
        columns = self.layout.columns(choice)
        if self.ground.section.question != "mexclp":
            return {"chosen": columns}
        if self.ground.section.teams:
            return {"chosen": columns, "units": tuple(1 for _ in columns)}
        numbers = [self.layout.choice([column]).opened[-1] for column in columns]
        return {"chosen": columns, "units": tuple(choice.units[number] for number in numbers)}

    def serving(self, choice: Choice, force: str) -> list[int]:
        """Open sites with a team of the force, as far as teams are placed one by one, ascending."""
        if not self.ground.section.teams:
            return list(choice.opened)
        stands = self.ground.teams[force] > 0
        return [n for n in choice.opened if stands[n] or choice.teams.get((n, force), 0) > 0]

    def nearest_ds(self, choice: Choice, force: str) -> Int64s:
        """Response of the first team at each point, ds, shape (k,); ``NEVER_DS`` = none arrives."""
        times_s = self.response_s[force][:, self.serving(choice, force)]
        return deciseconds(times_s.min(axis=1, initial=np.inf))

    def row_ds(self, choice: Choice) -> Int64s:
        """Response of the first team of the standard's force at each row, ds, shape (n,)."""
        points, found = self.points, np.empty(len(self.points.row_point), np.int64)
        nearest = {force: self.nearest_ds(choice, force) for force in self.response_s}
        for number, standard in enumerate(self.ground.section.standards):
            held = points.row_standard == number
            found[held] = nearest[standard.force][points.row_point[held]]
        return found

    def row_points(self, rows: Int64s) -> Int64s:
        """Points of rows of the problem."""
        return self.points.row_point[self.layout.plain_rows(rows)]

    def covered(self, choice: Choice) -> int:
        """Weight of the rows within their limit: people, where all standards are of people and count once."""
        within = self.row_ds(choice) <= deciseconds(limits_s(self.ground))
        return int(weights(self.ground)[within].sum())


def siting_inputs(region: Region, section: SitingSection, watch: Watch) -> SitingInputs:
    """Read off a region all that a siting question needs, travel times included.

    Raises
    ------
    InputError
        S120 to S127 and S148 as ``sites_of``, S122, S143 and S146 ids that are not there, S126 a standard
        that holds for no point, S130 no demand, S131 unknown vehicle class, S144 and S149 capacities, S145
        states that do not fit, and the faults of roads and times.
    """
    asked = asked_forces(section)
    sites = sites_of(region, section, asked.values())
    barred = barred_sites(region, section.rules, sites)
    usable = np.flatnonzero(sites.kept | sites.closable | (~sites.existing & ~sites.drawn & ~barred))
    refuse_unknown_ids(section, sites, usable)
    points = points_of(region, section)
    response_s, assumptions = responses(region, asked, sites, points, watch)
    ground = Ground(
        section=section,
        sites=sites,
        points=points,
        response_s=response_s,
        usable=usable,
        teams={name: standing_teams(region, sites, force) for name, force in asked.items()},
    )
    robust = section.robust
    inputs = SitingInputs(
        ground=ground,
        layout=layout_of(ground),
        states=() if robust is None else road_states(region, robust, asked, sites, points, response_s),
        warnings=(),
        assumptions=(
            *(limit_assumption(standard, asked[standard.force]) for standard in section.standards),
            *assumptions,
        ),
    )
    warnings = (*sites.warnings, *_warnings(region, inputs), *_barred(inputs, barred))
    return replace(inputs, warnings=warnings)


def offered_ids(region: Region, scenario: Scenario) -> frozenset[str]:
    """Ids of the stations and candidates that a scenario speaks of; raises ``InputError`` as ``sites_of``."""
    section = scenario.siting
    sites = sites_of(region, section, asked_forces(section).values())
    return frozenset(place.id for place, drawn in zip(sites.places, sites.drawn, strict=True) if not drawn)


def _barred(inputs: SitingInputs, barred: Bools) -> list[PlanWarning]:
    ids = [inputs.sites.places[number].id for number in np.flatnonzero(barred).tolist()]
    return [_warning("S157", "", ids, None)] if ids else []


def _warnings(region: Region, inputs: SitingInputs) -> list[PlanWarning]:
    demand = region.table("demand")
    points = inputs.points
    ids = points.id
    unplaced = ~demand["id"].isin(set(ids[points.demand]))
    reached = np.zeros(len(ids), np.bool_)
    idle = np.ones(len(inputs.sites.places), np.bool_)
    for response_s in inputs.response_s.values():
        reached |= np.isfinite(response_s).any(axis=1)
        idle &= ~np.isfinite(response_s).any(axis=0)
    held = np.zeros(len(ids), np.bool_)
    held[points.row_point] = True
    held |= ~points.demand
    closed = inputs.sites.existing & ~inputs.sites.kept & ~inputs.sites.closable
    names = [place.id for place in inputs.sites.places]
    layers = [place.layer for place in inputs.sites.places]
    found = [
        _warning("S150", "demand", demand.loc[unplaced, "id"], int(demand.loc[unplaced, "people"].sum())),
        _warning("S152", "demand", ids[~reached & points.demand], _people(points, ~reached)),
        *(
            _warning("S156", layer, ids[~reached & (points.layer == layer)], None)
            for layer in dict.fromkeys(points.layer[~points.demand])
        ),
        _warning("S153", "", [names[j] for j in np.flatnonzero(idle)], None),
        _warning("S154", "demand", ids[~held], _people(points, ~held)),
        *(
            _warning("S155", layer, [names[j] for j in np.flatnonzero(closed) if layers[j] == layer], None)
            for layer in dict.fromkeys(layers)
        ),
    ]
    return [warning for warning in found if warning.records]


def _people(points: Points, chosen: Bools) -> int:
    return int(points.people[chosen & points.demand].sum())


_WORDS = {
    "S150": ("需求点缺少坐标，未参与计算", "demand points without coordinates were left out"),
    "S152": ("需求点无任何道路可达", "demand points that no site reaches by road"),
    "S156": ("以下地点无任何道路可达", "places that no site reaches by road"),
    "S157": ("备选站址因规则被排除", "candidates that the rules bar"),
    "S153": ("站址无法到达任何需求点", "sites that reach no demand point by road"),
    "S154": ("需求点没有适用的到场时限", "demand points for which no standard holds"),
    "S155": ("现有站点未列入保留，按关闭计算", "existing stations that are not kept count as closed"),
}


def _warning(
    code: str, layer: str, records: "pd.Series[str] | list[str] | Words", people: int | None
) -> PlanWarning:
    zh, en = _WORDS[code]
    return PlanWarning(
        code=code, text_zh=zh, text_en=en, layer=layer, records=tuple(map(str, records)), people=people
    )
