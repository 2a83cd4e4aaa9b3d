"""The live feed: what changes, as it changes."""

from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query, Response

from api.deps import Caller, Served, needs
from api.event_stream import MEDIA_TYPE, EventStream
from api.problems import Problem
from api.schemas.edge import problems

router = APIRouter(prefix="/events", tags=["events"], dependencies=[needs("read")])

Noun = Literal[
    "alert", "closure", "drill", "incident", "job", "log", "order", "place", "plan", "position", "region",
    "report", "response", "stock", "team",
]  # fmt: skip
LastEventId = Annotated[
    int | None,
    Header(alias="Last-Event-ID", ge=0, le=2**31 - 1, description="the last event that arrived"),
]
STREAMED = {
    **problems(),
    200: {
        "description": "Server-Sent Events: `id`, `event` (the noun), `data` (one JSON document a message)",
        "content": {
            MEDIA_TYPE: {
                "schema": {"type": "string"},
                "example": 'id: 41\nevent: incident\ndata: {"number":41,"at":"2026-01-15T02:10:00+00:00",'
                '"noun":"incident","what":"reported","id":"incident-000001","facts":{"level":"II"}}\n\n',
            }
        },
    },
}


@router.get("", responses=STREAMED, response_class=Response)
async def events(
    service: Served,
    caller: Caller,
    last_event_id: LastEventId = None,
    noun: Annotated[tuple[Noun, ...], Query(max_length=20, description="only these; all when left out")] = (),
) -> Response:
    """What changes from now on, or since ``Last-Event-ID``; ``reset`` says that all has to be read anew.

    Each event tells what changed, not all that is known of it: ask for the record again. Events are kept for
    48 hours. A stream ends (``end``) after ten minutes, when the server ends, or when it is not read fast
    enough: come back with the number of the last event. It ends for good when its key does.
    """
    if service.feed.listeners.count >= service.settings.streams:
        raise Problem("A212", 429, "too many event streams are open", retry_after_s=5)
    return EventStream(service.feed.listen(caller, after=last_event_id, nouns=noun), service.metrics)
