"""Verify a siting answer from the arrays alone, without a solver."""

import numpy as np

from optimizer.problem import Bools, SitingAnswer, SitingProblem
from optimizer.siting.asked import Asked
from optimizer.siting.measure import measure_of
from optimizer.solver import PROVEN_GAP

_ROUNDING = 1e-6
_EXACT = 1e-12
"""Relative slack of an objective that counts people and deciseconds: only sums of costs round at all."""
_COUNTED = ("lscp", "mclp", "p_median", "p_center")


def recomputed_objective(problem: SitingProblem, answer: SitingAnswer, asked: Asked | None = None) -> float:
    """The question's measure of the chosen sites (``measure_of``)."""
    said = asked or Asked(question=answer.question)
    return measure_of(problem, answer.chosen, said, units=answer.units)


def violations(
    problem: SitingProblem, answer: SitingAnswer, asked: Asked | None = None, *, share: float = 1.0
) -> tuple[str, ...]:
    """Everything that is wrong with an answer, as sentences; empty when it holds.

    Checked: sites exist and fixed ones are open, at most ``places`` are open (units, where sites may have
    several), rules and floors hold, the share of people (LSCP) is covered, the objective is what the arrays
    give, capacities included, the bound is not on the wrong side of it, and ``optimal`` is said only at a gap
    of at most one millionth.

    Parameters
    ----------
    asked
        The question with its figures; ``None`` = the question of the answer, with the figures it has unless
        said otherwise.
    share
        Share of the people to cover (LSCP), where ``asked`` is not given.
    """
    said = asked or Asked(question=answer.question, share=share)
    if said.question != answer.question:
        return (f"the answer is to {answer.question}, not to {said.question}",)
    if answer.status in ("infeasible", "cancelled"):
        return () if not answer.chosen else ("an answer without a plan names chosen sites",)
    if wrong := _wrong_sites(problem, answer, said):
        return (wrong,)
    return (
        *kept_by(problem, answer.chosen, units=answer.units),
        *(_uncovered(problem, answer.chosen, said.share) if said.question == "lscp" else ()),
        *figure_violations(
            answer,
            recomputed_objective(problem, answer, said),
            more=said.more_is_better,
            exact=_EXACT if said.question in _COUNTED else _ROUNDING,
        ),
    )


def kept_by(problem: SitingProblem, opened: tuple[int, ...], *, units: tuple[int, ...] = ()) -> list[str]:
    """What a choice of existing sites breaks of fixed sites, places, rules and floors."""
    found: list[str] = []
    if missing := set(np.flatnonzero(problem.fixed).tolist()) - set(opened):
        found.append(f"fixed sites {sorted(missing)} are not open")
    count = sum(units) if units else len(opened)
    if problem.places is not None and count > problem.places:
        found.append(f"{count} sites are open, at most {problem.places} may be")
    found += [
        f"rule {rule.name} is broken by {beyond:g}"
        for rule in problem.rules
        if (beyond := rule.beyond(opened))
    ]
    covered = _covered(problem, opened)
    for floor in problem.floors:
        people = int(problem.people[floor.rows][covered[floor.rows]].sum())
        if people < floor.people - _ROUNDING:
            found.append(f"floor {floor.name}: {people} people are covered, want {floor.people:g}")
    return found


def _wrong_sites(problem: SitingProblem, answer: SitingAnswer, asked: Asked) -> str | None:
    opened, units = answer.chosen, answer.units
    if len(set(opened)) != len(opened) or any(not 0 <= site < problem.sites for site in opened):
        return "chosen sites are repeated or do not exist"
    if not units:
        return None
    if asked.question != "mexclp" or len(units) != len(opened):
        return f"{len(units)} numbers of units for {len(opened)} sites"
    if min(units) < 1 or max(units) > max(1, asked.units):
        return f"between {min(units)} and {max(units)} units at a site, want 1 to {max(1, asked.units)}"
    return None


def _covered(problem: SitingProblem, opened: tuple[int, ...]) -> Bools:
    return np.asarray(problem.covers()[:, list(opened)].any(axis=1))


def _uncovered(problem: SitingProblem, opened: tuple[int, ...], share: float) -> list[str]:
    covered = _covered(problem, opened)
    if share == 1 and not covered.all():
        return [f"{int((~covered).sum())} rows are not covered"]
    people, total = int(problem.people[covered].sum()), int(problem.people.sum())
    return [f"{people} of {total} people are covered"] if people < share * total - _ROUNDING else []


def figure_violations(
    answer: SitingAnswer, objective: float, *, more: bool, exact: float = _ROUNDING
) -> list[str]:
    """What is wrong with objective, bound and status.

    Parameters
    ----------
    more
        Whether a higher objective is the better.
    exact
        Relative slack of the objective.
    """
    if answer.objective is None or answer.bound is None:
        return ["a plan has no objective or no bound"]
    found: list[str] = []
    scale = _ROUNDING * max(1.0, abs(objective)) if np.isfinite(objective) else 0.0
    slack = max(1e-9, exact * abs(objective)) if np.isfinite(objective) else 0.0
    if not abs(answer.objective - objective) <= slack:
        found.append(f"the objective is {objective:g}, not {answer.objective:g}")
    beyond = answer.bound - answer.objective
    if (beyond < -scale) if more else (beyond > scale):
        found.append(f"the bound {answer.bound:g} is worse than the objective {answer.objective:g}")
    gap = answer.gap
    if answer.status == "optimal" and (gap is None or gap > PROVEN_GAP + 0.1 / max(1.0, abs(objective))):
        found.append(f"called optimal with a gap of {gap}")
    return found
