"""What a plan is worth: against rules of thumb, against knowing less or more, against fewer ways to hold.

VSS and EVPI as in Birge & Louveaux (2011), section 4, doi:10.1007/978-1-4614-0237-4.
"""

from dataclasses import dataclass, replace

import numpy as np

from optimizer.problem import Floats
from optimizer.reserve.evaluate import cost_split, outcome
from optimizer.reserve.reserve_answer import Aim, CostSplit, Holding, ReserveAnswer
from optimizer.reserve.reserve_problem import AGREEMENT, MODES, PHYSICAL, Mode, ReserveProblem, Scenarios
from optimizer.reserve.service import service_met
from optimizer.reserve.stochastic import stock_reserve
from optimizer.watch import Progress, Watch


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rival:
    """Another plan, and what it comes to over the same scenarios.

    Parameters
    ----------
    service
        Share of needs met by the end of each window, mean over items, shape (w,).
    """

    name: str
    held: Holding
    cost: CostSplit
    service: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """What the scenarios, and knowing which one comes, are worth.

    Parameters
    ----------
    rp, bound
        Cost of the plan and what no plan can go below.
    ev, eev
        What the plan for the mean scenario expects to cost, and what it does cost; ``None`` when not found in
        time.
    ws
        Mean of the least costs when each scenario is known beforehand (their bounds); ``None`` likewise.
    """

    rp: float
    bound: float
    ev: float | None
    eev: float | None
    ws: float | None

    @property
    def vss(self) -> float | None:
        """Value of the stochastic solution: what planning for the mean scenario costs more."""
        return None if self.eev is None else self.eev - self.rp

    @property
    def evpi(self) -> float | None:
        """Expected value of perfect information."""
        return None if self.ws is None else self.rp - self.ws


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """What a way of holding saves: the cost without it less the cost with it.

    ``objective`` is ``None`` where nothing keeps the rules without it; ``bound`` limits the saving from
    below.
    """

    mode: Mode
    objective: float | None
    saved: float | None
    bound: float | None


def mean_scenario(scenarios: Scenarios) -> Scenarios:
    """One scenario of expected needs, trucks and shares there; times are means over where the way is open.

    A way is open when it is so with a chance of a half or more.
    """
    chance = scenarios.probability
    reached = np.isfinite(scenarios.door_s)
    share = np.einsum("n,ndj->dj", chance, reached)
    safe = np.maximum(share, 1e-12)
    door_s = np.einsum("n,ndj->dj", chance, np.where(reached, scenarios.door_s, 0.0)) / safe
    trip_s = np.einsum("n,ndj->dj", chance, np.where(reached, scenarios.trip_s, 0.0)) / safe
    truck_s = np.array(
        [chance[chance > 0] @ scenarios.truck_s[chance > 0, w] for w in range(scenarios.truck_s.shape[1])]
    )
    return Scenarios(
        ids=("mean",),
        probability=np.ones(1),
        door_s=np.where(share >= 0.5, door_s, np.inf)[None],
        trip_s=np.maximum(trip_s, 1.0)[None],
        usable=np.einsum("n,ndm->dm", chance, scenarios.usable)[None],
        need=np.einsum("n,njkw->jkw", chance, scenarios.need)[None],
        truck_s=truck_s[None],
    )


def knowledge(
    problem: ReserveProblem,
    answer: ReserveAnswer,
    *,
    limit_s: float = 60.0,
    relative_gap: float = 1e-3,
    workers: int = 1,
    progress: Progress | None = None,
) -> Knowledge:
    """VSS and EVPI of a plan for expected cost; each scenario of a chance above 0 is solved alone."""
    if answer.objective is None or answer.bound is None:
        raise ValueError("answer: want one with a plan")
    watch = Watch(limit_s, progress)
    mean = _solved(problem.among(mean_scenario(problem.scenarios)), watch, relative_gap, workers)
    rival = None if mean.held is None else rival_of(problem, "mean", mean.held, workers=workers)
    alone: float | None = 0.0
    likely = np.flatnonzero(problem.scenarios.probability > 0)
    for done, number in enumerate(likely):
        watch.tell("each scenario known", done / len(likely))
        one = _solved(problem.among(problem.scenarios.only([int(number)])), watch, relative_gap, workers)
        if one.bound is None or alone is None or watch.stopped_by:
            alone = None
            break
        alone += float(problem.scenarios.probability[number]) * one.bound
    return Knowledge(
        rp=answer.objective,
        bound=answer.bound,
        ev=mean.objective,
        eev=None if rival is None else rival.cost.total,
        ws=alone,
    )


