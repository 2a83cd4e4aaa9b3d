"""The second stage of many scenarios on several workers, the same numbers for any number of them.

Scenarios lie in groups that do not depend on the workers; each group is one task, its sums run in the
order of its scenarios and the groups' sums in theirs.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol

import numpy as np

from optimizer.problem import Bools, Floats, Int64s
from optimizer.reserve.recourse import Recourse, SecondStage
from optimizer.reserve.reserve_problem import Scenarios


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prices:
    """What is fixed outside the program so that the second stage falls apart by item.

    Parameters
    ----------
    weight
        Of each scenario, shape (n,).
    truck
        Of a truck second, shape (n, w).
    asked
        Which scenarios are computed, shape (n,).
    """

    weight: Floats
    truck: Floats
    asked: Bools

    def of(self, chosen: Int64s) -> "Prices":
        """The prices of some scenarios."""
        return Prices(weight=self.weight[chosen], truck=self.truck[chosen], asked=self.asked[chosen])


class RecourseWorkers(Protocol):
    """Who computes groups of scenarios: threads here, or a cluster (``optimizer.reserve.cluster``)."""

    def recourse(self, quantity: Floats, prices: Sequence[Prices]) -> list[Recourse]:
        """Recourse of each group in their order; quantities by column, prices by group."""

    def close(self) -> None:
        """Let the workers go."""


class Threads:
    """Threads of this process: the compiled loop holds no lock, so that all cores work."""

    def __init__(self, stage: SecondStage, groups: Sequence[Scenarios], workers: int) -> None:
        self._stage, self._groups = stage, groups
        self._pool = ThreadPoolExecutor(max(1, workers))

    def recourse(self, quantity: Floats, prices: Sequence[Prices]) -> list[Recourse]:
        """Recourse of each group in their order; quantities by column, prices by group."""

        def one(group: Scenarios, price: Prices) -> Recourse:
            return self._stage.recourse(
                quantity,
                group,
                truck_price=price.truck,
                weight=price.weight,
                asked=price.asked,
            )

        return list(self._pool.map(one, self._groups, prices))

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown()


class RecoursePool:
    """All scenarios of a question in groups, and the workers that compute them.

    Parameters
    ----------
    most_groups
        Groups, at most one a scenario; more make the cuts sharper and the program larger.
    cluster
        Address of a Dask scheduler whose workers compute instead of threads here; ``None`` = threads.
    """

    def __init__(
        self,
        stage: SecondStage,
        *,
        most_groups: int,
        workers: int,
        cluster: str | None = None,
    ) -> None:
        scenarios = stage.problem.scenarios
        count = min(most_groups, len(scenarios))
        self.scenarios, self._penalty = scenarios, stage.penalty
        self.members = [np.arange(group, len(scenarios), count) for group in range(count)]
        groups = [
            scenarios.only(members, probability=scenarios.probability[members]) for members in self.members
        ]
        self.workers: RecourseWorkers
        if cluster is None:
            self.workers = Threads(stage, groups, workers)
        else:
            from optimizer.reserve.cluster import Cluster

            self.workers = Cluster(stage, groups, cluster)

    def recourse(self, quantity: Floats, prices: Prices) -> list[Recourse]:
        """Recourse of each group; quantities by column."""
        return self.workers.recourse(quantity, [prices.of(members) for members in self.members])

    def nothing_brought(self) -> Floats:
        """Cost of each scenario when no truck moves, shape (n,)."""
        cost: Floats = np.einsum("njkw,kw->n", self.scenarios.need, self._penalty)
        return cost

    def by_scenario(self, found: Sequence[Recourse]) -> tuple[Floats, Floats]:
        """Cost (n,) and truck seconds (n, w) of all scenarios."""
        cost = np.zeros(len(self.scenarios))
        used = np.zeros(self.scenarios.truck_s.shape)
        for members, one in zip(self.members, found, strict=True):
            cost[members], used[members] = one.cost, one.truck_used_s
        return cost, used

    def __enter__(self) -> "RecoursePool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.workers.close()
