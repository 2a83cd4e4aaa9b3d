"""A plan looked at again: teams on their way are told something else only where that gains enough."""

from collections.abc import Sequence
from dataclasses import dataclass

from geo.errors import refuse
from geo.region.region import Region
from optimizer.dispatch.assign import assign
from optimizer.dispatch.plan import DispatchPlan as Answer
from optimizer.dispatch.replan import Order as Told
from optimizer.dispatch.replan import replan
from scenarios.board import Board
from scenarios.dispatch_inputs import DispatchInputs, task_names
from scenarios.dispatch_plan import DispatchPlan, Order, SlotFilled
from scenarios.doctrine import AskedSlot, ReplanRule
from scenarios.incident_models import IncidentScenario


def refuse_present(region: Region, present: DispatchPlan, what_ifs: Sequence[str]) -> None:
    """Refuse what cannot be looked at again.

    Raises
    ------
    InputError
        S220 what-ifs beside a plan in force, S221 a plan of another region.
    """
    if what_ifs:
        raise refuse(
            "S220",
            where="what-if",
            found="a question beside a plan in force",
            wanted="one of the two",
            fix="Ask the question without the plan in force.",
        )
    if present.inputs.region.name != region.name:
        raise refuse(
            "S221",
            where="the plan in force",
            found=f"a plan of the region {present.inputs.region.name!r}",
            wanted=f"a plan of {region.name!r}",
            fix="Name the plan that is being carried out here.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Replanned:
    """The plan from now on, the orders by team, and the shortage of the exact plan."""

    answer: Answer
    orders: tuple[Order, ...]
    least_shortage: int


def engaged_in(present: DispatchPlan | None) -> frozenset[str]:
    """Teams that carry out a plan."""
    return (
        frozenset(slot.team_id for slot in present.decisions.slots if slot.team_id)
        if present
        else frozenset()
    )


def replanned(
    scenario: IncidentScenario,
    board: Board | None,
    inputs: DispatchInputs,
    present: DispatchPlan,
    rule: ReplanRule,
) -> Replanned:
    """The plan in force changed where it is worth it; teams on the scene keep their task.

    Slots of the plan in force are matched by incident, capability, level and alarm; a slot that is no longer
    asked for sets its team free.
    """
    team_of = _present(scenario, inputs, present)
    on_scene = {status.id for status in board.teams if status.status == "on_scene"} if board else set()
    locked = frozenset(at for at, team in enumerate(inputs.teams) if team.id in on_scene)
    found = replan(inputs.problem, team_of, worth_s=rule.worth, locked=locked)
    tasks = task_names(scenario, inputs)
    told = [_order(inputs, order, tasks) for order in found.orders]
    return Replanned(
        answer=found.plan,
        orders=(*told, *_set_free(inputs, present, told)),
        least_shortage=assign(inputs.problem).measures.shortage,
    )


def _present(
    scenario: IncidentScenario, inputs: DispatchInputs, present: DispatchPlan
) -> tuple[int | None, ...]:
    """Team of each slot by the plan in force, ``None`` = empty."""
    number = {team.id: at for at, team in enumerate(inputs.teams)}
    waiting: dict[tuple[str, str, int, str], list[int]] = {}
    for slot in present.decisions.slots:
        if slot.team_id in number:
            waiting.setdefault(_key(slot), []).append(number[slot.team_id])
    found: list[int | None] = []
    for at, asked in inputs.slots:
        teams = waiting.get(_asked_key(scenario.incidents[at].id, asked))
        found.append(teams.pop(0) if teams else None)
    return tuple(found)


def _key(slot: SlotFilled) -> tuple[str, str, int, str]:
    return slot.incident_id, slot.capability, slot.level, slot.complement


def _asked_key(incident: str, slot: AskedSlot) -> tuple[str, str, int, str]:
    return incident, slot.capability, slot.level, slot.complement


def _order(inputs: DispatchInputs, order: Told, tasks: Sequence[str]) -> Order:
    gain = order.gain
    return Order(
        team_id=inputs.teams[order.team].id,
        order=order.order,
        task="" if order.slot is None else tasks[order.slot],
        before="" if order.before is None else tasks[order.before],
        shortage_gain=None if gain is None else -gain.shortage,
        aid_teams_gain=None if gain is None else -gain.aid_teams,
        complement_sooner_s=None if gain is None else tuple(-later_s + 0.0 for later_s in gain.complement_s),
        weighted_sooner_s=None if gain is None else -gain.arrival_s + 0.0,
    )


def _set_free(inputs: DispatchInputs, present: DispatchPlan, told: Sequence[Order]) -> list[Order]:
    """Teams of slots that are no longer asked for and that nobody sends elsewhere."""
    known = {team.id for team in inputs.teams}
    named = {order.team_id for order in told}
    return [
        Order(
            team_id=slot.team_id,
            order="release",
            task="",
            before=f"{slot.incident_id} {slot.capability} {slot.level}",
            shortage_gain=None,
            aid_teams_gain=None,
            complement_sooner_s=None,
            weighted_sooner_s=None,
        )
        for slot in present.decisions.slots
        if slot.team_id in known - named
    ]
