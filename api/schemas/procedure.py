"""Responses, approvals and the log of an incident: as they are asked for and shown."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from api.schemas.edge import Instant, Named, Shown, Strict, Words
from scenarios.incident_models import IncidentLevel
from scenarios.model_base import Name

LONGEST_ENTRY = 2_000
Entry = Annotated[Name, Field(min_length=1, max_length=LONGEST_ENTRY)]
"""A sentence or a few."""


class EndAsked(Strict):
    """Why something ends; ``approved_verbally_by``: who approved, where the key may not."""

    why: Words = ""
    approved_verbally_by: Named | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"why": "leak stopped", "approved_verbally_by": "Wang, county chief"}]
        }
    )


class LevelAsked(EndAsked):
    """Start the response at a level, or raise or lower it."""

    level: Annotated[IncidentLevel, Field(description="I the gravest")]

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"level": "II", "why": "cloud over a village"}]}
    )


class ResponseStep(Shown):
    """One step of the response to an incident."""

    id: str
    step: Literal["start", "raise", "lower", "end"]
    level: IncidentLevel
    at: Instant
    by: str
    why: str
    approved_by: str | None
    approved_verbally_by: str | None
    confirmed_at: Instant | None
    confirmed_by: str | None


class ResponseShown(Shown):
    """At which level an incident is answered now (missing: at none), and every step, oldest first."""

    incident_id: str
    level: IncidentLevel | None
    steps: tuple[ResponseStep, ...]


class WaitingShown(Shown):
    """Something approved by word that waits to be confirmed at ``/plans``, ``/orders`` or ``/responses``."""

    kind: Literal["plan", "order", "response"]
    id: str
    incidents: tuple[str, ...]
    approved_verbally_by: str
    since: Instant
    by: str
    confirm: Annotated[
        str, Field(description="path that confirms it", examples=["/plans/plan-000007/confirm"])
    ]


class WaitingRecords(Shown):
    """All that waits to be confirmed, the oldest first."""

    items: tuple[WaitingShown, ...]


class EntryAsked(Strict):
    """A hand-written entry of the log; ``at``: when it happened, now when left out."""

    text: Entry
    at: Instant | None = None

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "Valve closed by hand"}]})


class LogLine(Shown):
    """One line of the log. ``at``: when it happened; ``written_at``: when it was written down."""

    at: Instant
    written_at: Instant
    by: str
    action: Annotated[str, Field(examples=["incident.reported", "plan.committed", "log.entry"])]
    subject: str
    by_hand: bool
    text_zh: str
    text_en: str


class LogShown(Shown):
    """The log of an incident, oldest first."""

    incident_id: str
    lines: tuple[LogLine, ...]
