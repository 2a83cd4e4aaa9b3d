"""Rules in a planner's words: budget, not both, both or neither, one needs others, so many of a group."""

from collections.abc import Collection, Iterable
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from optimizer.problem import Bools, Floats
from optimizer.rules import Rule


def budget(
    at_most: float, *, opening: Floats, closing: Floats, existing: Bools, name: str = "budget"
) -> Rule:
    """What is opened and what is closed may cost ``at_most`` in all, inclusive.

    sum_{new} opening_j x_j + sum_{existing} closing_k (1 - x_k) <= at_most, as a line over x: the closing
    costs of all existing sites move to the right-hand side.

    Parameters
    ----------
    opening, closing
        Cost of opening a new site and of closing an existing one, >= 0, one unit of money, shape (m,).
    existing
        Sites that stand today, shape (m,).
    """
    if min(opening.min(initial=0.0), closing.min(initial=0.0)) < 0:
        raise ValueError(f"rule {name}: want costs >= 0")
    amount = np.where(existing, -closing, opening).astype(float)
    counts = np.flatnonzero(amount)
    return Rule(
        name=name,
        sites=counts,
        amount=amount[counts],
        at_most=float(at_most) - float(closing[existing].sum()),
    )


def apart(name: str, sites: Collection[int]) -> Rule:
    """At most one of these sites is open."""
    return group(name, sites, at_most=1)


def together(name: str, sites: Iterable[int]) -> tuple[Rule, ...]:
    """All of these sites are open or none, a line for each pair of neighbours: x_a - x_b = 0."""
    chain = list(sites)
    return tuple(
        _line(name if len(chain) == 2 else f"{name} ({k})", [a, b], [1.0, -1.0], at_least=0.0, at_most=0.0)
        for k, (a, b) in enumerate(pairwise(chain), start=1)
    )


def requires(name: str, site: int, others: Iterable[int]) -> tuple[Rule, ...]:
    """The site is open only if all the others are, a line for each: x_site <= x_other."""
    needed = list(others)
    return tuple(
        _line(name if len(needed) == 1 else f"{name} ({k})", [site, other], [1.0, -1.0], at_most=0.0)
        for k, other in enumerate(needed, start=1)
    )


def group(name: str, sites: Collection[int], *, at_least: int = 0, at_most: int | None = None) -> Rule:
    """At least and at most so many of these sites are open, both inclusive."""
    return _line(
        name,
        sorted(sites),
        np.ones(len(sites)),
        at_least=float(at_least) if at_least > 0 else -np.inf,
        at_most=np.inf if at_most is None else float(at_most),
    )


def _line(
    name: str,
    sites: Iterable[int],
    amount: ArrayLike,
    *,
    at_least: float = -np.inf,
    at_most: float = np.inf,
) -> Rule:
    return Rule(
        name=name,
        sites=np.array(list(sites), np.int64),
        amount=np.asarray(amount, float),
        at_least=at_least,
        at_most=at_most,
    )
