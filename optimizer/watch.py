"""How a long computation tells how far it is, and how it is asked to stop."""

import time
from typing import Protocol


class Progress(Protocol):
    """A callback that hears of each step; it returns ``True`` to ask for a stop."""

    def __call__(
        self, phase: str, done: float, bound: float | None = None, incumbent: float | None = None
    ) -> bool | None:
        """``phase`` names the step, ``done`` is 0 to 1, ``bound`` and ``incumbent`` are what is known."""


class Watch:
    """Deadline and callback of one computation, handed down to all its parts.

    Parameters
    ----------
    limit_s
        Wall-clock limit from now on, s; ``inf`` = none.
    progress
        Called at each ``tell``; may ask to stop.
    """

    def __init__(self, limit_s: float = 60.0, progress: Progress | None = None) -> None:
        self._until = time.monotonic() + limit_s
        self._progress = progress
        self._asked_to_stop = False

    def tell(
        self, phase: str, done: float, bound: float | None = None, incumbent: float | None = None
    ) -> None:
        """Report a step; remembers a request to stop."""
        if self._progress is not None and self._progress(phase, done, bound, incumbent) is True:
            self._asked_to_stop = True

    def restarted(self, limit_s: float) -> "Watch":
        """The same callback and its request to stop, with a deadline that counts from now."""
        fresh = Watch(limit_s, self._progress)
        fresh._asked_to_stop = self._asked_to_stop
        return fresh

    @property
    def left_s(self) -> float:
        """Seconds left, never below 0."""
        return max(0.0, self._until - time.monotonic())

    @property
    def stopped_by(self) -> str | None:
        """``user`` or ``time`` when the computation has to end, else ``None``."""
        if self._asked_to_stop:
            return "user"
        return "time" if self.left_s <= 0 else None
