"""How demand is divided into windows: alike, of neighbours, the same on any machine."""

import json
import subprocess
import sys

import numpy as np
import pytest

from benchmarks.siting_instances import planar
from optimizer._kernels.leading_axes import leading
from optimizer.siting.coverage_partition import split
from optimizer.siting.coverage_problem import CoverageProblem
from optimizer.siting.coverage_windows import CoverageWindows
from tests.optimizer.coverage_examples import SITES, core, problem_of, triangles


def test_windows_are_alike_and_of_neighbours() -> None:
    """Nine windows of about as many people, each reached by few of the sites."""
    instance = planar(4_000, 80, places=5, limit=0.1)
    groups = instance.groups()
    problem = CoverageProblem(covers=groups.covers, people=groups.people, fixed=np.zeros(80, np.bool_))
    left = core(problem)
    label = split(left, 9)
    assert np.unique(label).tolist() == list(range(9))
    assert np.bincount(label, weights=left.people).max() <= 1.3 * left.people.sum() / 9
    reaching = [len(w.columns) for w in CoverageWindows(left, label).windows]
    by_lot = np.random.default_rng(0).permutation(label)
    assert np.mean(reaching) <= 0.6 * np.mean([len(w.columns) for w in CoverageWindows(left, by_lot).windows])


def test_leading_axes_are_those_of_lapack() -> None:
    """With eigenvalues apart; the sign is free. Of a matrix of rank 1 one is left, of nothing none."""
    random = np.random.default_rng(3)
    basis, _ = np.linalg.qr(random.standard_normal((40, 40)))
    value = np.concatenate([[-5.0, 9.0, 7.0], np.linspace(2, -2, 37)])
    matrix = np.ascontiguousarray((basis * value) @ basis.T)
    rows, seen = leading(matrix, random.standard_normal((8, 40)), 40)
    found, turn = np.linalg.eigh(seen)
    assert found[-2:] == pytest.approx([7.0, 9.0])
    assert rows @ rows.T == pytest.approx(np.eye(8), abs=1e-9)
    assert np.abs(rows.T @ turn[:, -2:]) == pytest.approx(np.abs(basis[:, [2, 1]]), abs=1e-6)
    single = np.outer(np.arange(1.0, 10.0), np.arange(1.0, 10.0))
    rows, seen = leading(single, random.standard_normal((8, 9)), 40)
    assert np.linalg.eigvalsh(seen) == pytest.approx([0] * 7 + [285])
    assert (rows**2).sum(axis=1) == pytest.approx([1] + [0] * 7)
    rows, _ = leading(np.zeros((3, 3)), np.eye(3), 2)
    assert rows.tolist() == np.zeros((3, 3)).tolist()


@pytest.mark.parametrize("threads", [1, 2])
def test_windows_do_not_hang_on_the_threads_of_blas(threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """All ways between a hundred triangles are alike: any axes would do, but always the same ones."""
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", str(threads))
    program = (
        "from tests.optimizer.test_coverage_partition import *\n"
        "left = core(triangles(100))\n"
        "print(split(left, 9).tolist())"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert json.loads(told.stdout) == split(core(triangles(100)), 9).tolist()


def test_windows_are_no_more_than_groups() -> None:
    left = core(triangles(1))
    assert sorted(split(left, 9).tolist()) == [0, 1, 2]
    assert split(left, 1).tolist() == [0, 0, 0]


def test_a_second_division_lies_over_the_borders_of_the_first() -> None:
    """Nine windows, and sixteen between them: four whole, eight halves, four quarters."""
    instance = planar(4_000, 80, places=5, limit=0.1)
    groups = instance.groups()
    problem = CoverageProblem(covers=groups.covers, people=groups.people, fixed=np.zeros(80, np.bool_))
    left = core(problem)
    label, other = split(left, 9), split(left, 9, between=True)
    people = np.bincount(other, weights=left.people)
    share = np.sort(people / left.people.sum() * 36)
    assert share == pytest.approx([1] * 4 + [2] * 8 + [4] * 4, rel=0.15)
    for whole in np.argsort(people)[-4:]:
        inside = np.bincount(label[other == whole], weights=left.people[other == whole])
        assert (inside > 0.1 * people[whole]).sum() >= 3


def test_heavy_groups_leave_fewer_windows_and_no_gap_in_their_numbers() -> None:
    people = np.array([1, 1, 1, 1_000_000, 1, 1, 1])
    left = core(problem_of(np.eye(SITES, dtype=np.bool_), people))
    for count in (1, 2, 3, 4, 6, 9, 27):
        label = split(left, count)
        assert np.unique(label).tolist() == list(range(label.max() + 1))
        assert label.max() < count
        label = split(left, count, between=True)
        assert np.unique(label).tolist() == list(range(label.max() + 1))
