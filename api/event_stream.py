"""Server-Sent Events: how a message looks on the wire, and an answer that streams until somebody ends it.

The form is that of the HTML standard, section 9.2: fields ``id``, ``event`` and ``data``, a blank line after
each message; a line that begins with a colon is a comment, which keeps connections alive.
"""

import asyncio
from collections.abc import AsyncGenerator

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.log_lines import LOG
from api.metrics import Metrics

MEDIA_TYPE = "text/event-stream"
STILL_HERE = b": still here\n\n"
SEND_S = 15.0
"""Longest time that a client may take for a part of the stream before it is let go."""


def message(event: str, data: str, *, number: int | None = None) -> bytes:
    """One message; ``data`` is a JSON document on one line."""
    first = "" if number is None else f"id: {number}\n"
    return f"{first}event: {event}\ndata: {data}\n\n".encode()


class EventStream(Response):
    """An answer that sends parts as they come; a client that takes none for ``SEND_S`` is let go.

    A client that left is noticed with the next part, at the latest with the next sign of life.
    """

    media_type = MEDIA_TYPE

    def __init__(self, parts: AsyncGenerator[bytes, None], metrics: Metrics) -> None:
        super().__init__()
        del self.headers["content-length"]
        self.headers["X-Accel-Buffering"] = "no"  # reverse proxies would hold messages back
        self._parts, self._metrics = parts, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the parts end, or nobody takes them any more."""
        gone = asyncio.ensure_future(_gone(receive))
        self._metrics.streams.inc()
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            await self._send_parts(send, gone)
        except TimeoutError:
            self._metrics.streams_dropped.inc()
            LOG.warning("a client of a stream takes nothing and is let go")
        finally:
            self._metrics.streams.dec()
            gone.cancel()
            await self._parts.aclose()

    async def _send_parts(self, send: Send, gone: "asyncio.Future[None]") -> None:
        async for part in self._parts:
            if gone.done():
                return
            async with asyncio.timeout(SEND_S):
                await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