def savings(
    problem: ReserveProblem,
    answer: ReserveAnswer,
    *,
    aim: Aim | None = None,
    limit_s: float = 60.0,
    relative_gap: float = 1e-3,
    workers: int = 1,
    progress: Progress | None = None,
) -> tuple[Saving, ...]:
    """What each way of holding saves: the same question without it.

    Without agreements nothing asks for a share of them. Without physical stock what is in hand stays where it
    is, nothing is bought, and no rule asks for a least. What is not found in time is left out.
    """
    if answer.objective is None:
        raise ValueError("answer: want one with a plan")
    watch, found = Watch(limit_s, progress), []
    for number, mode in enumerate(MODES):
        watch.tell(f"without {mode}", number / len(MODES))
        other = _solved(_without(problem, number), watch, relative_gap, workers, aim=aim)
        if other.status == "cancelled":
            continue
        least = None if other.bound is None else other.bound - answer.objective
        saved = None if other.objective is None else other.objective - answer.objective
        found.append(Saving(mode=mode, objective=other.objective, saved=saved, bound=least))
    return tuple(found)


def rivals(problem: ReserveProblem, held: Holding, *, workers: int = 1) -> tuple[Rival, ...]:
    """Plans by rule of thumb that spend on goods what ``held`` keeps: all at the first depot; alike at all.

    Both hold the same units of each item as ``held`` in the same ways; places where an item cannot be held in
    some way hand it on to the others. They mind no floor, share or budget: an office that plans so does not.
    """
    return (
        rival_of(problem, "all in the county depot", central(problem, held), workers=workers),
        rival_of(problem, "equal per township", equal(problem, held), workers=workers),
    )


def rival_of(problem: ReserveProblem, name: str, held: Holding, *, workers: int = 1) -> Rival:
    """A plan with its cost and its service."""
    then = outcome(problem, held, workers=workers)
    return Rival(
        name=name,
        held=held,
        cost=cost_split(problem, held, then),
        service=service_met(problem.scenarios, then.shortage),
    )


def central(problem: ReserveProblem, held: Holding) -> Holding:
    """All of every item at the first depot that may hold it in that way."""
    share = np.zeros(problem.shape)
    first = (problem.most > 0).argmax(axis=0)
    items, modes = np.indices(first.shape)
    share[first, items, modes] = 1.0
    return _shared(problem, held, share)


def equal(problem: ReserveProblem, held: Holding) -> Holding:
    """The same of every item at each depot that may hold it in that way."""
    return _shared(problem, held, (problem.most > 0).astype(float))


def _shared(problem: ReserveProblem, held: Holding, share: Floats) -> Holding:
    total = held.quantity.sum(axis=0)
    quantity = share / np.maximum(share.sum(axis=0), 1e-12) * total
    opened = (quantity.sum(axis=(1, 2)) > 0) & (problem.depots.opening_cost > 0)
    return Holding(quantity=quantity, steps=np.zeros_like(held.steps), opened=opened)


def _without(problem: ReserveProblem, mode: int) -> ReserveProblem:
    most = problem.most.copy()
    most[:, :, mode] = 0.0
    if mode == PHYSICAL:
        most[:, :, PHYSICAL] = problem.in_hand[:, :, PHYSICAL]
        return replace(problem, most=most, least=())
    share = 0.0 if mode == AGREEMENT else problem.agreement_share
    return replace(problem, most=most, agreement_share=share)


def _solved(
    problem: ReserveProblem, watch: Watch, relative_gap: float, workers: int, *, aim: Aim | None = None
) -> ReserveAnswer:
    return stock_reserve(problem, aim=aim, limit_s=watch.left_s, relative_gap=relative_gap, workers=workers)
