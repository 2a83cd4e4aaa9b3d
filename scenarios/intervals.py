"""Means over replications with their confidence intervals, as plans and reports say them."""

from math import inf

from optimizer.drill.statistics import estimate
from optimizer.problem import Floats
from scenarios.model_base import Strict

_DECIMALS = 6


class Interval(Strict):
    """A mean with the ends of its interval; ``None`` where there is too little to tell."""

    mean: float | None
    low: float | None = None
    high: float | None = None

    def holds(self, value: float | None) -> bool | None:
        """Whether a value lies inside, ends included; ``None`` where that cannot be told."""
        if value is None or self.low is None or self.high is None:
            return None
        return self.low <= value <= self.high


def interval(observations: Floats, *, least: float = -inf, most: float = inf) -> Interval:
    """Mean and Student's interval of independent observations, NaN left out, rounded.

    ``least`` and ``most``: what the mean can be at all; the interval is cut there.
    """
    found = estimate(observations, least=least, most=most)
    values = (found.mean, found.low, found.high)
    mean, low, high = (None if value is None else round(value, _DECIMALS) for value in values)
    return Interval(mean=mean, low=low, high=high)
