"""Why each team goes: the question solved again without it, and what then changes."""

import numpy as np

from optimizer.dispatch.explain import Reason, State, reasons
from optimizer.dispatch.plan import DispatchPlan
from optimizer.dispatch.problem import DispatchProblem, Slot
from scenarios.dispatch_plan import TeamReason


def team_reasons(solved: State) -> tuple[TeamReason, ...]:
    """One reason for each team sent, in the order of the teams: what a plan of its own without it changes."""
    return tuple(_reason(solved.problem, solved.plan, reason) for reason in reasons(solved))


def _reason(problem: DispatchProblem, plan: DispatchPlan, reason: Reason) -> TeamReason:
    cost = reason.cost
    return TeamReason(
        team_id=problem.teams[reason.team].id,
        instead="" if reason.next_best is None else problem.teams[reason.next_best].id,
        later_s=reason.later_s,
        shortage=cost.shortage,
        aid_teams=cost.aid_teams,
        complement_later_s=cost.complement_s,
        scarce_spent=cost.spent,
        weighted_later_s=cost.arrival_s,
        moved=_moved(problem, plan, reason),
        nearest=first_of_all(problem, reason.team, reason.slot),
    )


def first_of_all(problem: DispatchProblem, team: int, slot: int) -> bool:
    """Whether nobody who may fill the slot would be there sooner than the team that does."""
    asked = problem.slots[slot]
    arrival_s = problem.arrival_s[:, asked.incident]
    able = [one.available and one.serves(asked.capability, asked.level) for one in problem.teams]
    return bool(arrival_s[team] <= np.min(arrival_s[able]))


def _moved(problem: DispatchProblem, plan: DispatchPlan, reason: Reason) -> tuple[str, ...]:
    """Other teams that do something else in the plan without it; equal slots are not told apart."""
    before, after = plan.slot_of, reason.without.slot_of
    teams = sorted({*before, *after} - {reason.team})

    def task(slots: dict[int, int], team: int) -> Slot | None:
        return problem.slots[slots[team]] if team in slots else None

    return tuple(problem.teams[team].id for team in teams if task(before, team) != task(after, team))
