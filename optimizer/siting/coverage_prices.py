"""A bound of a coverage problem by prices instead of a linear program: quick where the relaxation is hard."""

from dataclasses import dataclass

import numpy as np

from optimizer.problem import Floats
from optimizer.siting.coverage_core import Core

_PATIENCE = 30
_FIRST = 0.1
"""Prices at first, as a share of what a cover is worth: near the end where many are covered."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Priced:
    """Most that any units add to the value; what a cover costs each group (g,); units by column (k,).

    The units are fractional and near an optimum of the linear relaxation.
    """

    bound: float
    price: Floats
    relaxed: Floats


def priced(core: Core, best: float, *, rounds: int, enough: float = -np.inf) -> Priced:
    """Prices whose bound is low: max_x sum_g max_c (a_g F_g(c) - l_g c) + sum_j x_j sum_{g of j} l_g.

    The Lagrangian dual of the covering rows, min over l >= 0: its end is the linear relaxation, and each
    price is a bound on the way. Rules and floors are left aside, which keeps the bound valid.

    Parameters
    ----------
    best
        What known units add to the value: steps aim at it.
    enough
        A bound that ends the rounds.
    """
    from optimizer._kernels.cover_prices import lower

    price = _FIRST * core.people * core.worth[core.done]
    relaxed = np.zeros(len(core.columns))
    bound = lower(
        core.start,
        core.site,
        core.people,
        core.done,
        core.worth,
        core.most,
        core.places,
        best,
        rounds,
        _PATIENCE,
        enough,
        price,
        relaxed,
    )
    return Priced(bound=float(bound), price=price, relaxed=relaxed)


def limits_of(core: Core, price: Floats) -> Floats:
    """Most that 0, 1, ... units add to the value, as far as these prices of cover say, shape (units + 1,)."""
    gain = core.people[:, None] * core.worth[None]
    gain[np.arange(len(core.worth))[None] < core.done[:, None]] = 0.0
    profit = float(np.maximum(0.0, gain - price[:, None]).sum())
    each = np.repeat(price, np.diff(core.start))
    pull = np.bincount(core.site, weights=each, minlength=len(core.columns))
    pull = np.sort(np.repeat(pull, core.most))[::-1]
    return np.asarray(profit + np.concatenate([[0.0], np.cumsum(np.maximum(0.0, pull))]))
