"""Tasks on a Dask cluster: the same results as on processes of this machine. Dask is an optional extra."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from geo.errors import refuse
from scenarios.task_pool import TRIES, Job, TaskError

_AHEAD = 3
"""Tasks handed out for each thread of the cluster, so that none waits for the next."""
_ANSWER_S = 10


@dataclass(frozen=True, slots=True)
class Cluster:
    """A scheduler that already runs, such as ``tcp://10.0.0.5:8786``; its machines have Muster installed."""

    address: str

    def results(self, job: Job, tasks: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
        """Each task with its result, as they end; a worker that is lost has its tasks done elsewhere.

        Raises
        ------
        InputError
            S480 Dask is not installed, S481 no scheduler answers at the address.
        TaskError
            A task that failed, or that lost too many workers.
        """
        client = self._client()
        try:
            import distributed

            as_completed: Any = distributed.as_completed
            everywhere = client.scatter(job, broadcast=True, hash=False)
            coming = iter(tasks)
            ahead = _AHEAD * max(1, sum(client.nthreads().values()))
            begun: dict[str, Any] = {}

            def hand_out(count: int) -> list[Any]:
                futures = []
                for task in islice(coming, count):
                    future = client.submit(_one, everywhere, task, pure=False, retries=TRIES - 1)
                    begun[future.key] = task
                    futures.append(future)
                return futures

            under_way = as_completed(hand_out(ahead), loop=client.loop)
            for future in under_way:
                if future.status == "error":
                    raise TaskError(str(future.exception()))
                result = future.result()
                for more in hand_out(1):
                    under_way.add(more)
                yield begun.pop(future.key), result
        finally:
            client.close()

    def _client(self) -> Any:
        try:
            from distributed import Client
        except ModuleNotFoundError as missing:
            raise refuse(
                "S480",
                where="--cluster",
                found="Dask is not installed",
                wanted="the optional extra 'cluster'",
                fix="Install muster[cluster], or leave --cluster out and use --workers.",
            ) from missing
        try:
            client: Any = Client  # untyped
            return client(self.address, set_as_default=False, timeout=_ANSWER_S)
        except (OSError, ValueError, TimeoutError) as silent:
            raise refuse(
                "S481",
                where="--cluster",
                found=f"nothing answers at {self.address}",
                wanted="the address of a Dask scheduler, tcp://HOST:PORT",
                fix="Start the scheduler with 'dask scheduler', or correct the address.",
            ) from silent


def _one(job: Job, task: Any) -> Any:
    return job.work(job.shared, task)
