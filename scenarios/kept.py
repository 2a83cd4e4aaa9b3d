"""What questions that follow each other have in common, kept between them by all that it follows from."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """The answers used last, by keys that say everything an answer follows from.

    What is kept can never be out of date: whoever asks with another state of the world asks with another
    key. Answers that raise are not kept. Safe between threads; two that ask at once may both compute.

    Parameters
    ----------
    most
        Most weight kept in all; beyond it those not used for longest go, never the newest.
    """

    def __init__(self, most: float) -> None:
        self._most = most
        self._weight = 0.0
        self._answers: OrderedDict[Hashable, tuple[T, float]] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._answers)

    def known(self, key: Hashable) -> T | None:
        """The answer to a key, if it is kept."""
        with self._lock:
            if key not in self._answers:
                return None
            self._answers.move_to_end(key)
            return self._answers[key][0]

    def of(self, key: Hashable, make: Callable[[], T], *, weight: float = 1.0) -> T:
        """The answer to a key, made if it is not kept; ``weight``: its share of what may be kept."""
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key][0]
        answer = make()
        with self._lock:
            if key not in self._answers:
                self._answers[key] = (answer, weight)
                self._weight += weight
            while self._weight > self._most and len(self._answers) > 1:
                self._weight -= self._answers.popitem(last=False)[1][1]
        return answer
