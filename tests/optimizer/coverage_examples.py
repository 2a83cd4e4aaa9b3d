"""Small coverage problems, drawn and made by hand."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from optimizer.problem import Bools, Int64s
from optimizer.siting.cover_bits import CoverRows
from optimizer.siting.coverage_core import Core, core_of
from optimizer.siting.coverage_problem import CoverageProblem
from optimizer.siting.coverage_search import most_units

SITES = 7


def problem_of(
    covers: Bools, people: Int64s, *, fixed: int = SITES, worth: tuple[float, ...] = (1.0,)
) -> CoverageProblem:
    sites = covers.shape[1]
    rows = CoverRows(sites)
    rows.add(covers, people)
    groups = rows.groups()
    return CoverageProblem(
        covers=groups.covers, people=groups.people, fixed=np.arange(sites) == fixed, worth=worth
    )


def core(problem: CoverageProblem) -> Core:
    return core_of(problem, problem.fixed.astype(np.int64), most_units(problem))


def covers_of(left: Core) -> Bools:
    """Whether each column covers each group, shape (g, k), from the lists."""
    covers = np.zeros((len(left.people), len(left.columns)), np.bool_)
    covers[np.repeat(np.arange(len(left.people)), np.diff(left.start)), left.site] = True
    return covers


@st.composite
def problems(draw: st.DrawFn) -> CoverageProblem:
    """Up to 30 rows, 7 sites, one of them perhaps fixed."""
    covers = draw(hnp.arrays(bool, (draw(st.integers(1, 30)), SITES)))
    people = draw(hnp.arrays(np.int64, len(covers), elements=st.integers(0, 9)))
    return problem_of(covers, people, fixed=draw(st.integers(0, SITES)))


def triangles(count: int) -> CoverageProblem:
    """Apart from each other, groups of three that any two of three sites cover: halves would cover all."""
    block = np.array([[1, 1, 0], [0, 1, 1], [1, 0, 1]], np.bool_)
    return problem_of(np.kron(np.eye(count, dtype=np.bool_), block).astype(np.bool_), np.full(3 * count, 10))
