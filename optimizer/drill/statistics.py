"""Means with their intervals, over replications or over batches of one long run.

Student's t on the means of replications, which are independent; on batch means of a single run, which are
nearly so when batches are long (Law and Kelton 2000, Simulation Modeling and Analysis, sections 9.4 and 9.5,
ISBN 978-0070592926).
"""

from dataclasses import dataclass

import numpy as np

from optimizer.problem import Floats

LEVEL = 0.95
"""Confidence of every interval."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean and its interval, inclusive; ``None`` = not to be had. ``count``: observations behind it."""

    mean: float | None
    low: float | None
    high: float | None
    count: int

    def holds(self, value: float) -> bool | None:
        """Whether a value lies inside; ``None`` without an interval."""
        if self.low is None or self.high is None:
            return None
        return self.low <= value <= self.high


def estimate(
    observations: Floats, *, level: float = LEVEL, least: float = -np.inf, most: float = np.inf
) -> Estimate:
    """Mean and interval of independent observations, NaN left out, shape (n,).

    ``least`` and ``most``: what the mean can be at all, inclusive. An interval cut there holds the mean just
    as often as before, for it loses only what the mean cannot be.
    """
    known = observations[~np.isnan(observations)]
    if not len(known):
        return Estimate(None, None, None, 0)
    mean = float(known.mean())
    if len(known) < 2:
        return Estimate(mean, None, None, 1)
    from scipy.special import stdtrit

    half = float(stdtrit(len(known) - 1, (1 + level) / 2) * known.std(ddof=1) / np.sqrt(len(known)))
    return Estimate(mean, max(mean - half, least), min(mean + half, most), len(known))
