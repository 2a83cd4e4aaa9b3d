"""What a siting question demands, each demand by name and able to give way at a price: the elastic program.

Chinneck & Dravnieks (1991), doi:10.1287/ijoc.3.2.157: every demand gets a slack; the least sum of slacks says
by how much they must give way together, and which of them are worth looking at.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from optimizer.problem import NEVER_DS, Bools, Floats, Int64s, SitingProblem
from optimizer.program import Program, Rows
from optimizer.siting.asked import Asked
from optimizer.siting.cover_sets import CoverSets, cover_sets
from optimizer.solver import Engine, Solution, solve

Kind = Literal["rule", "places", "floor", "coverage", "service", "capacity"]
_ROUNDING = 1e-6
_EVERY_SITE_REACHED = ("p_median", "p_center", "mix")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Demand:
    """Lines ``lower <= sum of value over variables <= upper`` that stand or give way together.

    Parameters
    ----------
    name
        The rule's or floor's own; empty where the kind says all.
    unit
        How much giving way counts as one: the limit itself, or the largest amount.
    rows
        Demand rows that it is about, shape (k,).
    """

    kind: Kind
    name: str
    columns: Int64s
    values: Floats
    lower: float
    upper: float
    unit: float
    rows: Int64s

    @property
    def step(self) -> float:
        """Amounts of giving way differ by this at least, as parts of ``unit``; 0 where by any little."""
        return 1.0 / self.unit if (self.values == np.rint(self.values)).all() else 0.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Elastic:
    """The demands of a question and the lines that nothing can bend.

    Parameters
    ----------
    covers, reaches
        Groups of rows by the sites that meet their standard, and by the sites that reach them at all; their
        variables follow those of the sites in this order.
    flows
        Pairs (group of ``reaches``, site) that carry people; their variables come last.
    unreachable
        Rows that the question asks to cover and no site can, left out of the demands.
    """

    problem: SitingProblem
    demands: tuple[Demand, ...]
    covers: CoverSets
    reaches: CoverSets
    flows: tuple[Int64s, Int64s]
    unreachable: tuple[int, ...]

    @property
    def size(self) -> int:
        """Number of variables without slacks."""
        groups = len(self.covers.people) + len(self.reaches.people)
        return self.problem.sites + groups + len(self.flows[0])

    def number(self, kind: Kind, name: str) -> int:
        """Which demand has this kind and name."""
        return [(demand.kind, demand.name) for demand in self.demands].index((kind, name))

    def bend(
        self,
        hard: Collection[int],
        soft: Mapping[int, float],
        *,
        limit_s: float,
        whole: bool = True,
        gap: float = 1e-7,
    ) -> tuple[Solution, Floats]:
        """Keep the demands ``hard``, let those of ``soft`` give way at a price each, forget all others.

        Returns the solution and by how much each demand gives way, 0 for those not in ``soft``, shape
        (demands,). Without ``whole`` sites may be open in part, which is quick: what is impossible then is
        impossible.
        """
        program, at = self._program(hard, soft, whole=whole)
        engine: Engine = "gscip" if whole else "glop"
        found = solve(program, limit_s=limit_s, engine=engine, absolute_gap=gap)
        slack = np.zeros(len(self.demands))
        if len(found.values):
            for number, first in at.items():
                unit = self.demands[number].unit
                slack[number] = unit * float(found.values[first : first + 2].sum())
        return found, slack

    def beyond(self, number: int, chosen: Collection[int]) -> float | None:
        """By how much a demand gives way when exactly these sites are open, in its own unit; 0 = it is kept.

        ``None`` where that hangs on who is served by whom.
        """
        demand, first = self.demands[number], self.size - len(self.flows[0])
        if (demand.columns >= first).any():
            return None
        opened = np.isin(np.arange(self.problem.sites), list(chosen))
        met = [(sets.covers & opened).any(axis=1) for sets in (self.covers, self.reaches)]
        total = float(demand.values @ np.concatenate([opened, *met])[demand.columns])
        over = max(total - demand.upper, demand.lower - total)
        return over if over > _ROUNDING * demand.unit else 0.0

    def _program(
        self, hard: Collection[int], soft: Mapping[int, float], *, whole: bool
    ) -> tuple[Program, dict[int, int]]:
        rows, m = Rows(), self.problem.sites
        self._add_structure(rows)
        at: dict[int, int] = {}
        for number in sorted([*hard, *soft]):
            demand = self.demands[number]
            columns, values = demand.columns, demand.values / demand.unit
            if number in soft:
                at[number] = self.size + 2 * len(at)
                columns = np.append(columns, [at[number], at[number] + 1])
                values = np.append(values, [1.0, -1.0])
            lower, upper = demand.lower / demand.unit, demand.upper / demand.unit
            rows.add_one(columns, values, lower=lower, upper=upper)
        size = self.size + 2 * len(at)
        objective, upper_limits = np.zeros(size), np.ones(size)
        for number, first in at.items():
            objective[first : first + 2] = soft[number]
        upper_limits[self.size - len(self.flows[0]) :] = np.inf
        lower_limits = np.zeros(size)
        lower_limits[:m] = self.problem.fixed
        program = rows.program(
            objective, lower=lower_limits, upper=upper_limits, integer=(np.arange(size) < m) & whole
        )
        return program, at

    def _add_structure(self, rows: Rows) -> None:
        """Who is covered and reached by whom, room for those who are served, structural rules."""
        first = self.problem.sites
        for sets in (self.covers, self.reaches):
            g, j = np.nonzero(sets.covers)
            own = np.arange(len(sets.people))
            rows.add(
                len(own),
                np.concatenate([g, own]),
                np.concatenate([j, first + own]),
                np.concatenate([np.ones(len(g)), -np.ones(len(own))]),
                lower=0.0,
                upper=np.inf,
            )
            first += len(own)
        self._add_room(rows, first)
        for rule in self.problem.rules:
            if rule.structural:
                rows.add_one(rule.sites, rule.amount, lower=rule.at_least, upper=rule.at_most)

    def _add_room(self, rows: Rows, first: int) -> None:
        group, site = self.flows
        if not len(group) or self.problem.capacity is None:
            return
        z, m = first + np.arange(len(group)), self.problem.sites
        people, room = self.reaches.people.astype(float), self.problem.capacity.astype(float)
        rows.add(len(people), group, z, np.ones(len(z)), lower=0.0, upper=people)
        rows.add(
            m,
            np.concatenate([site, np.arange(m)]),
            np.concatenate([z, np.arange(m)]),
            np.concatenate([np.ones(len(z)), -room]),
            lower=-np.inf,
            upper=0.0,
        )


def elastic(problem: SitingProblem, asked: Asked) -> Elastic:
    """The demands of a question about a problem, in the order rules, places, floors, people to serve."""
    covers, reach = problem.covers(), problem.response_ds < NEVER_DS
    covered, reached = np.asarray(covers.any(axis=1)), np.asarray(reach.any(axis=1))
    whole = asked.question == "lscp" and asked.share == 1
    to_cover = covered & (bool(problem.floors) | (asked.question == "lscp"))
    must_reach = asked.question in _EVERY_SITE_REACHED
    to_reach = reached & must_reach & ((problem.people > 0) | (asked.question == "p_center"))
    by_cover = _sets(covers, problem.people, to_cover)
    by_reach = _sets(reach, problem.people, to_reach)
    m, groups = problem.sites, len(by_cover.people)
    demands = [*_rules(problem), *_places(problem)]
    demands += [
        _people("floor", floor.name, floor.rows, problem.people, by_cover, m, float(floor.people))
        for floor in problem.floors
    ]
    if asked.question == "lscp":
        weight = np.maximum(problem.people, 1) if whole else problem.people
        wanted = float(weight[covered].sum() if whole else np.ceil(asked.share * problem.people.sum() - 1e-9))
        demands.append(_people("coverage", "", np.flatnonzero(to_cover), weight, by_cover, m, wanted))
    flows = (np.empty(0, np.int64), np.empty(0, np.int64))
    if to_reach.any():
        weight = np.maximum(problem.people, 1)
        rows = np.flatnonzero(to_reach)
        demands.append(_people("service", "", rows, weight, by_reach, m + groups, float(weight[rows].sum())))
        if problem.capacity is not None:
            group, site = np.nonzero(by_reach.covers)
            flows = group.astype(np.int64), site.astype(np.int64)
            demands.append(_room(by_reach, rows, m + groups + len(by_reach.people), len(flows[0])))
    return Elastic(
        problem=problem,
        demands=tuple(demands),
        covers=by_cover,
        reaches=by_reach,
        flows=flows,
        unreachable=tuple(np.flatnonzero(~covered).tolist()) if whole else (),
    )


def _sets(covers: Bools, people: Int64s, kept: Bools) -> CoverSets:
    """Groups of the rows kept; the others have group -1."""
    sets = cover_sets(covers[kept], people[kept])
    group = np.full(len(covers), -1)
    group[kept] = sets.group
    return CoverSets(covers=sets.covers, people=sets.people, group=group)


def _rules(problem: SitingProblem) -> list[Demand]:
    demands = []
    for rule in problem.rules:
        if not rule.structural:
            limits = [abs(limit) for limit in (rule.at_least, rule.at_most) if np.isfinite(limit)]
            unit = max([*limits, float(np.abs(rule.amount).max(initial=0.0)), 1e-9])
            demands.append(
                Demand(
                    kind="rule",
                    name=rule.name,
                    columns=rule.sites,
                    values=rule.amount,
                    lower=rule.at_least,
                    upper=rule.at_most,
                    unit=unit,
                    rows=np.empty(0, np.int64),
                )
            )
    return demands


def _places(problem: SitingProblem) -> list[Demand]:
    if problem.places is None:
        return []
    m = problem.sites
    return [
        Demand(
            kind="places",
            name="",
            columns=np.arange(m),
            values=np.ones(m),
            lower=-np.inf,
            upper=float(problem.places),
            unit=float(max(1, problem.places)),
            rows=np.empty(0, np.int64),
        )
    ]


def _people(
    kind: Kind, name: str, rows: Int64s, people: Int64s, sets: CoverSets, first: int, wanted: float
) -> Demand:
    """So many people of these rows are covered or reached; rows that nobody can serve count for nothing."""
    inside = rows[sets.group[rows] >= 0]
    weight = np.bincount(sets.group[inside], weights=people[inside], minlength=len(sets.people))
    counts = np.flatnonzero(weight)
    return Demand(
        kind=kind,
        name=name,
        columns=first + counts,
        values=weight[counts].astype(float),
        lower=wanted,
        upper=np.inf,
        unit=max(1.0, wanted),
        rows=rows,
    )


def _room(sets: CoverSets, rows: Int64s, first: int, flows: int) -> Demand:
    """Everybody finds room at an open site."""
    wanted = float(sets.people.sum())
    return Demand(
        kind="capacity",
        name="",
        columns=first + np.arange(flows),
        values=np.ones(flows),
        lower=wanted,
        upper=np.inf,
        unit=max(1.0, wanted),
        rows=rows,
    )
