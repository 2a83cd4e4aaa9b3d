"""The members of an ensemble: which values each one has. Any member can be made without the others."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import Any

import numpy as np

from scenarios.ensemble_models import Draw, EnsembleSection


@dataclass(frozen=True, slots=True)
class Member:
    """One run.

    ``number`` counts all members from 0, combination by combination; ``changes`` are values by path; ``seed``
    is the same for one replication of every combination, so that combinations meet the same chance.
    """

    number: int
    combination: int
    replication: int
    changes: Mapping[str, Any]
    seed: int


def members(section: EnsembleSection, seed: int) -> Iterator[Member]:
    """All members in order of their number."""
    return (member(section, seed, number) for number in range(section.members))


def member(section: EnsembleSection, seed: int, number: int) -> Member:
    """One member; what is drawn depends on the seed and the replication alone (common random numbers)."""
    combination, replication = divmod(number, section.replications)
    swept = combination_values(section, combination)
    drawn = {
        vary.path: _drawn(vary.draw, np.random.default_rng([seed, replication, place]))
        for place, vary in enumerate(section.vary)
        if vary.draw is not None
    }
    own = np.random.SeedSequence([seed, replication, len(section.vary)])
    return Member(
        number=number,
        combination=combination,
        replication=replication,
        changes={vary.path: {**swept, **drawn}[vary.path] for vary in section.vary},
        seed=int(own.generate_state(1)[0] >> 1),
    )


def combination_values(section: EnsembleSection, combination: int) -> dict[str, Any]:
    """The swept values of a combination, by path; the last path changes fastest."""
    found = {}
    for vary in reversed(section.vary):
        if vary.values is not None:
            combination, place = divmod(combination, len(vary.values))
            found[vary.path] = vary.values[place]
    return dict(reversed(found.items()))


def _drawn(draw: Draw, chance: np.random.Generator) -> Any:
    if draw.uniform is not None:
        return float(chance.uniform(*draw.uniform))
    if draw.whole is not None:
        return int(chance.integers(draw.whole[0], draw.whole[1], endpoint=True))
    if draw.normal is not None:
        return float(chance.normal(*draw.normal))
    if draw.choice is not None:
        weights = np.array(draw.weights or np.ones(len(draw.choice)), float)
        return draw.choice[int(chance.choice(len(draw.choice), p=weights / weights.sum()))]
    if draw.each is not None:
        kept = chance.random(len(draw.each)) < (draw.chance or 0.0)
        return [value for value, keep in zip(draw.each, kept.tolist(), strict=True) if keep]
    assert draw.sample is not None
    assert draw.count is not None
    places = np.sort(chance.choice(len(draw.sample), draw.count, replace=False))
    return [draw.sample[int(place)] for place in places]


class Batches:
    """Numbers of the members that are not done, in batches whose size is asked for each time.

    Each of several workers has a stretch of its own, so that it prepares few combinations: members of one
    combination follow each other. One whose stretch is done helps where most is left, from the far end.

    Parameters
    ----------
    done
        Members that are left out.
    """

    def __init__(self, section: EnsembleSection, done: set[int], size: "BatchSize") -> None:
        self._missing = [number for number in range(section.members) if number not in done]
        self._size = size
        self._stretches: list[deque[int]] = []

    def __iter__(self) -> Iterator[tuple[int, ...]]:
        while (batch := self.draw(0, 1)) is not None:
            yield batch

    def draw(self, worker: int, workers: int) -> tuple[int, ...] | None:
        """The next batch of a worker, 0 to ``workers`` - 1; ``None`` when nothing is left."""
        if not self._stretches:
            cuts = [len(self._missing) * part // workers for part in range(workers + 1)]
            self._stretches = [deque(self._missing[a:b]) for a, b in pairwise(cuts)]
        count = self._size.among(sum(map(len, self._stretches)), workers)
        own = self._stretches[worker]
        if own:
            return tuple(own.popleft() for _ in range(min(count, len(own))))
        most = max(self._stretches, key=len)
        taken = [most.pop() for _ in range(min(count, len(most)))]
        return tuple(reversed(taken)) or None


class BatchSize:
    """How many members make a task: as many as last ``USUAL_S`` together, found while running.

    What a task holds changes no result, only how much is lost with a process and how much time goes to
    handing tasks over and to writing them down, which competes with the workers. Near the end tasks shrink,
    so that all workers end together.
    """

    USUAL_S, LEAST_S = 0.75, 0.25
    MOST = 1_000

    def __init__(self) -> None:
        self.members = 1

    def learn(self, count: int, seconds: float) -> None:
        """A task of ``count`` members took so long."""
        each = max(seconds / count, 1e-6)
        wanted = min(self.MOST, max(1, ceil(self.USUAL_S / each)))
        self.members = min(wanted, 4 * self.members)

    def among(self, left: int, workers: int) -> int:
        """Members of the next task where so many are left in all: half of a worker's share at most."""
        least = ceil(self.members * self.LEAST_S / self.USUAL_S)
        return min(self.members, max(least, left // (2 * workers)))
