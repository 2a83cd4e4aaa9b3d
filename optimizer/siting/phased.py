"""Phases by year: which site opens in which year, with coverage counted over all the years.

A column of the phased problem is a site that opens in one phase; a row is a demand row in one phase. A column
serves the rows of its own phase and of all later ones, so any model that keeps to rules answers the question.
Multi-period covering as in Schilling (1980), doi:10.1111/j.1435-5597.1980.tb00873.x: numbers grow from phase
to phase, what is open stays open, a row counts its people times the weight of the phase.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimizer.problem import Bools, Int64s, SitingAnswer, SitingProblem
from optimizer.rules import Rule


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Phase:
    """What may stand by the end of a phase, and what coverage in it is worth.

    Parameters
    ----------
    name
        What the planner calls it, such as the year.
    places
        Most sites open by the end of the phase, fixed ones included, inclusive.
    weight
        How much a person covered in this phase counts, a whole number >= 1.
    rules
        Rules over the sites open by the end of this phase alone, such as the money spent until then.
    people
        People of each row in this phase, shape (n,); ``None`` = those of the problem.
    """

    name: str
    places: int
    weight: int = 1
    rules: tuple[Rule, ...] = ()
    people: Int64s | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Phased:
    """The phased problem and what its columns mean; ``c`` columns, ``t`` phases, ``m`` sites.

    Parameters
    ----------
    problem
        What the models solve; its rows are those of the first phase, then those of the second, and so on.
    whole
        The problem without phases.
    site, phase
        Site of each column and the phase in which it opens (0 for what stands), shape (c,).
    """

    problem: SitingProblem
    whole: SitingProblem
    phases: tuple[Phase, ...]
    site: Int64s
    phase: Int64s

    def opened(self, answer: SitingAnswer) -> Int64s:
        """Phase in which each site opens, shape (m,); -1 = never. Fixed sites open in phase 0."""
        opening = np.full(self.whole.sites, len(self.phases))
        chosen = np.array(answer.chosen, np.int64)
        np.minimum.at(opening, self.site[chosen], self.phase[chosen])
        return np.where(opening < len(self.phases), opening, -1)

    def open_by(self, answer: SitingAnswer, phase: int) -> tuple[int, ...]:
        """Sites open by the end of a phase, ascending."""
        opening = self.opened(answer)
        return tuple(np.flatnonzero((opening >= 0) & (opening <= phase)).tolist())

    def covered(self, answer: SitingAnswer) -> Int64s:
        """People covered at the end of each phase, unweighted, shape (t,)."""
        covers = self.whole.covers()
        return np.array(
            [
                people_in(self.whole, phase)[covers[:, self.open_by(answer, t)].any(axis=1)].sum()
                for t, phase in enumerate(self.phases)
            ],
            np.int64,
        )


def people_in(whole: SitingProblem, phase: Phase) -> Int64s:
    """People of each row in a phase, shape (n,)."""
    return whole.people if phase.people is None else phase.people


def phased(problem: SitingProblem, phases: Sequence[Phase], *, standing: Bools | None = None) -> Phased:
    """One problem over all phases.

    Floors hold at the end of the last phase. A rule of the problem holds at the end of each phase, but a
    least amount over sites that all count for it only at the end of the last. ``places`` of the problem
    gives way to those of the phases.

    Parameters
    ----------
    phases
        In order of time; ``places`` must not shrink, since what is open stays open.
    standing
        Sites that stand today without being fixed: they stay from the first phase on or close before it,
        shape (m,).

    Raises
    ------
    ValueError
        No phase, names that repeat, places that shrink, a weight below 1, or a problem with capacities
        (people of different years do not share a site's room).
    """
    _checked(problem, phases)
    today = problem.fixed if standing is None else problem.fixed | standing
    site, phase = _columns(today, len(phases))
    whole = SitingProblem(
        response_s=_stacked(problem, site, phase, len(phases)),
        people=np.concatenate([people_in(problem, one) * one.weight for one in phases]),
        limit_s=np.tile(problem.limit_s, len(phases)),
        fixed=problem.fixed[site],
        places=phases[-1].places,
        cost=None if problem.cost is None else problem.cost[site],
        rules=(
            *_numbers(phases, phase),
            *_carried(problem, phases, site, phase),
            *_once(site, problem.sites),
        ),
        floors=tuple(
            replace(
                floor,
                rows=floor.rows + (len(phases) - 1) * problem.rows,
                people=floor.people * phases[-1].weight,
            )
            for floor in problem.floors
        ),
    )
    return Phased(problem=whole, whole=problem, phases=tuple(phases), site=site, phase=phase)


def _checked(problem: SitingProblem, phases: Sequence[Phase]) -> None:
    places = [phase.places for phase in phases]
    if not phases or len({phase.name for phase in phases}) < len(phases):
        raise ValueError("phases: want at least one, each name once")
    if places != sorted(places) or any(phase.weight < 1 for phase in phases):
        raise ValueError("phases: want places that do not shrink and weights >= 1")
    if problem.capacity is not None:
        raise ValueError("capacity: people of different phases would share a site's room; want none")


def _columns(today: Bools, phases: int) -> tuple[Int64s, Int64s]:
    """Site and phase of each column: what stands first, then all others phase by phase."""
    old, new = np.flatnonzero(today), np.flatnonzero(~today)
    site = np.concatenate([old, np.tile(new, phases)])
    phase = np.concatenate([np.zeros(len(old), np.int64), np.repeat(np.arange(phases), len(new))])
    return site, phase


def _stacked(problem: SitingProblem, site: Int64s, phase: Int64s, phases: int) -> np.ndarray:
    """Times of each column at the rows of its own and later phases, ``inf`` before it opens."""
    n = problem.rows
    response_s = np.full((n * phases, len(site)), np.inf)
    for t in range(phases):
        there = np.flatnonzero(phase <= t)
        response_s[t * n : (t + 1) * n, there] = problem.response_s[:, site[there]]
    return response_s


def _numbers(phases: Sequence[Phase], phase: Int64s) -> list[Rule]:
    """At most so many open by the end of each phase but the last, whose number is ``places``."""
    return [
        Rule(
            name=f"places by {one.name}",
            sites=np.flatnonzero(phase <= t),
            amount=np.ones(int((phase <= t).sum())),
            at_most=float(one.places),
        )
        for t, one in enumerate(phases[:-1])
    ]


def _carried(problem: SitingProblem, phases: Sequence[Phase], site: Int64s, phase: Int64s) -> list[Rule]:
    """Rules over sites as rules over columns, at the end of the phases in which they hold."""
    rules: list[Rule] = []
    for rule in problem.rules:
        last = bool((rule.amount >= 0).all())
        for t in range(len(phases)) if not last else [len(phases) - 1]:
            name = rule.name if t == len(phases) - 1 else f"{rule.name} by {phases[t].name}"
            rules.append(_at(rule, t, name, site, phase))
    for t, one in enumerate(phases):
        rules.extend(_at(rule, t, f"{rule.name} by {one.name}", site, phase) for rule in one.rules)
    return rules


def _at(rule: Rule, t: int, name: str, site: Int64s, phase: Int64s) -> Rule:
    """A rule over the sites open by the end of phase ``t``."""
    amount = np.zeros(int(max(site.max(initial=0), rule.sites.max(initial=0))) + 1)
    amount[rule.sites] = rule.amount
    counts = np.flatnonzero((phase <= t) & (amount[site] != 0))
    return replace(rule, name=name, sites=counts, amount=amount[site[counts]])


def _once(site: Int64s, sites: int) -> list[Rule]:
    """Each site opens in one phase at most."""
    return [
        Rule(name=f"site {j} opens once", sites=same, amount=np.ones(len(same)), at_most=1.0, structural=True)
        for j in range(sites)
        if len(same := np.flatnonzero(site == j)) > 1
    ]
