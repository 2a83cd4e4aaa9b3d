"""Why a siting question has no answer: which demands cannot be met together, and by how much."""

from dataclasses import dataclass

import numpy as np

from optimizer.problem import Question, SitingProblem
from optimizer.siting.asked import Asked
from optimizer.siting.elastic_program import Elastic, Kind, elastic
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
        How much more would have to be allowed, or how much less asked for; > 0.
    rows
        Demand rows left out where it alone gives way: those of a floor, of coverage or service.
    proven
        Whether less is impossible; ``False`` where the time ran out.
    """

    kind: Kind
    name: str
    amount: float
    rows: tuple[int, ...] = ()
    proven: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Demands that cannot all be met, although any of them can be dropped and the others met.

    Each comes with the amount by which it alone would have to give way for this conflict to end.
    """

    demands: tuple[Shortfall, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Infeasibility:
    """Why there is no answer.

    Parameters
    ----------
    conflicts
        Conflicts without a demand in common, all of which must be ended, at most five; empty when
        there is an answer, when only ``unreachable`` stands in its way, or when the time ran out before.
    mend
        One way to end all of them: the demands that give way, and by how much, least in sum when each is
        counted in parts of its own limit.
    unreachable
        Rows that must be covered (LSCP, everybody) and that no site covers; the rest is judged without them.
    """

    conflicts: tuple[Conflict, ...]
    mend: tuple[Shortfall, ...]
    unreachable: tuple[int, ...]


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
    everything = dict.fromkeys(range(len(task.demands)), 1.0)
    found, slack = task.bend((), everything, watch)
    mend = tuple(
        _shortfall(task, number, slack[number], proven=found.status == "optimal")
        for number in np.flatnonzero(slack > _TOLERANCE * _units(task)).tolist()
    )
    conflicts: list[Conflict] = []
    left = set(everything)
    while mend and len(conflicts) < _MOST_SETS and watch.stopped_by is None:
        watch.tell("why there is no answer", len(conflicts) / _MOST_SETS)
        numbers = _conflict(task, left, watch)
        if not numbers:
            break
        conflicts.append(Conflict(demands=tuple(_alone(task, one, numbers, watch) for one in numbers)))
        left -= set(numbers)
    return Infeasibility(conflicts=tuple(conflicts), mend=mend, unreachable=task.unreachable)


def _units(task: Elastic) -> np.ndarray:
    return np.array([demand.unit for demand in task.demands])


def _conflict(task: Elastic, left: set[int], watch: Watch) -> list[int]:
    """Demands among ``left`` that cannot be met together, none of them needless; empty when all can."""
    hard: list[int] = []
    while True:
        soft = dict.fromkeys(sorted(left - set(hard)), 1.0)
        found, slack = task.bend(hard, soft, watch)
        if found.status == "infeasible":
            break
        bent = np.flatnonzero(slack > _TOLERANCE * _units(task)).tolist()
        if not bent or not len(found.values):
            return []
        hard += bent
    return _irreducible(task, sorted(hard), watch)


def _irreducible(task: Elastic, hard: list[int], watch: Watch) -> list[int]:
    """The deletion filter: what stays impossible without a demand does not need it."""
    for number in list(hard):
        fewer = [one for one in hard if one != number]
        if fewer and task.bend(fewer, {}, watch)[0].status == "infeasible":
            hard = fewer
    return hard


def _alone(task: Elastic, number: int, numbers: list[int], watch: Watch) -> Shortfall:
    """By how much one demand must give way while the others of its conflict hold."""
    hard = [one for one in numbers if one != number]
    found, slack = task.bend(hard, {number: 1.0}, watch)
    chosen = np.flatnonzero(found.values[: task.problem.sites] > 0.5) if len(found.values) else ()
    proven = found.status == "optimal"
    return _shortfall(task, number, slack[number], rows=_left_out(task, number, tuple(chosen)), proven=proven)


def _left_out(task: Elastic, number: int, chosen: tuple[int, ...]) -> tuple[int, ...]:
    """Rows of a demand that these sites leave uncovered, or unreached."""
    demand = task.demands[number]
    sets = task.covers if demand.kind in ("floor", "coverage") else task.reaches
    if demand.kind == "capacity" or not len(demand.rows):
        return ()
    met = np.append(sets.covers[:, list(chosen)].any(axis=1), False)
    return tuple(demand.rows[~met[sets.group[demand.rows]]].tolist())


def _shortfall(
    task: Elastic, number: int, amount: float, *, rows: tuple[int, ...] = (), proven: bool = True
) -> Shortfall:
    demand = task.demands[number]
    return Shortfall(
        kind=demand.kind, name=demand.name, amount=round(float(amount), 6), rows=rows, proven=proven
    )
