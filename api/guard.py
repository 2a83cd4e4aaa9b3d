"""What every request passes first: an id, a key in force, a rate, a body of bounded size and time.

What every answer passes last: safe headers, a line in the log, a count. Written as plain ASGI, so that it
also stands around requests that no route ever sees.
"""

import asyncio
import math
import re
import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.keys import Principal, find_key
from api.log_lines import LOG
from api.problems import Problem
from api.service import Service
from api.store.engine import BusyError
from api.store.refusals import Refusal, refusal_of

OPEN = frozenset({"/health", "/ready", "/openapi.json"})
"""Paths that need no key: they say nothing about the county."""
OPEN_FILES = "/desk/"
"""Where the files of the desk are; the page itself, at ``/``, asks for a key."""
SAFE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
CONFLICTS: Mapping[Refusal, tuple[str, str]] = {
    "duplicate": ("A143", "a record of this key is there already"),
    "missing": ("A144", "a record that this one refers to is not there"),
    "rule": ("A145", "a rule of the database forbids this state"),
}
UNKNOWN_RATE = "without a key"
_LINGER, _LINGER_S = 4, 2.0
"""What is still read of a body after a refusal: so many times the largest body, for so long."""


@dataclass(slots=True)
class _Seen:
    """What is known of a request when it has been answered."""

    request_id: str
    actor: str = ""
    status: int = 0
    begun: bool = False
    whole: bool = False
    """Whether reading the body has begun, and come to its end."""
    answered: float = 0.0
    """When the answer was out, where the request went on after it."""


class Guard:
    """Around the whole application."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app, self._service = app, service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, from its first byte to the last of its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()
        seen = _Seen(_request_id(scope))
        scope.setdefault("state", {})["request_id"] = seen.request_id

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen.status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = seen.request_id
                for name, value in SAFE.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._pass(scope, receive, send_safely, seen)
        except Exception as error:
            await self._refuse(error, seen, scope, receive, send_safely)
        finally:
            self._count(scope, seen, (seen.answered or time.perf_counter()) - begun)

    async def _pass(self, scope: Scope, receive: Receive, send: Send, seen: _Seen) -> None:
        if not _is_open(scope["path"]):
            principal = await self._authenticated(scope)
            seen.actor = principal.actor
            scope["state"]["principal"] = principal
        body = await self._body(scope, receive, seen)
        seen.whole = True
        await self._app(scope, _given(body, receive), send)

    async def _authenticated(self, scope: Scope) -> Principal:
        scheme, _, text = Headers(scope=scope).get("authorization", "").partition(" ")
        found: Principal | Problem = Problem(
            "A110", 401, "wanted: Authorization: Bearer KEY, with a key that is in force"
        )
        if scheme.lower() == "bearer" and text:
            found = await run_in_threadpool(self._find, text.strip()) or found
        client = scope.get("client") or ("",)
        self._hold_rate(found.key_id if isinstance(found, Principal) else f"{UNKNOWN_RATE} {client[0]}")
        if isinstance(found, Problem):
            raise found
        return found

    def _find(self, text: str) -> Principal | Problem | None:
        """Who holds a key, or a login where those count; a refusal is told after the rate is held."""
        if self._service.logins is not None and text.count(".") == 2:
            try:
                return self._service.logins.find(text)
            except Problem as refused:
                return refused
        with self._service.store.reading() as session:
            return find_key(session, text)

    def _hold_rate(self, name: str) -> None:
        wait_s = self._service.rate.wait_s(name)
        if wait_s > 0:
            raise Problem("A112", 429, "too many requests with this key", retry_after_s=math.ceil(wait_s))

    async def _body(self, scope: Scope, receive: Receive, seen: _Seen) -> bytes:
        """The whole body; a client that is slow or sends half of it does not hold anything else up."""
        most = self._service.settings.body_bytes
        stated = Headers(scope=scope).get("content-length", "0")
        if stated.isdigit() and int(stated) > most:
            raise _too_large(most)
        seen.begun = True
        try:
            async with asyncio.timeout(self._service.settings.body_s):
                return await _read(receive, most)
        except TimeoutError as late:
            raise Problem("A114", 408, "the body did not arrive in time") from late

    async def _refuse(
        self, error: Exception, seen: _Seen, scope: Scope, receive: Receive, send: Send
    ) -> None:
        if isinstance(error, _GoneError):
            return
        problem = as_problem(error)
        if problem.status == 500:
            facts = {"request_id": seen.request_id, "path": scope["path"]}
            LOG.error("a defect of Muster", exc_info=error, extra={"facts": facts})
        if seen.status == 0:
            answer = problem.response(seen.request_id, {"Connection": "close"})
            lingers = problem.status != 429 and _sends_on(scope, seen)
            await answer(scope, receive, self._lingering(receive, send, seen) if lingers else send)

    def _lingering(self, receive: Receive, send: Send, seen: _Seen) -> Send:
        """A channel that answers at once, and closes when some more of the body has been thrown away.

        Closing with parts of a body unread resets the connection, and the answer may be lost on its way
        (RFC 9112, section 9.6).
        """
        most = _LINGER * self._service.settings.body_bytes

        async def send_then_read(message: Message) -> None:
            if message["type"] != "http.response.body":
                await send(message)
                return
            await send({**message, "more_body": True})
            seen.answered = time.perf_counter()
            with suppress(TimeoutError):
                async with asyncio.timeout(min(_LINGER_S, self._service.settings.body_s)):
                    await _throw_away(receive, most)
            await send({"type": "http.response.body", "body": b"", "more_body": False})

        return send_then_read

    def _count(self, scope: Scope, seen: _Seen, seconds: float) -> None:
        self._service.metrics.answered(scope["method"], _route(scope), seen.status, seconds)
        facts: dict[str, Any] = {
            "request_id": seen.request_id,
            "method": scope["method"],
            "path": scope["path"],
            "status": seen.status,
            "milliseconds": round(seconds * 1000, 1),
            "actor": seen.actor,
        }
        LOG.info("answered", extra={"facts": facts})


def _route(scope: Scope) -> str:
    """The route that answered; of one inside a drill the router itself names only the inner part."""
    route: str = getattr(scope.get("route"), "path", "none")
    in_drill = scope["path"].startswith("/drills/") and route.startswith("/")
    return f"/drills/{{drill_id}}{route}" if in_drill and not route.startswith("/drills") else route


class _GoneError(Exception):
    """The client left before its request was whole."""


def as_problem(error: Exception) -> Problem:
    """What a caller is told of an error; nothing of the inside."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, PoolTimeout | BusyError):
        return _refused("busy", error)
    if isinstance(error, DBAPIError):
        return _refused(refusal_of(error), error)
    return Problem("A132", 500, "a defect of Muster; the log has more under this request's id")


