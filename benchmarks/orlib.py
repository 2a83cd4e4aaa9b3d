"""OR-Library p-median files as travel matrices, and their published optima."""

from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from optimizer.problem import Floats

MEDIAN_OPTIMA = (
    5819, 4093, 4250, 3034, 1355, 7824, 5631, 4445, 2734, 1255,
    7696, 6634, 4374, 2968, 1729, 8162, 6999, 4809, 2845, 1789,
)  # fmt: skip
"""pmed1 to pmed20, OR-Library (pmedopt.txt)."""
CENTER_OPTIMA = (127, 98, 93, 74, 48, 84)
"""pmed1 to pmed6 as p-center."""


def read_pmed(file: Path) -> tuple[Floats, int]:
    """Shortest distances between all nodes, shape (n, n), and p; of repeated edges the last one counts."""
    numbers = file.read_text(encoding="ascii").split()
    n, _, p = (int(number) for number in numbers[:3])
    edges: dict[tuple[int, int], float] = {}
    for k in range(3, len(numbers), 3):
        i, j = sorted((int(numbers[k]) - 1, int(numbers[k + 1]) - 1))
        edges[i, j] = float(numbers[k + 2])
    ends = np.array(list(edges), np.int64)
    graph = csr_matrix((list(edges.values()), (ends[:, 0], ends[:, 1])), shape=(n, n))
    return dijkstra(graph, directed=False), p
