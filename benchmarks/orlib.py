"""OR-Library files: p-median networks as travel matrices, warehouse location; and their published optima."""

from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from optimizer.problem import Floats
from optimizer.siting.warehouse import WarehouseProblem

MEDIAN_OPTIMA = (
    5819, 4093, 4250, 3034, 1355, 7824, 5631, 4445, 2734, 1255,
    7696, 6634, 4374, 2968, 1729, 8162, 6999, 4809, 2845, 1789,
)  # fmt: skip
"""pmed1 to pmed20, OR-Library (pmedopt.txt)."""
CENTER_OPTIMA = (127, 98, 93, 74, 48, 84, 64, 55, 37, 20, 59, 51, 36, 26, 18, 47)
"""pmed1 to pmed16 as p-center (kcenteropt.txt, after Pullan 2008)."""
WAREHOUSE_OPTIMA = {"cap41": 932615.75, "cap91": 796648.4375, "capa": 17156454.478, "capb": 12979071.581}
"""Without capacities, OR-Library (uncapopt.txt)."""
CAPACITY_OPTIMA = {"cap41": 1040444.375}
"""With capacities and places supplied in parts, OR-Library (capopt.txt)."""


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


def read_cap(file: Path, *, capacitated: bool) -> WarehouseProblem:
    """A warehouse file: capacity and opening cost by depot, then need and cost from every depot by place.

    capa, capb and capc have the word ``capacity`` where a number chosen by the reader goes: they are read
    without capacities only.
    """
    words = file.read_text(encoding="ascii").split()
    depots, places = int(words[0]), int(words[1])
    by_depot = words[2 : 2 + 2 * depots]
    if capacitated and "capacity" in by_depot:
        raise ValueError(f"{file.name}: has no capacities of its own")
    by_place = np.array(words[2 + 2 * depots :], float).reshape(places, depots + 1)
    return WarehouseProblem(
        supply_cost=np.ascontiguousarray(by_place[:, 1:]),
        opening_cost=np.array(by_depot[1::2], float),
        demand=by_place[:, 0],
        capacity=np.array(by_depot[::2], float) if capacitated else None,
    )
