"""Replanning with teams already on the way: only changes that gain enough, told as orders.

The exact plan of the new situation is compared with the plan in force. Where they differ, the differences
fall into chains: a team leaves a slot, another takes it, and so on. Chains share no team and no slot, so
each can be carried out alone. A chain is carried out when it fills more, or completes a priority class
sooner, or brings help sooner by at least the gain asked for; all others stay as they are, and every change
says what it gains.
"""

from dataclasses import dataclass
from typing import Literal

from optimizer.dispatch.assign import assign
from optimizer.dispatch.check import recomputed_measures
from optimizer.dispatch.plan import Change, DispatchPlan, change
from optimizer.dispatch.problem import DispatchProblem
from optimizer.problem import NEVER_DS

Orders = Literal["send", "divert", "hold", "release"]
Filled = tuple[int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What one team is told.

    Parameters
    ----------
    order
        ``send`` an idle team, ``divert`` one to another incident, ``hold`` on the way, ``release``.
    slot, before
        Slot to fill, and slot filled by the plan in force; ``None`` = none.
    gain
        What the chain of exchanges that this order belongs to gains; negative numbers are better. ``None``
        for ``hold``.
    """

    team: int
    order: Orders
    slot: int | None
    before: int | None
    gain: Change | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replan:
    """The plan from now on, orders by team, and what all of it gains over the plan in force."""

    plan: DispatchPlan
    orders: tuple[Order, ...]
    gain: Change


def replan(
    problem: DispatchProblem,
    present: Filled,
    *,
    worth_s: float = 60.0,
    locked: frozenset[int] = frozenset(),
) -> Replan:
    """The plan in force, changed where it is worth it.

    Parameters
    ----------
    problem
        The situation now: times from where each team is, ``turnout_s`` 0 for those on the road.
    present
        Team of each slot by the plan in force, ``None`` = empty. A team that can no longer fill its slot (not
        available, road cut) leaves it empty.
    worth_s
        Least gain of a chain that fills no more than before, inclusive, s: of the last arrival of its highest
        class that changes, or of the weighted arrival.
    locked
        Teams that keep their slots whatever happens, such as those on the scene.
    """
    kept = tuple(t if t is not None and _still_fills(problem, k, t) else None for k, t in enumerate(present))
    wanted = _with_locked(problem, kept, locked)
    current, gains = kept, {}
    for chain in _chains(problem, kept, wanted):
        tried = tuple(wanted[k] if k in chain else team for k, team in enumerate(current))
        gain = change(recomputed_measures(problem, current), recomputed_measures(problem, tried))
        if _worth(gain, worth_s):
            current = tried
            gains.update(dict.fromkeys(chain, gain))
    before = recomputed_measures(problem, kept)
    after = recomputed_measures(problem, current)
    plan = DispatchPlan(team_of=current, measures=after)
    return Replan(plan=plan, orders=_orders(problem, present, current, gains), gain=change(before, after))


def _still_fills(problem: DispatchProblem, slot: int, team: int) -> bool:
    wanted, one = problem.slots[slot], problem.teams[team]
    near = problem.arrival_ds[team, wanted.incident] < NEVER_DS
    return bool(one.available and near and one.serves(wanted.capability, wanted.level))


def _with_locked(problem: DispatchProblem, kept: Filled, locked: frozenset[int]) -> Filled:
    """The exact plan of the others beside the locked teams, equal slots named as in the plan in force."""
    free_slots = [k for k, team in enumerate(kept) if team not in locked]
    fixed = {team for team in kept if team in locked}
    free_teams = [team for team in range(len(problem.teams)) if team not in fixed]
    rest = DispatchProblem(
        teams=tuple(problem.teams[team] for team in free_teams),
        slots=tuple(problem.slots[slot] for slot in free_slots),
        travel_s=problem.travel_s[free_teams],
        scarce=problem.scarce,
    )
    wanted = list(kept)
    for slot, team in zip(free_slots, assign(rest).team_of, strict=True):
        wanted[slot] = None if team is None else free_teams[team]
    return _same_names(problem, kept, tuple(wanted), free_slots)


def _same_names(problem: DispatchProblem, kept: Filled, wanted: Filled, free: list[int]) -> Filled:
    """Among equal slots, a team that stays keeps its slot."""
    named = list(wanted)
    alike: dict[object, list[int]] = {}
    for slot in free:
        alike.setdefault(problem.slots[slot], []).append(slot)
    for slots in alike.values():
        teams = [wanted[slot] for slot in slots]
        staying = [slot for slot in slots if kept[slot] is not None and kept[slot] in teams]
        others = [team for team in teams if team not in {kept[slot] for slot in staying} or team is None]
        for slot in slots:
            named[slot] = kept[slot] if slot in staying else others.pop(0)
    return tuple(named)


def _chains(problem: DispatchProblem, kept: Filled, wanted: Filled) -> list[frozenset[int]]:
    """Slots that change together, those that gain most first."""
    slot_now = {team: slot for slot, team in enumerate(kept) if team is not None}
    joined: dict[int, set[int]] = {}
    for slot, team in enumerate(wanted):
        if team == kept[slot]:
            continue
        together = {slot} | joined.get(slot, set())
        if team is not None and team in slot_now:
            together |= {slot_now[team]} | joined.get(slot_now[team], set())
        for member in together:
            joined[member] = together
    chains = {frozenset(slots) for slots in joined.values()}
    start = recomputed_measures(problem, kept)

    def rank(chain: frozenset[int]) -> tuple[object, ...]:
        tried = tuple(wanted[k] if k in chain else team for k, team in enumerate(kept))
        measures = recomputed_measures(problem, tried)
        return (measures.shortage - start.shortage, measures.complement_ds, measures.arrival_ds, min(chain))

    return sorted(chains, key=rank)


def _worth(gain: Change, worth_s: float) -> bool:
    """Whether a chain is carried out: the first stage that changes decides, and must gain enough."""
    if gain.shortage or gain.aid_teams:
        return (gain.shortage, gain.aid_teams) < (0, 0)
    changed = next((later_s for later_s in gain.complement_s if later_s), None)
    if changed is not None and changed > 0:
        return False
    return -(changed or 0.0) >= worth_s or (-gain.arrival_s >= worth_s)


def _orders(
    problem: DispatchProblem, present: Filled, current: Filled, gains: dict[int, Change]
) -> tuple[Order, ...]:
    was = {team: slot for slot, team in enumerate(present) if team is not None}
    now = {team: slot for slot, team in enumerate(current) if team is not None}
    orders = []
    for team in sorted(was.keys() | now.keys()):
        before, slot = was.get(team), now.get(team)
        order = _told(problem, before, slot)
        chain = slot if slot in gains else before
        gain = None if order == "hold" or chain is None else gains.get(chain)
        orders.append(Order(team=team, order=order, slot=slot, before=before, gain=gain))
    return tuple(orders)


def _told(problem: DispatchProblem, before: int | None, slot: int | None) -> Orders:
    if slot is None:
        return "release"
    if before is None:
        return "send"
    same = problem.slots[slot].incident == problem.slots[before].incident
    return "hold" if same else "divert"
