"""Which changes the live feed tells, and what it says of them: enough to know what to ask for again.

A row of the audit becomes an event in the same transaction, so the feed misses nothing and tells nothing
that did not happen. What stands in no table here (keys, who may call whom) is never told.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from api.clock import written
from api.store.job_tables import EventRow

NOUNS: Mapping[str, str] = {
    "alert": "alert",
    "closure": "closure",
    "drill": "drill",
    "incident": "incident",
    "job": "job",
    "log": "log",
    "order": "order",
    "place": "place",
    "plan": "plan",
    "report": "report",
    "response": "response",
    "region": "region",
    "stock": "stock",
    "team": "team",
    "teams": "position",
}
"""What an event is about, by the first word of an action of the audit."""
FACTS: Mapping[str, tuple[str, ...]] = {
    "alert": ("incident_id", "msg_type", "outcome"),
    "closure": ("reason",),
    "drill": ("exercise", "status", "speed", "steps"),
    "incident": ("hazard", "level", "version"),
    "job": ("process", "status", "plan_id"),
    "log": ("incident_id", "text"),
    "order": ("team_id", "incident_id", "instead_of"),
    "place": ("layer", "lon", "lat"),
    "plan": ("incidents", "replaces", "orders", "forced"),
    "position": ("positions",),
    "region": ("digest",),
    "report": ("incident_id", "kind", "number"),
    "response": ("incident_id", "level"),
    "stock": ("kind", "item", "mode", "quantity", "stock"),
    "team": ("before", "after", "crew"),
}
"""Details of the audit that every reader may know, by noun."""


def event_of(
    number: int, at: datetime, action: str, subject: str, detail: Mapping[str, Any]
) -> EventRow | None:
    """The event that tells of a change; ``None`` for what is not for everybody's ears.

    Events of jobs are for the key that asked for the job, and for admins.
    """
    first, _, what = action.partition(".")
    noun = NOUNS.get(first)
    if noun is None:
        return None
    document = {
        "number": number,
        "at": written(at),
        "noun": noun,
        "what": what,
        "id": subject,
        "facts": {name: detail[name] for name in FACTS[noun] if name in detail},
    }
    return EventRow(
        number=number,
        at=at,
        noun=noun,
        data=json.dumps(document, ensure_ascii=False, separators=(",", ":")),
        key_id=detail["key_id"] if noun == "job" else None,
    )
