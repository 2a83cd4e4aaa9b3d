"""What all requests and answers share: words, ids, instants, problems."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from scenarios.model_base import Name, wrong
from scenarios.model_base import Strict as Strict

MOST_WORDS = 500
MOST_ROWS = 1_000
Words = Annotated[Name, Field(max_length=MOST_WORDS)]
"""Text on one line."""


def _says_something(text: str) -> str:
    if not text.strip():
        raise wrong("A116", "text that is not blank", "Write what is meant.")
    return text


Named = Annotated[Name, Field(min_length=1, max_length=200), AfterValidator(_says_something)]
"""Text that says something."""
RecordId = Annotated[str, Path(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""An id in a path."""
Rows = Annotated[int, Query(ge=1, le=MOST_ROWS, description="most rows of the answer")]
After = Annotated[
    str, Query(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$", description="the last id of the page before")
]
OUR_YEARS = range(1900, 2201)
"""Years of instants that are taken: those near the ends of the calendar have no UTC."""


def _of_our_time(at: datetime) -> datetime:
    if at.year not in OUR_YEARS:
        raise wrong("A116", "a time between the years 1900 and 2200", "Correct the year.")
    return at


Instant = Annotated[AwareDatetime, AfterValidator(_of_our_time)]


class Shown(BaseModel):
    """Base of all answers."""

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)


class FaultShown(Shown):
    """One fault of what was sent."""

    code: str
    where: str
    found: str
    wanted: str
    fix: str


class ProblemShown(BaseModel):
    """RFC 9457 problem document; further members depend on the code."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:muster:problem:A120",
                    "title": "Conflict",
                    "status": 409,
                    "code": "A120",
                    "detail": "fire-1 is held by order-000003 for incident-000001, issued by Li (1f2e3d4c)",
                    "instance": "urn:muster:request:5b1c",
                    "holders": [{"team_id": "fire-1", "order_id": "order-000003"}],
                }
            ]
        },
    )

    type: str
    title: str
    status: int
    code: Annotated[str, Field(description="row of docs/errors.md")]
    detail: str
    instance: str
    faults: tuple[FaultShown, ...] | None = None


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Answers that any route may give, and those that this one gives besides."""
    every = {400, 401, 403, 408, 413, 422, 429, 500, 503, *statuses}
    return {status: {"model": ProblemShown, "description": ABOUT[status]} for status in sorted(every)}


ABOUT = {
    400: "The request cannot be read.",
    401: "No key in force.",
    403: "The key's role may not do this.",
    404: "No such record.",
    405: "No such method here.",
    408: "The body did not arrive in time.",
    409: "It conflicts with the present state; the document says with what.",
    413: "The body is too large.",
    415: "Another kind of body is wanted.",
    422: "Values that cannot be used, every one named.",
    429: "Too many requests; Retry-After says when to ask again.",
    500: "A defect of Muster.",
    503: "Not available now; nothing was changed, ask again.",
}
