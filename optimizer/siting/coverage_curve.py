"""The marginal-value curve of coverage: the most that 0, 1, 2, ... units can cover, each with its bound.

Benders cuts hold for any number of places, so that one pool of cuts serves the whole curve; each number
starts from the units of the one before. First every number gets its bound from the relaxation, then, as long
as time is left, what is not yet proven is solved to the end, the nearest first.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from optimizer.siting.coverage_core import Core, core_of
from optimizer.siting.coverage_master import CoverageMaster
from optimizer.siting.coverage_problem import CoverageProblem
from optimizer.siting.coverage_search import Covered, Search, improved, most_covered, most_units
from optimizer.watch import Watch


def coverage_curve(
    problem: CoverageProblem, *, upto: int, gap: float = 0.0, watch: Watch | None = None
) -> tuple[Covered | None, ...]:
    """The best for 0, 1, ... ``upto`` units beside the fixed sites; ``problem.places`` is left aside.

    Fewer points where fewer units fit. Values and bounds never fall from one number to the next. ``None``
    where no units keep the rules.

    Parameters
    ----------
    gap
        Relative distance of bound and value that does for each number, beside a proven optimum.
    """
    watch = watch or Watch()
    stand = int(problem.fixed.sum())
    core = core_of(replace(problem, places=None), problem.fixed.astype(np.int64), most_units(problem))
    last = min(upto, int(core.most.sum()))
    if core.bound_to:
        asked = [replace(problem, places=stand + p) for p in range(last + 1)]
        return tuple(most_covered(one, gap=gap, watch=watch) for one in asked)
    searches = _relaxed(problem, core, last, gap, watch)
    _finish(searches, watch)
    return _in_order([search.found() for search in searches])


def _relaxed(problem: CoverageProblem, core: Core, last: int, gap: float, watch: Watch) -> list[Search]:
    """A search for each number, up to the bound of its relaxation."""
    master = CoverageMaster(core)
    searches: list[Search] = []
    units = problem.fixed.astype(np.int64)
    for p in range(last + 1):
        watch.tell("coverage curve", p / max(1, last))
        places = int(problem.fixed.sum()) + p
        here = replace(core, places=p)
        start = improved(here, core.added(units)[None], restarts=0)
        search = Search(replace(problem, places=places), here, core.units(start), gap=gap, watch=watch)
        if p == 0:
            search.bound = search.value
        elif not watch.stopped_by:
            master.set_places(p)
            search.relax(master)
            search.decide(master)
        searches.append(search)
        units = search.units
    return searches


def _finish(searches: Sequence[Search], watch: Watch) -> None:
    """Prove what is left, the nearest to a proof first."""
    for search in sorted(searches, key=lambda one: one.bound - one.value):
        if watch.stopped_by:
            break
        if not search.ended:
            search.finish()


def _in_order(points: Sequence[Covered]) -> tuple[Covered, ...]:
    """The points, each at least as good as the one before and bounded by the one after."""
    values: list[Covered] = []
    for point in points:
        if values and values[-1].value > point.value:
            point = replace(point, units=values[-1].units, value=values[-1].value)
        values.append(replace(point, bound=max(point.bound, point.value)))
    for k in range(len(values) - 2, -1, -1):
        bound = min(values[k].bound, values[k + 1].bound)
        values[k] = replace(values[k], bound=max(values[k].value, bound))
    return tuple(values)
