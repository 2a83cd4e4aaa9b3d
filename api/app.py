"""The HTTP application: routes inside a guard, faults as problem documents, planning processes beside it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import cast

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from starlette.exceptions import HTTPException

from api.drills.marking import HEADER, Marking
from api.drills.pace import Pace
from api.guard import Guard
from api.map_tiles import MapTiles
from api.openapi import describe
from api.problems import Problem, of_input, of_validation
from api.routes import (
    alerts,
    audit,
    closures,
    comparisons,
    depots,
    desk,
    drills,
    events,
    health,
    incidents,
    jobs,
    keys,
    orders,
    places,
    plans,
    procedure,
    processes,
    records,
    regions,
    reports,
    siting,
    stations,
    teams,
    vocabulary,
)
from api.service import Service
from geo.errors import InputError

NOUNS = (
    health,
    regions,
    desk,
    vocabulary,
    stations,
    teams,
    depots,
    incidents,
    procedure,
    alerts,
    reports,
    records,
    places,
    comparisons,
    closures,
    plans,
    orders,
    siting,
    processes,
    jobs,
    events,
    drills,
    keys,
    audit,
)


def create_app(service: Service) -> FastAPI:
    """The application of one server."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await service.feed.begin()
        await asyncio.to_thread(service.jobs.begin, asyncio.get_running_loop())
        warming = asyncio.create_task(service.lane.begin())
        app.state.tiles.begin()
        pace = Pace(service)
        pace.begin()
        try:
            yield
        finally:
            warming.cancel()
            app.state.tiles.close()
            await pace.close()
            await service.feed.close()
            await asyncio.to_thread(service.close)

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url="/openapi.json")
    app.state.service = service
    app.state.tiles = MapTiles(service.region)
    for noun in NOUNS:
        app.include_router(noun.router)
    app.include_router(drills.worlds)
    app.include_router(desk.page)
    app.add_middleware(Marking)
    app.add_middleware(Guard, service=service)
    if service.settings.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(service.settings.origins),
            allow_methods=["GET", "POST", "PUT", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "X-Request-ID"],
            expose_headers=["Location", "Retry-After", "X-Request-ID", "Idempotency-Replayed", HEADER],
        )
    for kind in (Problem, InputError, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, _answer)
    app.openapi = lambda: describe(app, [*(noun.router for noun in NOUNS), places.seen])  # type: ignore[method-assign]  # FastAPI's own way to extend it
    return app


def _answer(request: Request, error: Exception) -> Response:
    """Whatever a route refuses, as a problem document."""
    headers: Mapping[str, str] | None = None
    if isinstance(error, RequestValidationError):
        problem = of_validation(error)
    elif isinstance(error, InputError):
        problem = of_input(error)
    elif isinstance(error, HTTPException):
        problem, headers = _of_http(error), error.headers
    else:
        problem = cast(Problem, error)
    return problem.response(request.scope["state"]["request_id"], headers)


def _of_http(error: HTTPException) -> Problem:
    """What the framework itself refuses: no such path, no such method, a body that is no JSON."""
    code = {404: "A117", 405: "A117", 400: "A115"}.get(error.status_code, "A132")
    return Problem(code, error.status_code, str(error.detail))
