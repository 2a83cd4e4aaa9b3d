"""How well needs are met: a share by window that counts every item alike, whatever its unit."""

import numpy as np

from optimizer.problem import Floats
from optimizer.reserve.reserve_problem import Scenarios


def service_weight(scenarios: Scenarios) -> Floats:
    """Share of service that one unit short costs, (k, w): 1 / (expected need x items needed by then)."""
    expected = np.einsum("n,njkw->kw", scenarios.probability, scenarios.need)
    items = np.maximum((expected > 0).sum(axis=0), 1)
    with np.errstate(divide="ignore"):
        return np.where(expected > 0, 1 / (expected * items), 0.0)


def service_met(scenarios: Scenarios, shortage: Floats) -> Floats:
    """Expected share of needs met by each window's end, mean over the items needed by then, (w,)."""
    short = np.einsum("n,njkw->kw", scenarios.probability, shortage)
    met: Floats = 1 - (short * service_weight(scenarios)).sum(axis=0)
    return met
