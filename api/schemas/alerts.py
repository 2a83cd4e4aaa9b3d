"""Alerts of the Common Alerting Protocol, as they are shown."""

from typing import Annotated, Literal

from pydantic import Field

from api.schemas.edge import Instant, Shown


class AlertShown(Shown):
    """A message that came in or was given out; its XML stands at ``/alerts/{id}/xml``."""

    id: str
    direction: Literal["in", "out"]
    sender: str
    identifier: str
    sent: Instant
    status: str
    msg_type: str
    incident_id: str | None
    outcome: Annotated[
        Literal["reported", "updated", "cancelled", "noted", "unmatched", "superseded", "given"],
        Field(
            description="a new incident, one corrected, one ended; noted: nothing changed; unmatched: it goes"
            " on from messages that never came, an update became an incident; superseded: a message that"
            " came before goes on from it"
        ),
    ]
    taken_at: Instant
    taken_by: str


class AlertRecords(Shown):
    """Messages, and the id to go on after (missing at the end)."""

    items: tuple[AlertShown, ...]
    next: str | None
