"""Verify a dispatch plan from teams, slots and times alone, without a solver and without the models' code."""

from optimizer.dispatch.plan import DispatchPlan, Measures
from optimizer.dispatch.problem import DispatchProblem
from optimizer.problem import NEVER_DS


def recomputed_measures(problem: DispatchProblem, team_of: tuple[int | None, ...]) -> Measures:
    """What each stage weighs, slot by slot."""
    classes = sorted({s.priority for s in problem.slots if s.alarm == "full_complement"}, reverse=True)
    worst = dict.fromkeys(classes, 0)
    shortage = spent = arrival = 0
    aid: set[int] = set()
    for slot, team in zip(problem.slots, team_of, strict=True):
        if team is None:
            shortage += slot.shortage_weight
            continue
        arrival_ds = int(problem.arrival_ds[team, slot.incident])
        arrival += slot.weight * arrival_ds
        spent += problem.spends(problem.teams[team], slot)
        if problem.teams[team].mutual_aid:
            aid.add(team)
        if slot.alarm == "full_complement":
            worst[slot.priority] = max(worst[slot.priority], arrival_ds)
    return Measures(
        shortage=shortage,
        aid_teams=len(aid),
        complement_ds=tuple(worst.values()),
        spent=spent,
        arrival_ds=arrival,
    )


def complement_sum_s(problem: DispatchProblem, team_of: tuple[int | None, ...]) -> float:
    """What ``refine_complement`` weighs: sum of weight times last full-complement arrival by incident, s."""
    last_ds, weight = [0] * problem.incidents, [0] * problem.incidents
    for slot, team in zip(problem.slots, team_of, strict=True):
        if slot.alarm == "full_complement" and team is not None:
            at = slot.incident
            last_ds[at] = max(last_ds[at], int(problem.arrival_ds[team, at]))
            weight[at] = max(weight[at], slot.weight)
    return sum(w * ds for w, ds in zip(weight, last_ds, strict=True)) / 10


def people_sent(problem: DispatchProblem, team_of: tuple[int | None, ...]) -> tuple[int, ...]:
    """Head count of the teams sent to each incident."""
    sent = [0] * problem.incidents
    for slot, team in zip(problem.slots, team_of, strict=True):
        if team is not None:
            sent[slot.incident] += problem.teams[team].people
    return tuple(sent)


def people_missing(problem: DispatchProblem, team_of: tuple[int | None, ...]) -> float:
    """What ``refine_headcount`` weighs: people wanted and not sent, by the heaviest slot of the incident."""
    weight = [1] * problem.incidents
    for slot in problem.slots:
        weight[slot.incident] = max(weight[slot.incident], slot.weight)
    wanted = [0] * problem.incidents if problem.people_wanted is None else problem.people_wanted.tolist()
    sent = people_sent(problem, team_of)
    return float(sum(w * max(0, n - k) for w, n, k in zip(weight, wanted, sent, strict=True)))


def violations(problem: DispatchProblem, plan: DispatchPlan) -> tuple[str, ...]:
    """Everything that is wrong with a plan, as sentences; empty when it holds.

    Checked: a team fills one slot at most, is available, has a road and the capability at the slot's level or
    above; no slot is empty while a team that could fill it is idle; the measures are what the arrays give.
    """
    if len(plan.team_of) != len(problem.slots):
        return (f"the plan has {len(plan.team_of)} slots, the problem {len(problem.slots)}",)
    sent = [team for team in plan.team_of if team is not None]
    if any(not 0 <= team < len(problem.teams) for team in sent):
        return ("the plan names teams that do not exist",)
    found = [f"team {problem.teams[t].id} is sent twice" for t in sorted(set(sent)) if sent.count(t) > 1]
    for index, team in enumerate(plan.team_of):
        if team is not None and (reason := _unfit(problem, index, team)):
            found.append(f"team {problem.teams[team].id} fills slot {index} but {reason}")
        if team is None and (idle := _idle(problem, index, set(sent))) is not None:
            found.append(
                f"slot {index} is empty while team {problem.teams[idle].id} is idle and could fill it"
            )
    if recomputed_measures(problem, plan.team_of) != plan.measures:
        found.append(f"the measures are {recomputed_measures(problem, plan.team_of)}, not {plan.measures}")
    return tuple(found)


def _unfit(problem: DispatchProblem, index: int, number: int) -> str | None:
    """Why a team may not fill a slot, in words; ``None`` = it may."""
    slot, team = problem.slots[index], problem.teams[number]
    if not team.available:
        return "is not available"
    if problem.arrival_ds[number, slot.incident] >= NEVER_DS:
        return "has no road to the incident"
    if team.capabilities.get(slot.capability, 0) < slot.level:
        return f"lacks {slot.capability} at level {slot.level}"
    return None


def _idle(problem: DispatchProblem, index: int, sent: set[int]) -> int | None:
    """The first team not sent that could fill a slot."""
    teams = (team for team in range(len(problem.teams)) if team not in sent)
    return next((team for team in teams if _unfit(problem, index, team) is None), None)
