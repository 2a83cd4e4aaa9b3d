"""A refined plan that can be asked what it would be without a team, as ``what_if`` asks the exact one."""

from collections.abc import Callable
from dataclasses import replace

from optimizer.dispatch.check import complement_sum_s, people_missing
from optimizer.dispatch.headcount import refine_headcount
from optimizer.dispatch.plan import DispatchPlan
from optimizer.dispatch.problem import DispatchProblem
from optimizer.dispatch.refine import Refined, refine_complement

WITHOUT_WORK = 1.0
"""Work of the search for each plan without a team."""


class RefinedPlan:
    """A problem and its refined plan: by head count where one is wanted, else by completion times.

    Parameters
    ----------
    problem
        Solved at once.
    """

    def __init__(self, problem: DispatchProblem) -> None:
        self.problem = problem
        wanted = problem.people_wanted
        self.by_headcount = wanted is not None and bool(wanted.any())
        self._refine: Callable[..., Refined] = refine_headcount if self.by_headcount else refine_complement
        self.refined = self._refine(problem)

    @property
    def plan(self) -> DispatchPlan:
        """The refined plan with every team."""
        return self.refined.plan

    def measure(self, team_of: tuple[int | None, ...]) -> float:
        """What is refined, of some plan: weighted people missing, or weighted s of completion times."""
        weigh = people_missing if self.by_headcount else complement_sum_s
        return weigh(self.problem, team_of)

    def without(self, team: int) -> DispatchPlan:
        """The plan without a team, refined as this one."""
        teams = tuple(
            replace(one, available=one.available and number != team)
            for number, one in enumerate(self.problem.teams)
        )
        return self._refine(replace(self.problem, teams=teams), work=WITHOUT_WORK).plan
