"""Verify a siting answer from the arrays alone, without a solver."""

import numpy as np

from optimizer.problem import NEVER_DS, SitingAnswer, SitingProblem
from optimizer.solver import PROVEN_GAP

_ROUNDING = 1e-6
_EXACT = 1e-12
"""Relative slack of an objective, which counts people and deciseconds: only sums of costs round at all."""


def recomputed_objective(problem: SitingProblem, answer: SitingAnswer) -> float:
    """The question's measure of the chosen sites, from the arrays; ``inf`` where somebody is never reached.

    Rows that no site reaches at all are left out of p-median and p-center, as the models do.
    """
    opened = list(answer.chosen)
    if answer.question == "lscp":
        return float(len(opened) if problem.cost is None else problem.cost[opened].sum())
    if answer.question == "mclp":
        return float(problem.people[problem.covers()[:, opened].any(axis=1)].sum())
    kept = (problem.response_ds < NEVER_DS).any(axis=1)
    kept &= (problem.people > 0) | (answer.question == "p_center")
    nearest = problem.response_ds[kept][:, opened].min(axis=1, initial=NEVER_DS)
    if (nearest >= NEVER_DS).any():
        return float("inf")
    if answer.question == "p_center":
        return int(nearest.max(initial=0)) / 10
    return int(problem.people[kept] @ nearest) / 10


def violations(problem: SitingProblem, answer: SitingAnswer, *, share: float = 1.0) -> tuple[str, ...]:
    """Everything that is wrong with an answer, as sentences; empty when it holds.

    Checked: sites exist and fixed ones are open, at most ``places`` are open, the share of people (LSCP) is
    covered, the objective is what the arrays give, the bound is not on the wrong side of it, and ``optimal``
    is said only at a gap of at most one millionth.
    """
    if answer.status in ("infeasible", "cancelled"):
        return () if not answer.chosen else ("an answer without a plan names chosen sites",)
    opened = answer.chosen
    if len(set(opened)) != len(opened) or any(not 0 <= site < problem.sites for site in opened):
        return ("chosen sites are repeated or do not exist",)
    found: list[str] = []
    if missing := set(np.flatnonzero(problem.fixed).tolist()) - set(opened):
        found.append(f"fixed sites {sorted(missing)} are not open")
    if problem.places is not None and len(opened) > problem.places:
        found.append(f"{len(opened)} sites are open, at most {problem.places} may be")
    if answer.question == "lscp":
        found.extend(_uncovered(problem, opened, share))
    return (*found, *_figures(answer, recomputed_objective(problem, answer)))


def _uncovered(problem: SitingProblem, opened: tuple[int, ...], share: float) -> list[str]:
    covered = problem.covers()[:, list(opened)].any(axis=1)
    if share == 1 and not covered.all():
        return [f"{int((~covered).sum())} rows are not covered"]
    people, total = int(problem.people[covered].sum()), int(problem.people.sum())
    return [f"{people} of {total} people are covered"] if people < share * total - _ROUNDING else []


def _figures(answer: SitingAnswer, objective: float) -> list[str]:
    if answer.objective is None or answer.bound is None:
        return ["a plan has no objective or no bound"]
    found: list[str] = []
    scale = _ROUNDING * max(1.0, abs(objective)) if np.isfinite(objective) else 0.0
    exact = max(1e-9, _EXACT * abs(objective)) if np.isfinite(objective) else 0.0
    if not abs(answer.objective - objective) <= exact:
        found.append(f"the objective is {objective:g}, not {answer.objective:g}")
    beyond = answer.bound - answer.objective
    if (beyond < -scale) if answer.question == "mclp" else (beyond > scale):
        found.append(f"the bound {answer.bound:g} is worse than the objective {answer.objective:g}")
    gap = answer.gap
    if answer.status == "optimal" and (gap is None or gap > PROVEN_GAP + 0.1 / max(1.0, abs(objective))):
        found.append(f"called optimal with a gap of {gap}")
    return found
