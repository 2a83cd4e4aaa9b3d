"""Why a siting question has no answer: which demands cannot be met together, and by how much."""

from dataclasses import dataclass

import numpy as np

from optimizer.problem import Floats, Question, SitingProblem
from optimizer.siting.asked import Asked
from optimizer.siting.elastic_program import Elastic, Kind, elastic
from optimizer.solver import Solution
from optimizer.watch import Watch

_TOLERANCE = 1e-6
_MOST_SETS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """A demand and by how much it would have to give way.

    Parameters
    ----------
    kind
        ``rule`` in its own unit (money, sites ...); ``places`` in sites; ``floor``, ``coverage`` (LSCP),
        ``service`` (everybody must be reached) and ``capacity`` (everybody must find room) in people, a row
        without people counted as one where every row must be served.
    name
        The name of the rule or floor; empty for the other kinds.
    amount
        How much more would have to be allowed, or how much less asked for; > 0. ``None``: not found in time.
    rows
        Demand rows left out where it alone gives way: those of a floor, of coverage or service.
    proven
        Whether less is impossible; ``False`` where the time ran out.
    chosen
        Sites with which this amount is enough, fixed ones included, ascending: the other demands of the
        conflict hold with them (of a mend: all others hold, and these give way by no more than they say).
    """

    kind: Kind
    name: str
    amount: float | None
    rows: tuple[int, ...] = ()
    proven: bool = True
    chosen: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Demands that cannot all be met.

    Parameters
    ----------
    demands
        Each with the amount by which it alone would have to give way for this conflict to end.
    irreducible
        Whether without any one of them the others can be met; ``False`` where the time did not do to try.
    """

    demands: tuple[Shortfall, ...]
    irreducible: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Infeasibility:
    """Why there is no answer.

    Parameters
    ----------
    conflicts
        Conflicts without a demand in common, all of which must be ended, at most five; empty when
        there is an answer, when only ``unreachable`` stands in its way, or when the time ran out before.
    mend
        One way to end all of them: the demands that give way, and by how much, least in sum (to a hundredth)
        when each is counted in parts of its own limit.
    unreachable
        Rows that must be covered (LSCP, everybody) and that no site covers; the rest is judged without them.
    """

    conflicts: tuple[Conflict, ...]
    mend: tuple[Shortfall, ...]
    unreachable: tuple[int, ...]

    @property
    def stopped_by(self) -> str | None:
        """``time`` where some amount is not proven, or some demand of a conflict may be needless."""
        amounts = (*self.mend, *(one for conflict in self.conflicts for one in conflict.demands))
        proven = all(one.proven for one in amounts) and all(found.irreducible for found in self.conflicts)
        return None if proven and bool(self.conflicts) == bool(self.mend) else "time"


def why_infeasible(
    problem: SitingProblem, asked: Asked | Question, *, watch: Watch | None = None
) -> Infeasibility:
    """Name the rules, floors, places and people that a question cannot satisfy together, with amounts.

    The elastic filter collects demands that are impossible together, the deletion filter takes away what is
    not needed for that (Chinneck & Dravnieks 1991, doi:10.1287/ijoc.3.2.157; Chinneck 2008, Feasibility and
    Infeasibility in Optimization, doi:10.1007/978-0-387-74932-7), with whole sites throughout. For each
    demand of the conflict the least amount is then found by which it gives way while the others hold. Fixed
    sites and structural rules never give way.
    """
    said = Asked(question=asked) if isinstance(asked, str) else asked
    watch = watch or Watch()
    task = elastic(problem, said)
    mend = _mend(task, watch)
    conflicts: list[Conflict] = []
    left = set(range(len(task.demands)))
    while mend and len(conflicts) < _MOST_SETS and watch.stopped_by is None:
        watch.tell("why there is no answer", len(conflicts) / _MOST_SETS)
        found = _conflict(task, left, watch)
        if found is None:
            break
        conflicts.append(found)
        left -= {task.number(one.kind, one.name) for one in found.demands}
    return Infeasibility(conflicts=tuple(conflicts), mend=mend, unreachable=task.unreachable)


def _mend(task: Elastic, watch: Watch) -> tuple[Shortfall, ...]:
    """What gives way together, least in sum to a hundredth; empty when nothing has to."""
    prices = dict.fromkeys(range(len(task.demands)), 1.0)
    at_least, _ = task.bend((), prices, limit_s=watch.left_s, whole=False)
    gap = max(1e-7, 0.01 * at_least.objective) if len(at_least.values) else 1e-7
    found, slack = task.bend((), prices, limit_s=watch.left_s / 4, gap=gap)
    if not len(found.values):
        return ()
    chosen, proven = _opened(task, found), found.status == "optimal"
    given = ((n, _given(task, n, chosen, slack)) for n in _bent(task, slack))
    return tuple(_shortfall(task, n, amount, chosen=chosen, proven=proven) for n, amount in given if amount)


def _opened(task: Elastic, found: Solution) -> tuple[int, ...]:
    return tuple(np.flatnonzero(found.values[: task.problem.sites] > 0.5).tolist())


def _given(task: Elastic, number: int, chosen: tuple[int, ...], slack: Floats) -> float:
    """By how much a demand gives way with these sites; what the solver says where that is not only theirs."""
    beyond = task.beyond(number, chosen)
    return float(slack[number]) if beyond is None else beyond


def _bent(task: Elastic, slack: Floats) -> list[int]:
    """Demands that give way by more than rounding."""
    unit = np.array([demand.unit for demand in task.demands])
    return [int(number) for number in np.flatnonzero(slack > _TOLERANCE * unit)]


def _conflict(task: Elastic, left: set[int], watch: Watch) -> Conflict | None:
    """Demands among ``left`` that cannot be met together, none of them needless; ``None`` when all can.

    First with sites open in part: what is impossible then needs no search.
    """
    hard = _impossible(task, left, watch, whole=False) or _impossible(task, left, watch, whole=True)
    if not hard:
        return None
    hard, _ = _irreducible(task, hard, watch, whole=False)
    numbers, irreducible = _irreducible(task, hard, watch, whole=True)
    demands = [_alone(task, one, numbers, watch, share=len(numbers) - n) for n, one in enumerate(numbers)]
    return Conflict(demands=tuple(demands), irreducible=irreducible)


def _impossible(task: Elastic, left: set[int], watch: Watch, *, whole: bool) -> list[int]:
    """The elastic filter: what gives way is made hard until that is impossible; empty if it never is."""
    hard: list[int] = []
    while True:
        soft = dict.fromkeys(sorted(left - set(hard)), 1.0)
        found, slack = task.bend(hard, soft, limit_s=watch.left_s / 2, whole=whole, gap=1e-3)
        if found.status == "infeasible":
            return sorted(hard)
        bent = _bent(task, slack)
        if not bent:
            return []
        hard += bent


def _irreducible(task: Elastic, hard: list[int], watch: Watch, *, whole: bool) -> tuple[list[int], bool]:
    """The deletion filter: a demand without which all stays impossible goes; and whether all is sure."""
    sure = True
    for tried, number in enumerate(list(hard)):
        fewer = [one for one in hard if one != number]
        slice_s = watch.left_s / (2 * (len(hard) - tried + 1)) if whole else watch.left_s
        status = task.bend(fewer, {}, limit_s=slice_s, whole=whole)[0].status if fewer else "optimal"
        if status == "infeasible":
            hard = fewer
        sure &= status != "unknown"
    return hard, sure


def _alone(task: Elastic, number: int, numbers: list[int], watch: Watch, *, share: int) -> Shortfall:
    """By how much one demand must give way while the others of its conflict hold, in a share of the time."""
    hard = [one for one in numbers if one != number]
    gap = max(1e-7, 0.999 * task.demands[number].step)
    found, slack = task.bend(hard, {number: 1.0}, limit_s=watch.left_s / (share + 1), gap=gap)
    if not len(found.values):
        return _shortfall(task, number, None, proven=False)
    chosen = _opened(task, found)
    return _shortfall(
        task,
        number,
        _given(task, number, chosen, slack),
        rows=_left_out(task, number, chosen),
        chosen=chosen,
        proven=found.status == "optimal",
    )


def _left_out(task: Elastic, number: int, chosen: tuple[int, ...]) -> tuple[int, ...]:
    """Rows of a demand that these sites leave uncovered, or unreached."""
    demand = task.demands[number]
    sets = task.covers if demand.kind in ("floor", "coverage") else task.reaches
    if demand.kind == "capacity" or not len(demand.rows):
        return ()
    met = np.append(sets.covers[:, list(chosen)].any(axis=1), False)
    return tuple(demand.rows[~met[sets.group[demand.rows]]].tolist())


def _shortfall(
    task: Elastic,
    number: int,
    amount: float | None,
    *,
    rows: tuple[int, ...] = (),
    chosen: tuple[int, ...] = (),
    proven: bool = True,
) -> Shortfall:
    demand = task.demands[number]
    rounded = None if amount is None else round(amount, 6)
    return Shortfall(
        kind=demand.kind, name=demand.name, amount=rounded, rows=rows, proven=proven, chosen=chosen
    )
