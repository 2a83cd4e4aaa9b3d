"""Coverage of very many rows: who is covered, how often, and what each further cover is worth.

Lean: groups of rows as packed bits instead of times. One form holds maximal covering, backup coverage and
expected coverage, closed-road scenarios and any rules; ``optimizer.siting.coverage_search`` answers it.
"""

from dataclasses import dataclass, field

import numpy as np

from optimizer.problem import Bools, Floats, Int64s, SitingProblem
from optimizer.rules import Rule
from optimizer.siting.cover_bits import CoverRows, Words, words_for


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GroupFloor:
    """A ``Floor`` over groups: ``weight`` of those in each group who count, shape (g,)."""

    name: str
    weight: Floats
    people: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CoverageProblem:
    """Choose units at sites: max sum_g a_g F(covers of g), F(k) = worth_1 + ... + worth_k; ``g`` groups.

    Parameters
    ----------
    covers
        Sites that cover each group, packed as in ``CoverGroups``, shape (g, words).
    people
        Weight of each group, any number >= 0, shape (g,).
    fixed
        Sites that stand and stay, shape (m,): at least one unit each.
    places
        Most units in all, those at fixed sites included; ``None`` = no limit.
    most
        Most units at each site, shape (m,); ``None`` = one each.
    worth
        What the first, second, ... cover of a person is worth, non-increasing, >= 0; further ones nothing.
    rules
        Kept by the units; a second unit at a site counts like a second site.
    floors
        Kept by those who are covered at least once.
    whole
        Whether every value is a whole number, so that a gap below 1 is none.
    """

    covers: Words
    people: Floats
    fixed: Bools
    places: int | None = None
    most: Int64s | None = None
    worth: tuple[float, ...] = (1.0,)
    rules: tuple[Rule, ...] = ()
    floors: tuple[GroupFloor, ...] = ()
    whole: bool = field(init=False)

    def __post_init__(self) -> None:
        g, m = len(self.people), len(self.fixed)
        if self.covers.shape != (g, words_for(m)):
            raise ValueError(f"covers: want shape {(g, words_for(m))}, got {self.covers.shape}")
        if g and not (np.isfinite(self.people).all() and self.people.min() >= 0):
            raise ValueError("people: want finite numbers >= 0")
        if self.most is not None and (self.most.shape != (m,) or self.most.min(initial=1) < 1):
            raise ValueError(f"most: want {m} numbers >= 1")
        if not self.worth or min(self.worth) < 0 or np.diff(self.worth).max(initial=0.0) > 0:
            raise ValueError("worth: want one or more numbers >= 0 that do not increase")
        if self.places is not None and self.places < self.fixed.sum():
            raise ValueError(f"places: want at least the {self.fixed.sum()} fixed sites, got {self.places}")
        if any(floor.weight.shape != (g,) for floor in self.floors):
            raise ValueError(f"floors: want a weight for each of {g} groups")
        whole = self.worth == (1.0,) and bool((self.people == np.rint(self.people)).all())
        object.__setattr__(self, "whole", whole)

    @property
    def sites(self) -> int:
        """Number of sites."""
        return len(self.fixed)

    def value(self, units: Int64s) -> float:
        """Worth of these units by site, shape (m,)."""
        level = np.concatenate([[0.0], np.cumsum(self.worth)])
        return float(self.people @ level[np.minimum(self.times_covered(units), len(self.worth))])

    def times_covered(self, units: Int64s) -> Int64s:
        """How many of these units cover each group, shape (g,)."""
        from optimizer._kernels.covers import count_units

        opened, covered = np.flatnonzero(units), np.zeros(len(self.people), np.int64)
        count_units(self.covers, opened, units[opened], covered)
        return covered

    def keeps(self, units: Int64s) -> bool:
        """Whether these units keep all rules and floors."""
        for rule in self.rules:
            total = float(rule.amount @ units[rule.sites])
            slack = 1e-6 * max(1.0, float(np.abs(rule.amount).max(initial=0.0)))
            if not rule.at_least - slack <= total <= rule.at_most + slack:
                return False
        if not self.floors:
            return True
        covered = self.times_covered(units) > 0
        return all(floor.weight @ covered >= floor.people - 1e-6 for floor in self.floors)


def lean(
    problem: SitingProblem, *, worth: tuple[float, ...] = (1.0,), most: Int64s | None = None
) -> CoverageProblem:
    """The coverage problem of a county: its standards as cover sets, its rules and floors."""
    rows = CoverRows(problem.sites)
    rows.add(problem.covers(), problem.people)
    groups = rows.groups()
    return CoverageProblem(
        covers=groups.covers,
        people=groups.people,
        fixed=problem.fixed,
        places=problem.places,
        most=most,
        worth=worth,
        rules=problem.rules,
        floors=tuple(
            GroupFloor(
                name=floor.name,
                weight=np.bincount(
                    groups.group[floor.rows],
                    weights=problem.people[floor.rows],
                    minlength=len(groups.people),
                ).astype(float),
                people=float(floor.people),
            )
            for floor in problem.floors
        ),
    )
