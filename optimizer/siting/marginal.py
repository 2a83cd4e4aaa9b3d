"""The marginal-value curve: what each further site is worth, with a proven bound at each number."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from optimizer.problem import SitingAnswer, SitingProblem
from optimizer.siting.questions import Model, more_is_better
from optimizer.watch import Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """The best answer with at most ``opened`` free sites."""

    opened: int
    answer: SitingAnswer


def marginal_curve(
    problem: SitingProblem, model: Model, *, upto: int, watch: Watch | None = None
) -> tuple[CurvePoint, ...]:
    """Answer the question for 0, 1, ... ``upto`` free sites (or as many as there are), each proven by itself.

    Rules and floors hold at each number: where they need more sites the point is infeasible. An answer is
    never worse than that for fewer sites: where the search was stopped early and found less, the earlier
    choice stands, with the bound of its own number.
    """
    watch = watch or Watch()
    last = min(upto, len(problem.free))
    points: list[CurvePoint] = []
    for opened in range(last + 1):
        watch.tell("marginal value", opened / max(1, last))
        places = int(problem.fixed.sum()) + opened
        answer = model(replace_places(problem, places), watch)
        points.append(CurvePoint(opened=opened, answer=_kept(answer, points)))
        if watch.stopped_by:
            break
    return tuple(points)


def replace_places(problem: SitingProblem, places: int | None) -> SitingProblem:
    """The same problem with another number of places."""
    return replace(problem, places=places)


def _kept(answer: SitingAnswer, before: Sequence[CurvePoint]) -> SitingAnswer:
    """The answer, or the one for a site fewer where that is better."""
    if not before or answer.objective is None or before[-1].answer.objective is None:
        return answer
    earlier = before[-1].answer
    sign = -1 if more_is_better(answer.question) else 1
    if sign * answer.objective <= sign * before[-1].answer.objective:
        return answer
    return replace(earlier, status="feasible", bound=answer.bound, stopped_by=answer.stopped_by)
