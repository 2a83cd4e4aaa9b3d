"""What stands beside the decisions of a dispatch plan, as far as it follows from them without a solver."""

from collections.abc import Iterable, Iterator

from geo.region.region import Region
from optimizer.dispatch.coverage import covering
from optimizer.dispatch.plan import DispatchPlan as Answer
from scenarios.cover import CoverState
from scenarios.dispatch_inputs import DispatchInputs, task_names
from scenarios.dispatch_plan import DispatchPlan, MovedUp, Order, TeamReason
from scenarios.dispatch_reasons import first_of_all
from scenarios.doctrine import CoverRule
from scenarios.incident_models import IncidentScenario
from scenarios.region_travel import closed_travel


def wrong_moves(
    plan: DispatchPlan,
    region: Region,
    state: CoverState,
    rule: CoverRule,
    inputs: DispatchInputs,
    answer: Answer,
) -> Iterator[str]:
    """Moves of teams that may not move, too many or too far, and figures that the moves do not give."""
    moves = plan.cover.moves
    sent = frozenset(answer.slot_of)
    idle = {
        team.id: number
        for number, team in enumerate(state.problem.teams)
        if number not in sent and covering(state.problem, state.zones, number)
    }
    station = {name: number for number, name in enumerate(state.names)}
    unknown = [one.team_id for one in moves if one.team_id not in idle or one.to not in station]
    if unknown or len({one.team_id for one in moves}) < len(moves) or len(moves) > rule.moves:
        yield f"{', '.join(unknown) or len(moves)} may not move up so"
        return
    home = {name: state.problem.teams[number].station for name, number in idle.items()}
    now = home | {one.team_id: station[one.to] for one in moves}
    travel = closed_travel(region, rule.vehicle_class, inputs.closures)
    between_s = travel.matrix_s(state.lonlat, state.lonlat)
    before, after = _people(state, home.values()), _people(state, now.values())
    for one in moves:
        at = station[one.to]
        again = MovedUp(
            team_id=one.team_id,
            to=one.to,
            lon=float(state.lonlat[at, 0]),
            lat=float(state.lonlat[at, 1]),
            travel_s=float(between_s[home[one.team_id], at]),
            people_before=before,
            people_after=after,
        )
        if again != one or one.travel_s > rule.move_within:
            yield f"{one.team_id} moves up to {one.to}: {_told(one)}, but {_told(again)}"


def _people(state: CoverState, staffed: Iterable[int | None]) -> int:
    """People covered from these stations."""
    columns = sorted({at for at in staffed if at is not None})
    return int(state.zones.people[state.zones.near()[:, columns].any(axis=1)].sum())


def _told(one: MovedUp) -> str:
    return f"{one.travel_s:g} s, {one.people_before} to {one.people_after} people"


def wrong_reasons(plan: DispatchPlan, inputs: DispatchInputs, answer: Answer) -> Iterator[str]:
    """Reasons missing or for nobody, and arrivals in them; costs rest on the plan without the team."""
    teams = inputs.problem.teams
    known = {team.id: number for number, team in enumerate(teams)}
    wanted = [teams[number].id for number in answer.slot_of]
    if plan.status != "feasible" and [one.team_id for one in plan.reasons] != wanted:
        yield "not one reason for each team sent"
        return
    for one in plan.reasons:
        if named := [name for name in (one.team_id, one.instead, *one.moved) if name and name not in known]:
            yield f"{one.team_id}: nobody is called {', '.join(named)}"
        elif known[one.team_id] not in answer.slot_of:
            yield f"{one.team_id} is not sent"
        else:
            yield from _wrong_arrivals(one, known, inputs, answer)


def _wrong_arrivals(
    one: TeamReason, known: dict[str, int], inputs: DispatchInputs, answer: Answer
) -> Iterator[str]:
    team, slot = known[one.team_id], answer.slot_of[known[one.team_id]]
    if one.nearest != first_of_all(inputs.problem, team, slot):
        yield f"{one.team_id} is {'not ' if one.nearest else ''}the first of all that can do the task"
    later_s = None
    if one.instead:
        arrival_ds = inputs.problem.arrival_ds[:, inputs.problem.slots[slot].incident]
        later_s = (int(arrival_ds[known[one.instead]]) - int(arrival_ds[team])) / 10
    if one.later_s != later_s:
        yield f"{one.instead or 'nobody'} instead of {one.team_id} is {later_s} s later, not {one.later_s}"


def wrong_orders(plan: DispatchPlan, scenario: IncidentScenario, inputs: DispatchInputs) -> Iterator[str]:
    """Orders that are not what the plan has a team do; what it did before rests on the plan in force."""
    names = task_names(scenario, inputs)
    now = {slot.team_id: name for slot, name in zip(plan.decisions.slots, names, strict=True) if slot.team_id}
    for one in plan.orders:
        task = now.get(one.team_id, "")
        if one.task != task or one.order != _order(one, task):
            yield f"{one.order} {one.team_id} to {one.task or 'nothing'}, but its task is {task or 'none'}"
    if plan.orders and (silent := sorted(set(now) - {one.team_id for one in plan.orders})):
        yield f"no order for {', '.join(silent)}"


def _order(one: Order, task: str) -> str:
    """A team that stays at its incident holds, whatever it does there."""
    if not task:
        return "release"
    if not one.before:
        return "send"
    return "hold" if _incident(one.before) == _incident(task) else "divert"


def _incident(task: str) -> str:
    return task.rsplit(" ", 2)[0]
