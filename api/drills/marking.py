"""Every answer of a drill says that it is one: in a header, in JSON, on pages. Plain ASGI."""

import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.exercise import EXERCISE

HEADER = "X-Exercise"
_PATH = re.compile(r"/drills(/.*)?")
_FILE = re.compile(r"/drills/[^/]+/plans/[^/]+/document")
"""A plan file is given byte for byte; the scenario inside it says what it is."""
_JSON = f'{{"exercise":true,"exercise_words":"{EXERCISE.zh} {EXERCISE.en}"'.encode()
_BANNER = (
    '<p class="exercise" style="border:2px solid #b00;color:#b00;text-align:center;'
    f'font-weight:bold;font-size:1.4em;margin:4mm">{EXERCISE.zh} {EXERCISE.en}</p>'
).encode()
_BODY = re.compile(rb"<body[^>]*>")


class Marking:
    """Around all routes; it touches answers below ``/drills`` alone."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or not _PATH.fullmatch(scope["path"]):
            await self._app(scope, receive, send)
            return
        begun: list[Message] = []
        parts: list[bytes] = []

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                begun.append(message)
                return
            parts.append(message.get("body", b""))
            if not message.get("more_body"):
                headers = MutableHeaders(scope=begun[0])
                body = _marked(b"".join(parts), headers.get("content-type", ""), scope["path"])
                headers[HEADER] = "true"
                headers["Content-Length"] = str(len(body))
                await send(begun[0])
                await send({"type": "http.response.body", "body": body})

        await self._app(scope, receive, send_marked)


def _marked(body: bytes, media_type: str, path: str) -> bytes:
    if "json" in media_type and body.startswith(b"{") and not _FILE.fullmatch(path):
        rest = body[1:].lstrip()
        return _JSON + (b"" if rest.startswith(b"}") else b",") + rest
    found = _BODY.search(body) if media_type.startswith("text/html") else None
    return body if found is None else body[: found.end()] + _BANNER + body[found.end() :]
