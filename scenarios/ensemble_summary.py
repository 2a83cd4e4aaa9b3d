"""What the members of an ensemble say together: by combination, and each against the first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, sqrt

import numpy as np

from scenarios.ensemble_measures import Measures

PERCENTILES = (5, 50, 95)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure over the replications of a combination.

    Parameters
    ----------
    half_width
        Of the confidence interval of the mean (Student's t); ``None`` for fewer than two values.
    p05, p50, p95
        Percentiles, linear between values.
    against_first
        Mean difference from the first combination in the replications that both have, and its half width:
        both meet the same chance, so that this is sharper than the difference of two intervals.
    """

    name: str
    count: int
    mean: float
    half_width: float | None
    least: float
    p05: float
    p50: float
    p95: float
    most: float
    against_first: tuple[float, float | None] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Combination:
    """A combination of swept values: how its runs ended, and its figures."""

    number: int
    runs: int
    statuses: Mapping[str, int]
    figures: tuple[Figure, ...]


def summary(
    rows: Mapping[int, Measures], *, combinations: int, replications: int, confidence: float
) -> tuple[Combination, ...]:
    """All combinations, those without a single run too."""
    found = []
    first: dict[int, Measures] = {}
    for combination in range(combinations):
        start = combination * replications
        mine = {at: rows[start + at] for at in range(replications) if start + at in rows}
        first = first or mine
        against = first if combination and first is not mine else {}
        found.append(_combination(combination, mine, against, confidence))
    return tuple(found)


def _combination(
    number: int, mine: Mapping[int, Measures], first: Mapping[int, Measures], confidence: float
) -> Combination:
    statuses: dict[str, int] = {}
    for row in mine.values():
        status = str(row.get("status", ""))
        statuses[status] = statuses.get(status, 0) + 1
    names = dict.fromkeys(
        name for row in mine.values() for name, value in row.items() if not isinstance(value, str)
    )
    figures = (_figure(name, mine, first, confidence) for name in names)
    return Combination(
        number=number,
        runs=len(mine),
        statuses=dict(sorted(statuses.items())),
        figures=tuple(figure for figure in figures if figure is not None),
    )


def _figure(
    name: str, mine: Mapping[int, Measures], first: Mapping[int, Measures], confidence: float
) -> Figure | None:
    values = {at: value for at, row in mine.items() if (value := _number(row.get(name))) is not None}
    if not values:
        return None
    both = [
        value - other
        for at, value in values.items()
        if at in first and (other := _number(first[at].get(name))) is not None
    ]
    array = np.array(list(values.values()))
    p05, p50, p95 = (float(one) for one in np.percentile(array, PERCENTILES))
    return Figure(
        name=name,
        count=len(array),
        mean=float(array.mean()),
        half_width=half_width(array.tolist(), confidence),
        least=float(array.min()),
        p05=p05,
        p50=p50,
        p95=p95,
        most=float(array.max()),
        against_first=(float(np.mean(both)), half_width(both, confidence)) if both else None,
    )


def half_width(values: Sequence[float], confidence: float) -> float | None:
    """Half of Student's interval of the mean; ``None`` for fewer than two values."""
    if len(values) < 2:
        return None
    from scipy.special import stdtrit

    spread = float(np.std(values, ddof=1)) / sqrt(len(values))
    return float(stdtrit(len(values) - 1, (1 + confidence) / 2)) * spread


def _number(value: float | str | None) -> float | None:
    return value if isinstance(value, int | float) and isfinite(value) else None
