"""What is kept of a sweep, against numpy on labels that are made up."""

import shutil
from pathlib import Path

import numba
import numpy as np
import pytest

from geo import _kernels
from geo._kernels.lanes import FEW, MANY, UNREACHED
from geo._kernels.reductions import count_marks, list_marks, write_table
from geo._kernels.turning import SIDE
from geo.roads import Int32s


@pytest.mark.parametrize("lanes", [FEW, MANY])
@pytest.mark.parametrize("places", [1, SIDE - 1, SIDE, 3 * SIDE + 5])
@pytest.mark.parametrize("spare", [0, 1, 7])
def test_a_table_holds_the_least_time_at_each_place_by_source(lanes: int, places: int, spare: int) -> None:
    """Places of no, one and three seeds; fewer sources than lanes; sources in another order than lanes."""
    rng = np.random.default_rng(places)
    labels = rng.integers(0, 1000, (20, lanes)).astype(np.int32)
    labels[rng.random(labels.shape) < 0.2] = UNREACHED
    start = np.concatenate(([0], np.cumsum(rng.choice([0, 1, 3], places)))).astype(np.int32)
    row, ds = rng.integers(0, 20, start[-1]).astype(np.int32), rng.integers(0, 9, start[-1]).astype(np.int32)
    source = rng.permutation(lanes)[: lanes - spare].astype(np.int32)
    table = np.full((lanes, places), -1, np.int32)
    write_table(
        labels, start, row, ds, 0, places, len(source), source, np.empty((SIDE, lanes), np.int32), table
    )
    for place in range(places):
        seeds = slice(start[place], start[place + 1])
        least = np.min(labels[row[seeds]] + ds[seeds, None], axis=0, initial=UNREACHED)
        assert (table[source, place] == least[: len(source)]).all()
    assert (np.delete(table, source, axis=0) == -1).all()


def test_marks_are_listed_by_place_then_source() -> None:
    """Seventy sources in three blocks and two words, lanes in another order, places stored in another."""
    rng = np.random.default_rng(7)
    within = rng.random((11, 70)) < 0.3
    within[[2, 5]] = False
    within[9] = True
    source_at, at = rng.permutation(70).astype(np.int32), rng.permutation(11).astype(np.int32)
    marks = np.zeros((11, 3), np.int32)
    for place, lane in zip(*np.nonzero(within[:, source_at]), strict=True):
        marks[at[place], lane // MANY] |= np.int64(1 << (lane % MANY)).astype(np.int32)
    is_marked = np.zeros(11, np.int8)
    is_marked[at] = within.any(axis=1)
    assert count_marks(marks, is_marked) == within.sum()
    found: list[Int32s] = [np.empty(within.sum(), np.int32) for _ in range(2)]
    list_marks(marks, is_marked, at, source_at, *found)
    assert np.array_equal(found, np.nonzero(within))


def test_code_compiled_from_other_sources_is_not_used(tmp_path: Path) -> None:
    """A changed constant in one file changes where the loops of all files are kept."""
    copied = Path(shutil.copytree(Path(_kernels.__file__).parent, tmp_path / "kernels"))
    before = _kernels.sources_digest(copied)
    assert before == _kernels.sources_digest(Path(_kernels.__file__).parent)
    with (copied / "lanes.py").open("a") as lanes:
        lanes.write("FEW = 8\n")
    assert _kernels.sources_digest(copied) != before
    assert Path(numba.config.CACHE_DIR).name == before  # type: ignore[attr-defined]  # numba types it lazily
