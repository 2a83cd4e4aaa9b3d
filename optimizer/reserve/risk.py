"""Conditional value at risk (Rockafellar & Uryasev 2000, doi:10.21314/JOR.2000.038)."""

import numpy as np

from optimizer.problem import Floats


def worst_chance(values: Floats, chance: Floats, level: float) -> Floats:
    """Chances, sum 1, on the dearest 1 - ``level`` of the outcomes, each at most chance / that."""
    most = chance / (1 - level)
    order = np.argsort(-values, kind="stable")
    before = np.cumsum(most[order]) - most[order]
    worst = np.zeros(len(values))
    worst[order] = np.clip(1 - before, 0.0, most[order])
    return worst


def cvar(values: Floats, chance: Floats, level: float) -> float:
    """Mean of the dearest 1 - ``level`` of the outcomes."""
    return float(worst_chance(values, chance, level) @ values)
