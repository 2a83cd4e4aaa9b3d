"""Who listens to event streams, and whose key has ended meanwhile: their streams end in a second or two.

The guard looks at a key when a request arrives; a stream goes on for minutes after that. So the keys of all
who listen are looked at again and again, all of them by one question to the store.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select

from api.clock import now
from api.keys import Principal, in_force
from api.store.engine import Store
from api.store.tables import KeyRow

KEY_ENDED = "A110"


class Listeners:
    """Counts open streams by who opened them; used from one thread, apart from ``over_now``."""

    def __init__(self) -> None:
        self._open: Counter[Principal] = Counter()
        self._over: frozenset[Principal] = frozenset()

    @property
    def count(self) -> int:
        """Streams that are open."""
        return self._open.total()

    @contextmanager
    def one_more(self, caller: Principal) -> Iterator[None]:
        """Counted for the time of a block."""
        self._open[caller] += 1
        try:
            yield
        finally:
            self._open[caller] -= 1
            if not self._open[caller]:
                del self._open[caller]

    def who(self) -> frozenset[Principal]:
        """Everybody who listens."""
        return frozenset(self._open)

    def is_over(self, caller: Principal) -> bool:
        """Whether the key of somebody who listens was found to have ended."""
        return caller in self._over

    def note(self, over: frozenset[Principal]) -> bool:
        """Remember whose key has ended; whether that is news."""
        news = not over <= self._over
        self._over = over
        return news


def over_now(store: Store, callers: frozenset[Principal]) -> frozenset[Principal]:
    """Those whose key is revoked, turned over or expired by now, or whose login has ended.

    A login is no row of the store: its token says how long it holds.
    """
    if not callers:
        return callers
    at = now()
    with store.reading() as session:
        rows = session.scalars(select(KeyRow).where(KeyRow.id.in_({one.key_id for one in callers})))
        ended = {row.id for row in rows if not in_force(row, at)}
    return frozenset(
        one for one in callers if one.key_id in ended or (one.until is not None and at >= one.until)
    )
