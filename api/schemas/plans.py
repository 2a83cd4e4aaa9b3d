"""Plans, orders, keys, audit: as they are asked for and shown."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from api.roles import Role
from api.schemas.edge import Instant, Named, Shown, Strict, Words
from geo.region.layers import CAPABILITIES
from scenarios.dispatch_plan import DispatchPlan

PlanStatus = Literal["proposed", "committed", "superseded", "ended"]
Capability = Annotated[str, Field(pattern=f"^({'|'.join(CAPABILITIES)})$")]


class PlanAsked(Strict):
    """Other open incidents to answer in the same plan."""

    also: Annotated[tuple[Named, ...], Field(max_length=20)] = ()

    model_config = ConfigDict(json_schema_extra={"examples": [{}, {"also": ["incident-000002"]}]})


class PlanRecord(Shown):
    """A plan without its document."""

    id: str
    status: PlanStatus
    incidents: tuple[str, ...]
    replaces: Annotated[str | None, Field(description="the plan in force that it changes")]
    made_at: Instant
    made_by: str
    committed_at: Instant | None
    committed_by: str | None
    forced: Annotated[bool, Field(description="committed although the state had changed")]
    approved_by: str | None
    approved_verbally_by: str | None
    confirmed_at: Instant | None
    confirmed_by: str | None


class PlanShown(PlanRecord):
    """A plan with its document: the plan file of ``muster dispatch``."""

    document: DispatchPlan


class PlanRecords(Shown):
    """Plans, and the id to go on after (missing at the end)."""

    items: tuple[PlanRecord, ...]
    next: str | None


class CommitAsked(Strict):
    """Turn a plan into orders.

    ``force``: although the state it rests on has changed; teams that others hold are never taken.
    ``approved_verbally_by``: who approved, where the key may not; to be confirmed by an approver.
    """

    force: bool = False
    approved_verbally_by: Named | None = None

    model_config = ConfigDict(
        json_schema_extra={"examples": [{}, {"force": True, "approved_verbally_by": "Wang, county chief"}]}
    )


class OrderShown(Shown):
    """What one team was told. Orders of a plan are approved with it, others by themselves."""

    id: str
    plan_id: str | None
    incident_id: str
    team_id: str
    status: Literal["issued", "en_route", "on_scene", "completed", "released", "diverted"]
    task: dict[str, Any]
    issued_at: Instant
    issued_by: str
    eta: Instant | None
    ended_at: Instant | None
    ended_by: str | None
    why: str
    approved_by: str | None
    approved_verbally_by: str | None
    confirmed_at: Instant | None
    confirmed_by: str | None


class OrderRecords(Shown):
    """Orders, and the id to go on after (missing at the end)."""

    items: tuple[OrderShown, ...]
    next: str | None


class Committed(Shown):
    """A plan in force and its orders."""

    plan: PlanRecord
    orders: tuple[OrderShown, ...]


class Why(Strict):
    """A reason, for the log."""

    why: Words = ""

    model_config = ConfigDict(json_schema_extra={"examples": [{"why": "turned back by water"}]})


class DivertAsked(Strict):
    """Send a team that is under way to another incident.

    ``approved_verbally_by``: who approved, where the key may not; to be confirmed by an approver.
    """

    incident_id: Named
    capability: Capability
    level: Annotated[int, Field(ge=1, le=3)] = 1
    why: Words = ""
    approved_verbally_by: Named | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"incident_id": "incident-000002", "capability": "medical", "level": 1, "why": "worse there"}
            ]
        }
    )


class KeyAsked(Strict):
    """A key for a person or a system."""

    name: Named
    role: Role
    expires_at: Instant | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"name": "night shift", "role": "dispatcher", "expires_at": "2126-01-01T00:00:00+08:00"}
            ]
        }
    )


class TurnOverAsked(Strict):
    """A new key in the place of an old one; ``overlap_s``: how long the old one stays in force."""

    overlap_s: Annotated[int, Field(ge=0, le=604_800)] = 0

    model_config = ConfigDict(json_schema_extra={"examples": [{"overlap_s": 600}]})


class KeyShown(Shown):
    """A key without its secret."""

    id: str
    name: str
    role: Role
    made_at: Instant
    made_by: str
    expires_at: Instant | None
    revoked_at: Instant | None
    in_force: bool


class KeyMade(KeyShown):
    """A key just made; ``key`` is shown this once and missing when the request is answered again."""

    key: str | None


class Whoami(Shown):
    """Who asks."""

    key_id: str
    name: str
    role: Role
    rights: tuple[str, ...]


class AuditShown(Shown):
    """One row of the audit."""

    number: int
    at: str
    actor: str
    request_id: str
    action: str
    subject: str
    detail: dict[str, Any]
    hash: str


class AuditRecords(Shown):
    """Rows of the audit in order, and the number to go on after (missing at the end)."""

    items: tuple[AuditShown, ...]
    next: int | None


class AuditVerified(Shown):
    """Whether the chain holds; ``number`` and ``hash`` of its newest row are worth noting elsewhere."""

    holds: bool
    rows: int
    number: int
    hash: str
    faults: tuple[str, ...]
