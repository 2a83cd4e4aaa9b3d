"""Peers of the reserve benchmarks: the plain extensive form in HiGHS, and a process of its own for memory.

``python -m benchmarks.reserve_peers SCENARIOS LIMIT_S`` solves Pingluo's question with so many scenarios and
answers one JSON line: peak memory of the process, cost and gap.
"""

import json
import sys
import time
from dataclasses import dataclass
from math import isfinite

from benchmarks.reserve_instances import pingluo
from optimizer.program import Program
from optimizer.reserve.columns import columns
from optimizer.reserve.extensive import extensive_form
from optimizer.reserve.first_stage import FirstStage, first_stage
from optimizer.reserve.reserve_answer import Aim
from optimizer.reserve.reserve_problem import ReserveProblem
from optimizer.reserve.stochastic import stock_reserve
from optimizer.solver import solve


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """What the plain form in HiGHS came to; ``None`` where it found nothing within its time."""

    build_s: float
    solve_s: float
    entries: int
    objective: float | None
    bound: float | None


def plain_form(problem: ReserveProblem) -> tuple[FirstStage, Program]:
    """All scenarios in one program, as arrays."""
    first = first_stage(problem, columns(problem))
    return first, extensive_form(first, Aim())


def plain_extensive(problem: ReserveProblem, *, limit_s: float, gap: float) -> Plain:
    """The plain form given to MathOpt's HiGHS as it is, until a gap in CNY; processor seconds."""
    begun = time.process_time()
    first, program = plain_form(problem)
    built = time.process_time()
    answer = solve(program, limit_s=limit_s, engine="highs", absolute_gap=gap)
    return Plain(
        build_s=built - begun,
        solve_s=time.process_time() - built,
        entries=len(program.value),
        objective=answer.objective + first.constant if len(answer.values) else None,
        bound=answer.bound + first.constant if isfinite(answer.bound) else None,
    )


def peak_mb() -> float | None:
    """Most memory of this process so far; not known on Windows."""
    if sys.platform == "win32":
        return None
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(scenarios: int, limit_s: float) -> None:
    """Solve and say how much memory the whole process took at its peak."""
    answer = stock_reserve(pingluo(scenarios).problem, limit_s=limit_s, relative_gap=5e-3)
    print(json.dumps({"peak_mb": peak_mb(), "objective": answer.objective, "gap": answer.gap}))


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
