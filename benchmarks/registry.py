"""Cases and result rows of the benchmarks.

A suite is one module of this package; importing it registers its cases. Each case yields rows in the public
result format, one JSON line a row.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatch
from importlib import import_module
from pathlib import Path
from typing import Literal

SUITES = ("travel", "siting", "dispatch", "routing", "reserve", "api", "simulation")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measured figure beside a peer's, beside what was asked.

    Parameters
    ----------
    ours, theirs
        Medians of at least three runs, in ``unit``; ``None`` where not measured.
    ratio
        theirs / ours for times and memory, so that more is better for us.
    asked, asked_on
        The figure a requirement states for this case, and whether it speaks of ours or of the ratio.
    verified
        Whether our answer was checked against an independent one; ``False`` fails the run.
    """

    suite: str
    case: str
    metric: str
    unit: str
    better: Literal["lower", "higher"] = "lower"
    ours: float | None = None
    peer: str | None = None
    theirs: float | None = None
    asked: float | None = None
    asked_on: Literal["ours", "ratio"] = "ours"
    verified: bool | None = None
    quick: bool = False
    runs: int = 0
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Theirs / ours; ``None`` without both."""
        if self.ours is None or self.theirs is None or self.ours == 0:
            return None
        return self.theirs / self.ours

    @property
    def met(self) -> bool | None:
        """Whether this run reached what was asked; ``None`` where nothing was asked or measured."""
        value = self.ratio if self.asked_on == "ratio" else self.ours
        if self.asked is None or value is None:
            return None
        more_is_better = self.asked_on == "ratio" or self.better == "higher"
        return value >= self.asked if more_is_better else value <= self.asked

    def line(self) -> str:
        """The row as one JSON line."""
        values = asdict(self) | {"ratio": self.ratio, "met": self.met}
        order = (
            "suite case metric unit better ours peer theirs ratio asked asked_on met verified quick runs note"
        )
        return json.dumps({name: values[name] for name in order.split()}, ensure_ascii=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the caller asked for: data folder, own graph file, seeds, peers, the quick cases only."""

    data: Path | None = None
    graph: Path | None = None
    seeds: int = 3
    peers: tuple[str, ...] | None = None
    quick: bool = False

    def wants(self, peer: str) -> bool:
        """Whether a peer takes part in this run."""
        return self.peers is None or peer in self.peers


@dataclass(frozen=True, slots=True)
class Case:
    """A named measurement; ``measure`` yields its rows."""

    suite: str
    name: str
    quick: bool
    measure: Callable[[Options], Iterable[Row]] = field(repr=False)


_CASES: dict[tuple[str, str], Case] = {}


def case(
    suite: str, name: str, *, quick: bool = False
) -> Callable[[Callable[[Options], Iterable[Row]]], Callable[[Options], Iterable[Row]]]:
    """Register a function that yields rows as a case of a suite."""

    def register(measure: Callable[[Options], Iterable[Row]]) -> Callable[[Options], Iterable[Row]]:
        if (suite, name) in _CASES:
            raise ValueError(f"benchmark case {suite}/{name} is registered twice")
        _CASES[suite, name] = Case(suite, name, quick, measure)
        return measure

    return register


def cases(suite: str, pattern: str = "*") -> Iterator[Case]:
    """The cases of a suite (or of ``all``) whose name fits a shell pattern, in order of registration."""
    for name in SUITES if suite == "all" else (suite,):
        import_module(f"benchmarks.{name}")
        yield from (c for c in _CASES.values() if c.suite == name and fnmatch(c.name, pattern))
