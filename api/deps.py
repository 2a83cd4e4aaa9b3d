"""What routes ask for: the server's parts, who calls, and a way to write that nobody can get wrong."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from api.drills.world import acting, reading_world
from api.idempotency import keep, kept_answer, readable, request_hash
from api.keys import Principal
from api.problems import Problem
from api.roles import Right, may
from api.schemas.edge import RecordId
from api.service import Service
from api.store.tables import ID
from api.writing import Writing, write


async def _service(request: Request) -> Service:
    found: Service = request.app.state.service
    return found


async def _principal(request: Request) -> Principal:
    found: Principal = request.scope["state"]["principal"]
    return found


Served = Annotated[Service, Depends(_service)]
Caller = Annotated[Principal, Depends(_principal)]


async def in_drill(request: Request, drill_id: RecordId) -> None:
    """What a route reads and writes is the world of a drill; a dependency of the router that holds it."""
    request.scope["state"]["drill_id"] = drill_id


async def _drill_id(request: Request) -> str | None:
    found: str | None = request.scope["state"].get("drill_id")
    return found


Drilled = Annotated[str | None, Depends(_drill_id)]


@contextmanager
def reading(service: Service, drill_id: str | None) -> Iterator[Session]:
    """Real life, or the world of a drill, as it is; nothing written inside is kept."""
    with service.store.reading() as session:
        if drill_id is None:
            yield session
        else:
            with reading_world(session, drill_id) as world:
                yield world


def _session(service: Served, drill_id: Drilled) -> Iterator[Session]:
    with reading(service, drill_id) as session:
        yield session


Reading = Annotated[Session, Depends(_session)]
IdempotencyKey = Annotated[
    str | None,
    Header(
        description="Any text of your own, new for each write: asked again under it, a write is done once.",
        examples=["7f9c2a1e-3b1d-4a55-9c40-1c2f6f0a7d11"],
        json_schema_extra={"minLength": 1, "maxLength": ID, "pattern": "^[ -~]+$"},
    ),
]


@dataclass(frozen=True, slots=True)
class Needs:
    """Lets a request pass whose key has a right; the OpenAPI document names the roles."""

    right: Right

    async def __call__(self, caller: Caller) -> None:
        """Raise ``Problem`` A111 for anybody else."""
        if not may(caller.role, self.right):
            raise Problem("A111", 403, f"a key of the role {caller.role} may not do this", right=self.right)


def needs(right: Right) -> Any:
    """A dependency for routes that need a right."""
    return Depends(Needs(right))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a write answers; ``kept`` stands in the place of ``body`` when the write is asked again."""

    body: BaseModel | str
    status: int = 200
    location: str | None = None
    kept: BaseModel | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One write of a caller, done once whatever the network does; ``drill_id``: in the world of a drill."""

    service: Service
    caller: Principal
    request_id: str
    key: str | None
    asked: str
    drill_id: str | None = None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """What the write will meet, as it is now."""
        with reading(self.service, self.drill_id) as session:
            yield session

    def do(self, action: Callable[[Writing], Answer]) -> Response:
        """Run an action in a transaction of its own and answer; an action may be left out if it was done."""
        with write(self.service.store, actor=self.caller.actor, request_id=self.request_id) as writing:
            if self.key is not None:
                before = kept_answer(writing.session, self.caller.key_id, self.key, self.asked)
                if before is not None:
                    return _response(before.status, before.body, before.location, replayed=True)
            answer = self._done(writing, action)
            writing.session.flush()
            body = _text(answer.body)
            if self.key is not None:
                keep(
                    writing,
                    self.caller.key_id,
                    self.key,
                    self.asked,
                    status=answer.status,
                    location=answer.location,
                    body=body if answer.kept is None else _text(answer.kept),
                )
        return _response(answer.status, body, answer.location, replayed=False)

    def _done(self, writing: Writing, action: Callable[[Writing], Answer]) -> Answer:
        if self.drill_id is None:
            return action(writing)
        with acting(writing, self.service.region, self.drill_id) as world:
            answer = action(world)
        if answer.location is None:
            return answer
        return replace(answer, location=f"/drills/{self.drill_id}{answer.location}")

    def done_before(self) -> Response | None:
        """The answer to this very write, if it was done; so that nothing long is computed again."""
        if self.key is None:
            return None
        with self.service.store.reading() as session:
            before = kept_answer(session, self.caller.key_id, self.key, self.asked)
            if before is None:
                return None
            return _response(before.status, before.body, before.location, replayed=True)


def _text(body: BaseModel | str) -> str:
    return body if isinstance(body, str) else body.model_dump_json()


def _response(status: int, body: str, location: str | None, *, replayed: bool) -> Response:
    headers = {} if location is None else {"Location": location}
    if replayed:
        headers["Idempotency-Replayed"] = "true"
    media_type = "application/geo+json" if body.startswith('{"type":"Feature') else "application/json"
    return Response(body, status_code=status, headers=headers, media_type=media_type)


async def _write(
    request: Request,
    service: Served,
    caller: Caller,
    drill_id: Drilled,
    idempotency_key: IdempotencyKey = None,
) -> Write:
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return Write(
        service=service,
        caller=caller,
        request_id=request.scope["state"]["request_id"],
        key=readable(idempotency_key),
        asked=request_hash(request.method, path, await request.body()),
        drill_id=drill_id,
    )


Writes = Annotated[Write, Depends(_write)]
