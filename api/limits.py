"""How often one key may ask: a bucket of tokens that fills again with time."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class RateLimit:
    """At most ``burst`` requests at once and ``rate_per_s`` on average, for each name.

    Measured by a clock that never jumps. Names that were quiet until their bucket was full are forgotten.
    """

    def __init__(self, rate_per_s: float, burst: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._clock = rate_per_s, float(burst), clock
        self._buckets: dict[str, _Bucket] = {}

    def wait_s(self, name: str) -> float:
        """0 and one token less, or the seconds until there is one."""
        at = self._clock()
        bucket = self._buckets.get(name)
        if bucket is None:
            self._forget(at)
            bucket = self._buckets[name] = _Bucket(self._burst, at)
        bucket.tokens = min(self._burst, bucket.tokens + (at - bucket.at) * self._rate)
        bucket.at = at
        if bucket.tokens >= 1.0:
            bucket.tokens -= 1.0
            return 0.0
        return (1.0 - bucket.tokens) / self._rate

    def _forget(self, at: float) -> None:
        if len(self._buckets) >= 1_000:
            full_s = self._burst / self._rate
            self._buckets = {n: b for n, b in self._buckets.items() if at - b.at < full_s}
