"""The live feed: one reader of the outbox, many listeners; none of them can hold up another.

The newest events stand in a ring in memory, as bytes that are the same for everybody. Each listener goes
through it at its own pace; who asks for older ones reads them from the store; who falls out of the ring while
listening is told so and ends, and may come back with the number of the last event that it had.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import takewhile

from sqlalchemy import delete, func, select
from sqlalchemy.exc import SQLAlchemyError

from api.clock import now
from api.event_stream import STILL_HERE, message
from api.keys import Principal
from api.listeners import KEY_ENDED, Listeners, over_now
from api.log_lines import LOG
from api.metrics import Metrics
from api.roles import may
from api.settings import Settings
from api.store.engine import BusyError, Store
from api.store.job_tables import EventRow
from api.store.tables import CounterRow, HeadRow

RING = 4_096
"""Events kept in memory."""
_PAGE = 500
_POLL_S = 1.0
"""How often the outbox is looked at though nobody said that it grew: other programs write as well."""
_KEYS_S = 0.5
"""How often, at most, the keys of all who listen are looked at."""
_PRUNE_S = 600.0
PRUNED = "events pruned"
"""Counter of the number up to which, inclusive, events are not kept any more."""
TOO_SLOW = "A210"
ENDING = "A211"


@dataclass(frozen=True, slots=True)
class Told:
    """An event as it goes over the wire."""

    number: int
    noun: str
    key_id: str | None
    frame: bytes


class Feed:
    """What changed, to all who listen."""

    def __init__(self, settings: Settings, store: Store, metrics: Metrics) -> None:
        self._settings, self._store, self._metrics = settings, store, metrics
        self._ring: deque[Told] = deque(maxlen=RING)
        self._before_ring = self._read_to = 0
        self._grown = asyncio.Event()
        self._news = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self.ending = asyncio.Event()
        self.listeners = Listeners()
        self._keys_seen_at = 0.0

    async def begin(self) -> None:
        """Follow the outbox from its present end on."""
        loop = asyncio.get_running_loop()
        self._before_ring = self._read_to = await asyncio.to_thread(self._newest)

        def written() -> None:
            loop.call_soon_threadsafe(self._grown.set)

        self._store.written = written
        self._tasks = [asyncio.create_task(self._follow()), asyncio.create_task(self._prune())]

    def end(self) -> None:
        """End all streams; each is told that it may come back. Also called from a signal's handler."""
        self.ending.set()
        self._wake()

    async def close(self) -> None:
        """Stop reading."""
        self.end()
        self._store.written = lambda: None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def ended(self) -> bool:
        """Whether streams are to end."""
        return self.ending.is_set()

    @property
    def number(self) -> int:
        """The newest event or row of the audit that was looked at."""
        return self._read_to

    def _newest(self) -> int:
        with self._store.reading() as session:
            return session.scalars(select(HeadRow.number)).one()

    async def _follow(self) -> None:
        while True:
            try:
                async with asyncio.timeout(_POLL_S):
                    await self._grown.wait()
            except TimeoutError:
                pass
            self._grown.clear()
            try:
                await self._read()
                await self._look_at_keys()
            except (SQLAlchemyError, BusyError) as lost:
                LOG.error("the live feed cannot read", extra={"facts": {"error": type(lost).__name__}})
                await asyncio.sleep(_POLL_S)

    async def _read(self) -> None:
        is_more = True
        while is_more and (rows := await asyncio.to_thread(self._rows, self._read_to)):
            is_more = len(rows) == _PAGE  # who writes meanwhile wakes the reader once more
            for told in rows:
                if len(self._ring) == RING:
                    self._before_ring = self._ring[0].number
                self._ring.append(told)
            self._read_to = rows[-1].number
            self._metrics.events_told.inc(len(rows))
            self._wake()

    async def _look_at_keys(self) -> None:
        """Those whose key has ended are let go, within a second or two however much is written."""
        at = asyncio.get_running_loop().time()
        if at < self._keys_seen_at + _KEYS_S:
            return
        self._keys_seen_at = at
        if self.listeners.note(await asyncio.to_thread(over_now, self._store, self.listeners.who())):
            self._wake()

    async def until_over(self, caller: Principal) -> None:
        """Wait until the key of somebody who listens has ended."""
        while not self.listeners.is_over(caller):
            await self._news.wait()

    def _wake(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()

    def _rows(self, after: int) -> Sequence[Told]:
        columns = (EventRow.number, EventRow.noun, EventRow.key_id, EventRow.data)
        query = select(*columns).where(EventRow.number > after).order_by(EventRow.number).limit(_PAGE)
        with self._store.reading() as session:
            return [
                Told(row.number, row.noun, row.key_id, message(row.noun, row.data, number=row.number))
                for row in session.execute(query)
            ]

    async def listen(
        self, caller: Principal, *, after: int | None, nouns: Collection[str] = ()
    ) -> AsyncGenerator[bytes, None]:
        """Events after a number (from now on where it is missing), then signs of life in quiet times.

        The first message says where the stream begins; ``reset`` says that events between are not kept any
        more, so that all has to be read anew.
        """
        wanted = _for(caller, nouns)
        with self.listeners.one_more(caller):
            at = self._read_to if after is None else after
            lost = after is not None and await self._is_lost(after)
            at = self._read_to if lost else at
            yield message("reset" if lost else "hello", f'{{"number":{at}}}', number=at)
            async for number, frames in self._older(caller, at, wanted):
                at = number
                if frames:
                    yield frames
            async for frame in self._newer(caller, max(at, self._before_ring), wanted):
                yield frame

    async def _is_lost(self, after: int) -> bool:
        """Whether events after a number were pruned, or the number is of another database."""

        def look() -> bool:
            with self._store.reading() as session:
                pruned = session.get(CounterRow, PRUNED)
                head = session.scalars(select(HeadRow.number)).one()
                return after > head or (pruned is not None and after < pruned.value)

        return await asyncio.to_thread(look)

    async def _older(
        self, caller: Principal, after: int, wanted: Callable[[Told], bool]
    ) -> AsyncGenerator[tuple[int, bytes], None]:
        """From the store, until the ring goes on."""
        while after < self._before_ring and not (self.ended or self.listeners.is_over(caller)):
            rows = await asyncio.to_thread(self._rows, after)
            if not rows:
                return
            after = rows[-1].number
            yield after, b"".join(told.frame for told in rows if wanted(told))

    async def _newer(
        self, caller: Principal, at: int, wanted: Callable[[Told], bool]
    ) -> AsyncGenerator[bytes, None]:
        """From the ring, until the listener falls out of it, its key ends, or its time is over."""
        loop = asyncio.get_running_loop()
        until = loop.time() + self._settings.stream_s
        while True:
            news = self._news
            if self.listeners.is_over(caller):
                yield _end(KEY_ENDED, "the key is no longer in force", at)
                return
            if at < self._before_ring:
                yield _end(TOO_SLOW, "too slow: come back with Last-Event-ID", at)
                return
            newer = [*takewhile(partial(_after, at), reversed(self._ring))]
            at = self._read_to
            if text := b"".join(told.frame for told in reversed(newer) if wanted(told)):
                yield text
            if self.ended or loop.time() >= until:
                why = "the server ends" if self.ended else "time to come back"
                yield _end(ENDING, f"{why}: come back with Last-Event-ID", at)
                return
            if self._news is not news:
                continue
            try:
                async with asyncio.timeout(min(self._settings.heartbeat_s, until - loop.time())):
                    await news.wait()
            except TimeoutError:
                yield STILL_HERE

    async def _prune(self) -> None:
        """Forget events that are older than they are kept, now and then."""
        while True:
            try:
                await asyncio.to_thread(self._forget)
            except (SQLAlchemyError, BusyError) as lost:
                LOG.error("events cannot be pruned", extra={"facts": {"error": type(lost).__name__}})
            await asyncio.sleep(_PRUNE_S)

    def _forget(self) -> None:
        old = EventRow.at < now() - timedelta(hours=self._settings.events_h)
        with self._store.writing() as (session, _):
            newest = session.scalar(select(func.max(EventRow.number)).where(old))
            if newest is not None:
                session.execute(delete(EventRow).where(EventRow.number <= newest))
                session.merge(CounterRow(kind=PRUNED, value=newest))


def _after(number: int, told: Told) -> bool:
    return told.number > number


def _for(caller: Principal, nouns: Collection[str]) -> Callable[[Told], bool]:
    sees_all = may(caller.role, "administer")

    def wanted(told: Told) -> bool:
        mine = told.key_id is None or sees_all or told.key_id == caller.key_id
        return mine and (not nouns or told.noun in nouns)

    return wanted


def _end(code: str, detail: str, at: int) -> bytes:
    return message("end", f'{{"code":"{code}","detail":"{detail}","number":{at}}}', number=at)
