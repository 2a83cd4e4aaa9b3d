"""The tree of a branch and bound over whole choices, the least bound first.

Which choice to divide is learnt: of those between whole numbers the one that has raised bounds most so far
for each unit that it was moved (pseudo-costs, Benichou et al. 1971, doi:10.1007/BF01584074).
"""

from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np

from optimizer.problem import Floats
from optimizer.reserve.first_stage import SNAP

MOST_TRIES = 4
"""How often a whole answer is tried again without raising its bound: cuts it needs may be lost."""


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """Limits of the whole choices, what no plan within them can go below, and by which step they came."""

    bound: float
    lower: Floats
    upper: Floats
    choice: int = -1
    moved: float = 0.0


class Branching:
    """Nodes that are still open.

    Attributes
    ----------
    bound
        What no plan can go below as far as the tree knows; ``inf`` when nothing is left.
    """

    def __init__(self, lower: Floats, upper: Floats, bound: float) -> None:
        self._nodes: list[tuple[float, int, Node]] = [(bound, 0, Node(bound, lower, upper))]
        self._made = 0
        self._settled = np.inf
        self._tried: dict[bytes, tuple[float, int]] = {}
        self._gain = np.zeros((2, len(lower)))
        self._times = np.zeros((2, len(lower)))

    @property
    def bound(self) -> float:
        """Least bound of what is open or was settled without being better than its bound."""
        return min(self._nodes[0][0] if self._nodes else np.inf, self._settled)

    @property
    def empty(self) -> bool:
        """Whether no node is left."""
        return not self._nodes

    def best(self) -> Node:
        """Take the node of least bound."""
        return heappop(self._nodes)[2]

    def settle(self, bound: float) -> None:
        """Nothing more will be known of a node with this bound."""
        self._settled = min(self._settled, bound)

    def divide(self, node: Node, at: Floats, bound: float) -> bool:
        """Divide a node by its relaxed answer ``at``; ``False`` when all of that is whole."""
        if node.choice >= 0:
            side = int(node.moved > 0)
            self._gain[side, node.choice] += max(0.0, bound - node.bound) / max(abs(node.moved), SNAP)
            self._times[side, node.choice] += 1
        apart = np.abs(at - np.rint(at))
        if apart.max(initial=0.0) <= SNAP:
            return False
        choice = self._chosen(at, apart > SNAP)
        value, floor = at[choice], np.floor(at[choice])
        below, above = node.upper.copy(), node.lower.copy()
        below[choice], above[choice] = floor, floor + 1
        bound = max(bound, node.bound)
        self._push(Node(bound, node.lower, below, choice, floor - value))
        self._push(Node(bound, above, node.upper, choice, floor + 1 - value))
        return True

    def again(self, node: Node, choice: Floats, bound: float) -> None:
        """Open a node again after its whole answer was tried; settle it if that has not raised its bound."""
        last, times = self._tried.get(choice.tobytes(), (-np.inf, 0))
        self._tried[choice.tobytes()] = max(bound, last), times + 1
        if bound > last or times < MOST_TRIES:
            self._push(Node(max(bound, node.bound), node.lower, node.upper))
        else:
            self.settle(max(bound, node.bound))

    def _chosen(self, at: Floats, between: np.ndarray) -> int:
        """Largest product of the gains expected below and above; unknown ones count as the mean."""
        known = self._times.sum()
        mean = self._gain.sum() / known if known else 1.0
        rate = np.where(self._times > 0, self._gain / np.maximum(self._times, 1), mean)
        part = at - np.floor(at)
        score = np.maximum(rate[0] * part, 1e-9) * np.maximum(rate[1] * (1 - part), 1e-9)
        return int(np.where(between, score, -1.0).argmax())

    def _push(self, node: Node) -> None:
        self._made += 1
        heappush(self._nodes, (node.bound, self._made, node))
