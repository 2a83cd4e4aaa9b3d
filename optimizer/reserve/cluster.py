"""The second stage on a Dask cluster: the same tasks as on threads, the same numbers.

Each group of scenarios is sent to the cluster once, as the task that makes it; a worker that is lost takes no
result with it, because the scheduler makes the group again on another and repeats the task that was under
way. Dask is an optional extra.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from optimizer.problem import Floats
from optimizer.reserve.recourse import Recourse, SecondStage
from optimizer.reserve.recourse_pool import Prices
from optimizer.reserve.reserve_problem import Scenarios

ANSWER_S = 10.0
"""Longest wait for the first answer of a scheduler, seconds."""


def ask_cluster(address: str) -> None:
    """Ask whether a scheduler answers.

    Raises
    ------
    ModuleNotFoundError
        Dask is not installed.
    OSError
        No scheduler answers.
    ValueError
        No address.
    """
    from distributed import Client  # type: ignore[import-not-found,unused-ignore]  # an optional extra

    connect: Any = Client  # distributed's own signature has no types
    connect(address, set_as_default=False, timeout=ANSWER_S).close()


class Cluster:
    """Workers of a Dask cluster.

    Parameters
    ----------
    address
        Of the scheduler, such as ``tcp://10.0.0.5:8786``.

    Raises
    ------
    ModuleNotFoundError
        Dask is not installed.
    OSError
        No scheduler answers.
    """

    def __init__(self, stage: SecondStage, groups: Sequence[Scenarios], address: str) -> None:
        from distributed import Client  # type: ignore[import-not-found,unused-ignore]  # an optional extra

        connect: Any = Client  # distributed's own signature has no types
        self._client: Any = connect(address, set_as_default=False)
        one = groups[0].only([0], probability=np.ones(1))  # the tasks bring their scenarios themselves
        shared = SecondStage.of(stage.problem.among(one), stage.penalty)
        self._stage = self._client.submit(_same, shared, pure=False)
        self._groups = [self._client.submit(_same, group, pure=False) for group in groups]

    def recourse(self, quantity: Floats, prices: Sequence[Prices]) -> list[Recourse]:
        """Recourse of each group in their order; quantities by column, prices by group."""
        tasks = [
            self._client.submit(recourse_of, self._stage, group, quantity, price, pure=False)
            for group, price in zip(self._groups, prices, strict=True)
        ]
        found: list[Recourse] = self._client.gather(tasks)
        return found

    def close(self) -> None:
        """Leave the cluster; it goes on for others."""
        self._client.close()


def recourse_of(stage: SecondStage, group: Scenarios, quantity: Floats, prices: Prices) -> Recourse:
    """One task: the recourse of one group."""
    return stage.recourse(quantity, group, truck_price=prices.truck, weight=prices.weight, asked=prices.asked)


def _same(value: Any) -> Any:
    return value
