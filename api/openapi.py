"""The OpenAPI 3.1 document: what FastAPI makes of the routes, with problems, keys and roles said in full."""

from collections.abc import Iterator, Sequence
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from api.deps import Needs
from api.guard import OPEN
from api.openapi_units import tell_units
from api.problems import MEDIA_TYPE
from api.roles import RIGHTS, ROLES
from api.schemas.edge import ABOUT as ABOUT_STATUS

ABOUT = """Incidents, plans and orders of one county.

Units: metres, seconds, kilograms, WGS84 longitude before latitude, instants with their time zone. Limits are
inclusive. Errors are RFC 9457 problem documents; `code` is a row of docs/errors.md. Every answer below
`/drills` belongs to an exercise and says so: `exercise: true` in JSON, `X-Exercise: true`, words on paper."""

DRILL = "/drills/{drill_id}"


def describe(app: FastAPI, routers: Sequence[APIRouter]) -> dict[str, Any]:
    """The document, made once; ``routers``: those that the application includes."""
    if app.openapi_schema:
        return app.openapi_schema
    document = get_openapi(
        title="Muster",
        version=version("muster"),
        openapi_version="3.1.0",
        description=ABOUT,
        routes=app.routes,
    )
    document.setdefault("components", {})["securitySchemes"] = {
        "key": {
            "type": "http",
            "scheme": "bearer",
            "description": "mk_ID_SECRET, or a token of the issuer where logins are set up",
        }
    }
    rights = {(route.path, method): right for route, method, right in _rights(routers)}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            _tell_problems(operation)
            if method != "get":
                _tell_conflict(operation)
            real = path.removeprefix(DRILL)  # a route in a drill asks for the right that it asks in real life
            _tell_roles(operation, path, rights.get((path, method)) or rights.get((real, method)))
    tell_units(document)
    app.openapi_schema = document
    return document


def _rights(routers: Sequence[APIRouter]) -> Iterator[tuple[APIRoute, str, str]]:
    """The strictest right of each route: the last that stands in the list of its dependencies."""
    for route in (route for router in routers for route in router.routes):
        if isinstance(route, APIRoute):
            asked = [d.dependency.right for d in route.dependencies if isinstance(d.dependency, Needs)]
            for method in (route.methods or ()) if asked else ():
                yield route, method.lower(), asked[-1]


def _tell_problems(operation: dict[str, Any]) -> None:
    for status, answer in operation["responses"].items():
        content = answer.get("content", {})
        if int(status) >= 400 and "application/json" in content:
            content[MEDIA_TYPE] = content.pop("application/json")
        elif _is_geojson(content):
            content["application/geo+json"] = content["application/json"]  # reads come as plain JSON


def _tell_conflict(operation: dict[str, Any]) -> None:
    """Two who write the same at once may meet in the database itself, whatever the route."""
    answers = operation["responses"]
    answers.setdefault("409", {**answers["400"], "description": ABOUT_STATUS[409]})
    operation["responses"] = dict(sorted(answers.items()))


def _is_geojson(content: dict[str, Any]) -> bool:
    name = str(content.get("application/json", {}).get("schema", {}).get("$ref", ""))
    return name.startswith("#/components/schemas/Feature")


def _tell_roles(operation: dict[str, Any], path: str, right: Any) -> None:
    operation["security"] = [] if path in OPEN else [{"key": []}]
    if right is not None:
        operation["x-roles"] = [role for role in ROLES if role in RIGHTS[right]]
