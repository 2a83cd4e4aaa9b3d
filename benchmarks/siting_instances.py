"""Siting instances by size: people half spread, half in clusters, straight travel; files of others."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import process_time

import numpy as np

from optimizer.problem import Bools, Floats, Int64s
from optimizer.siting.cover_bits import CoverGroups, CoverRows

UNIT = 100_000
"""Whole units of time across the unit square, so that times are 32-bit integers."""
_BLOCK = 50_000
_CLUSTERS = 40


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Planar:
    """Points (n, 2) with people, candidate sites (m, 2), sites to open, a limit in units of the square."""

    points: Floats
    people: Int64s
    sites: Floats
    places: int
    limit: float

    def times(self) -> "np.ndarray[tuple[int, int], np.dtype[np.int32]]":
        """Times between all, shape (n, m), whole units."""
        found = np.empty((len(self.points), len(self.sites)), np.int32)
        for start, block in self.blocks():
            found[start : start + len(block)] = np.rint(block * UNIT)
        return found

    def blocks(self) -> Iterator[tuple[int, Floats]]:
        """Distances of some points after others, so that no whole table need stand in memory."""
        for start in range(0, len(self.points), _BLOCK):
            here = self.points[start : start + _BLOCK, None]
            yield start, np.sqrt(((here - self.sites[None]) ** 2).sum(axis=2))

    def groups(self) -> CoverGroups:
        """Who covers whom within the limit, equal rows together."""
        return self.timed_groups()[0]

    def timed_groups(self) -> tuple[CoverGroups, float]:
        """The same, and the processor seconds from given times to cover sets, without drawing the times."""
        rows, spent = CoverRows(len(self.sites)), 0.0
        for start, block in self.blocks():
            times, limit = block.astype(np.float32), np.full(len(block), self.limit, np.float32)
            begun = process_time()
            rows.add_times(times, limit, self.people[start : start + len(block)])
            spent += process_time() - begun
        begun = process_time()
        found = rows.groups()
        return found, spent + process_time() - begun


def planar(points: int, sites: int, *, places: int, limit: float, seed: int = 7) -> Planar:
    """A made-up country of any size; the same seed gives the same one."""
    rng = np.random.default_rng(seed)
    centers, spread = rng.random((_CLUSTERS, 2)), 0.02 + 0.05 * rng.random(_CLUSTERS)
    spaced = points // 2
    mine = rng.integers(0, _CLUSTERS, points - spaced)
    clustered = centers[mine] + spread[mine][:, None] * rng.standard_normal((points - spaced, 2))
    at = np.clip(np.vstack([rng.random((spaced, 2)), clustered]), 0, 1)
    people = np.maximum(1, np.rint(np.exp(rng.normal(2.5, 1.0, points)))).astype(np.int64)
    near_people = at[rng.choice(points, sites - sites // 2, replace=False)]
    return Planar(
        points=at,
        people=people,
        sites=np.vstack([rng.random((sites // 2, 2)), near_people]),
        places=places,
        limit=limit,
    )


def read_mclp(file: Path, *, places: int, limit: float) -> Planar:
    """A file of ``x y weight`` per line; every point is a candidate too."""
    table = np.loadtxt(file, ndmin=2)
    return Planar(
        points=table[:, :2],
        people=np.rint(table[:, 2]).astype(np.int64),
        sites=table[:, :2],
        places=places,
        limit=limit,
    )


def barriers(count: int, *, seed: int, length: float = 0.3) -> list[tuple[Floats, Floats]]:
    """Ends of straight barriers across the country, such as rivers in flood."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        start, turn = rng.random(2), rng.random() * 2 * np.pi
        found.append((start, start + length * np.array([np.cos(turn), np.sin(turn)])))
    return found


def cut_by(points: Floats, sites: Floats, barrier: tuple[Floats, Floats]) -> Bools:
    """Whether the straight way between each point and site crosses a barrier, shape (n, m)."""
    a, b = barrier

    def side(p: Floats, q: Floats, r: Floats) -> Floats:
        cross: Floats = (q[..., 0] - p[..., 0]) * (r[..., 1] - p[..., 1]) - (q[..., 1] - p[..., 1]) * (
            r[..., 0] - p[..., 0]
        )
        return cross

    of_points, of_sites = side(a, b, points) > 0, side(a, b, sites) > 0
    apart = of_points[:, None] != of_sites[None]
    here, there = points[:, None], sites[None]
    between: Bools = (side(here, there, a) > 0) != (side(here, there, b) > 0)
    crossed: Bools = apart & between
    return crossed
