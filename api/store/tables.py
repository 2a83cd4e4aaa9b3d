"""The tables of the command center. Every change of a row is written by one transaction at a time."""

from datetime import datetime
from typing import Any

from shapely import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy import CheckConstraint, ForeignKey, Index, MetaData, String, Text, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from api.store.column_kinds import Json, Shape, UtcTime

ID = 200
"""Longest id, characters."""
BOUND = "ended_at IS NULL"
"""Of an order: its team carries it out."""


class Base(DeclarativeBase):
    """What all tables share: names of constraints that migrations can find again on every database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        datetime: UtcTime,
        BaseGeometry: Shape,
        Point: Shape,
        dict[str, Any]: Json,
        list[Any]: Json,
    }


class RegionRow(Base):
    """The region served: one row; ``digest`` of the files it was taken from."""

    __tablename__ = "region"
    name: Mapped[str] = mapped_column(String(ID), primary_key=True)
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    taken_at: Mapped[datetime]


class StationRow(Base):
    """A station of the region; ``listed``: the region still names it."""

    __tablename__ = "stations"
    id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    township_id: Mapped[str] = mapped_column(Text)
    place: Mapped[BaseGeometry | None]
    listed: Mapped[bool]


class TeamRow(Base):
    """A team: what the region says of it, and what it does now.

    ``base``: where it is stationed; ``position`` and ``position_at``: where it was last seen; ``crew``:
    members on duty, missing where nobody said.
    """

    __tablename__ = "teams"
    id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    station_id: Mapped[str] = mapped_column(Text)
    force: Mapped[str] = mapped_column(Text)
    people: Mapped[int | None]
    capabilities: Mapped[dict[str, Any]]
    vehicle_class: Mapped[str] = mapped_column(Text)
    vehicles: Mapped[int | None]
    turnout_s: Mapped[float | None]
    phone: Mapped[str] = mapped_column(Text)
    call_sign: Mapped[str] = mapped_column(Text)
    base: Mapped[Point | None]
    listed: Mapped[bool]
    status: Mapped[str] = mapped_column(String(20), default="available")
    position: Mapped[Point | None]
    position_at: Mapped[datetime | None]
    crew: Mapped[int | None]
    changed_at: Mapped[datetime | None]


class DepotRow(Base):
    """A store of relief material."""

    __tablename__ = "depots"
    id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    level: Mapped[str] = mapped_column(Text)
    township_id: Mapped[str] = mapped_column(Text)
    place: Mapped[BaseGeometry | None]
    listed: Mapped[bool]


class StockRow(Base):
    """What a depot holds of an item in one way of holding, the sum of its movements.

    ``stated``: the quantity of the region files, which ``on_hand`` started from; ``reserved`` of it is
    promised to orders.
    """

    __tablename__ = "stock"
    __table_args__ = (
        CheckConstraint("reserved >= 0", name="reserved_not_negative"),
        CheckConstraint("on_hand >= reserved", name="never_promised_twice"),
    )
    depot_id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    mode: Mapped[str] = mapped_column(String(20), primary_key=True)
    unit: Mapped[str] = mapped_column(Text)
    stated: Mapped[float]
    on_hand: Mapped[float]
    reserved: Mapped[float] = mapped_column(default=0.0)


class MovementRow(Base):
    """One movement of stock, never changed; ``quantity`` above 0, what it does stands in ``kind``."""

    __tablename__ = "stock_movements"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity_positive"),)
    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(20))
    depot_id: Mapped[str] = mapped_column(String(ID), index=True)
    item_id: Mapped[str] = mapped_column(String(ID))
    mode: Mapped[str] = mapped_column(String(20))
    quantity: Mapped[float]
    order_id: Mapped[str | None] = mapped_column(String(ID), index=True)
    note: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(Text)


class IncidentRow(Base):
    """An incident: ``report`` as the dispatch reads it, ``weather`` at its place.

    ``ended_as``: closed, or cancelled because it was none; missing while it goes on.
    """

    __tablename__ = "incidents"
    id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    hazard: Mapped[str] = mapped_column(String(40))
    level: Mapped[str] = mapped_column(String(4))
    report: Mapped[dict[str, Any]]
    weather: Mapped[dict[str, Any]]
    place: Mapped[BaseGeometry | None]
    reported_at: Mapped[datetime]
    reported_by: Mapped[str] = mapped_column(Text)
    closed_at: Mapped[datetime | None]
    ended_as: Mapped[str | None] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(default=1)


class ZoneRow(Base):
    """A hazard zone of an incident by its newest plan."""

    __tablename__ = "zones"
    incident_id: Mapped[str] = mapped_column(ForeignKey("incidents.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    plan_id: Mapped[str] = mapped_column(String(ID))
    kind: Mapped[str] = mapped_column(Text)
    level: Mapped[int]
    depth_m: Mapped[float | None]
    people: Mapped[int]
    closes_roads: Mapped[bool]
    valid_from: Mapped[datetime | None]
    valid_to: Mapped[datetime | None]
    polygon: Mapped[BaseGeometry]


class ClosureRow(Base):
    """Roads closed, slowed or flooded; ``content`` as the board takes it, ``lifted_at`` once it is over."""

    __tablename__ = "closures"
    id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    content: Mapped[dict[str, Any]]
    polygon: Mapped[BaseGeometry | None]
    reason: Mapped[str] = mapped_column(Text)
    reported_at: Mapped[datetime]
    reported_by: Mapped[str] = mapped_column(Text)
    lifted_at: Mapped[datetime | None]


class PlanRow(Base):
    """A dispatch plan; ``document`` is the plan file byte for byte, ``snapshot`` the state it rests on."""

    __tablename__ = "plans"
    id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    status: Mapped[str] = mapped_column(String(20))
    document: Mapped[str] = mapped_column(Text)
    snapshot: Mapped[dict[str, Any]]
    incidents: Mapped[list[Any]]
    replaces: Mapped[str | None] = mapped_column(String(ID))
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(Text)
    committed_at: Mapped[datetime | None]
    committed_by: Mapped[str | None] = mapped_column(Text)
    forced: Mapped[bool] = mapped_column(default=False)
    approved_by: Mapped[str | None] = mapped_column(Text)
    approved_verbally_by: Mapped[str | None] = mapped_column(Text)
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[str | None] = mapped_column(Text)


class OrderRow(Base):
    """What one team was told; no plan stands behind an order that a person gave, which has its own approval.

    The database itself lets a team hold one order at a time.
    """

    __tablename__ = "orders"
    __table_args__ = (
        Index(
            "uq_orders_team_bound_once",
            "team_id",
            unique=True,
            sqlite_where=text(BOUND),
            postgresql_where=text(BOUND),
        ),
    )
    id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    plan_id: Mapped[str | None] = mapped_column(ForeignKey("plans.id"), index=True)
    incident_id: Mapped[str] = mapped_column(ForeignKey("incidents.id"), index=True)
    team_id: Mapped[str] = mapped_column(ForeignKey("teams.id"), index=True)
    status: Mapped[str] = mapped_column(String(20))
    task: Mapped[dict[str, Any]]
    issued_at: Mapped[datetime]
    issued_by: Mapped[str] = mapped_column(Text)
    eta: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text, default="")
    approved_by: Mapped[str | None] = mapped_column(Text)
    approved_verbally_by: Mapped[str | None] = mapped_column(Text)
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[str | None] = mapped_column(Text)


class KeyRow(Base):
    """An API key: the hash of its secret, never the secret."""

    __tablename__ = "api_keys"
    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(String(20))
    secret_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class AnswerRow(Base):
    """The answer to a write that came with an ``Idempotency-Key``, to be given again."""

    __tablename__ = "answers"
    api_key_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    idempotency_key: Mapped[str] = mapped_column(String(ID), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    location: Mapped[str | None] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(index=True)


class AuditRow(Base):
    """One change of state; ``hash`` covers the row and the hash of the row before it."""

    __tablename__ = "audit"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(String(40))
    actor: Mapped[str] = mapped_column(Text)
    request_id: Mapped[str] = mapped_column(String(ID))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(ID), index=True)
    detail: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64))


class HeadRow(Base):
    """The newest row of the audit. Whoever writes holds this row: one writer at a time on PostgreSQL."""

    __tablename__ = "audit_head"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


class CounterRow(Base):
    """The last number given to a kind of record."""

    __tablename__ = "counters"
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int]