def _refused(why: Refusal, error: Exception) -> Problem:
    """What the database refused, in words of our own: its own may repeat what was sent."""
    LOG.error("the database refused a request", extra={"facts": {"error": type(error).__name__, "why": why}})
    if why == "busy":
        return Problem("A146", 503, "others hold the database; nothing was changed", retry_after_s=2)
    if why == "lost":
        return Problem(
            "A130", 503, "the database does not take this now; nothing was changed", retry_after_s=2
        )
    code, detail = CONFLICTS[why]
    return Problem(code, 409, f"{detail}; nothing was changed")


def _is_open(path: str) -> bool:
    return path in OPEN or path == "/" or path.startswith(OPEN_FILES)


def _request_id(scope: Scope) -> str:
    given = Headers(scope=scope).get("x-request-id", "")
    return given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)


def _too_large(most: int) -> Problem:
    return Problem("A113", 413, f"the body is larger than {most} bytes", most_bytes=most)


async def _read(receive: Receive, most: int) -> bytes:
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _GoneError
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > most:
            raise _too_large(most)
        if not message.get("more_body"):
            return b"".join(parts)


def _sends_on(scope: Scope, seen: _Seen) -> bool:
    """Whether the client may still be sending its body.

    Who waits for leave to send it sends none. Pieces of a stranger are not looked at: where one is wrong, the
    server would write a page of its own into the log.
    """
    headers = Headers(scope=scope)
    waits = "expect" in headers and not seen.begun
    return not seen.whole and not waits and ("content-length" in headers or seen.actor != "")


async def _throw_away(receive: Receive, most: int) -> None:
    """Receive parts of a body, about so many bytes, and keep none."""
    size = 0
    while size <= most:
        message = await receive()
        size += len(message.get("body", b""))
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            return


def _given(body: bytes, receive: Receive) -> Receive:
    """A channel that gives the body once, then what the client does."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def given() -> Message:
        return waiting.pop() if waiting else await receive()

    return given
