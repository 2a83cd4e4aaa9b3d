"""Published optima: the OR-Library p-median networks, as p-median and as p-center."""

from pathlib import Path

import numpy as np
import pytest
from scipy.sparse.csgraph import floyd_warshall

from benchmarks.orlib import MEDIAN_OPTIMA
from optimizer.problem import Floats, SitingProblem
from optimizer.siting.center import p_center
from optimizer.siting.median import p_median
from optimizer.watch import Watch

MEDIAN = dict(enumerate(MEDIAN_OPTIMA, start=1))
CENTER = {1: 127, 2: 98, 3: 93, 4: 74, 5: 48, 6: 84}


def network(shared_data: Path, number: int) -> tuple[Floats, int]:
    """All-pairs distances and p of one file; of a repeated edge the last length holds."""
    numbers = np.array((shared_data / f"siting/pmed/pmed{number}.txt").read_text().split(), np.int64)
    n, edges, p = numbers[:3]
    d = np.full((n, n), np.inf)
    for i, j, length in numbers[3:].reshape(edges, 3):
        d[i - 1, j - 1] = d[j - 1, i - 1] = length
    return floyd_warshall(np.where(np.isinf(d), 0, d), directed=False), int(p)


def problem(shared_data: Path, number: int) -> SitingProblem:
    d, p = network(shared_data, number)
    n = len(d)
    return SitingProblem(
        response_s=d, people=np.ones(n, np.int64), limit_s=np.zeros(n), fixed=np.zeros(n, bool), places=p
    )


@pytest.mark.data
@pytest.mark.parametrize("number", MEDIAN)
def test_p_median_reaches_and_proves_the_published_optimum(shared_data: Path, number: int) -> None:
    answer = p_median(problem(shared_data, number), watch=Watch(60))
    assert answer.status == "optimal"
    assert answer.objective == MEDIAN[number]
    assert answer.bound == pytest.approx(MEDIAN[number], rel=1e-6)


@pytest.mark.data
@pytest.mark.parametrize("number", CENTER)
def test_p_center_reaches_and_proves_the_published_optimum(shared_data: Path, number: int) -> None:
    answer = p_center(problem(shared_data, number), watch=Watch(60))
    assert (answer.status, answer.objective, answer.bound) == ("optimal", CENTER[number], CENTER[number])
