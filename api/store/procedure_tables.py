"""Tables of the procedure: response levels, log, reports, alerts, records of people and documents, places."""

from datetime import datetime
from typing import Any

from shapely import Point
from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from api.store.tables import ID, Base


class ResponseRow(Base):
    """One step of the response to an incident: started, raised, lowered or ended; never changed.

    ``level`` that holds from now on, that which ended for an end. ``decided_by``: the leader who decided, in
    words, where the key is not that leader's.
    """

    __tablename__ = "responses"
    id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    incident_id: Mapped[str] = mapped_column(ForeignKey("incidents.id"), index=True)
    step: Mapped[str] = mapped_column(String(20))
    level: Mapped[str] = mapped_column(String(4))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text)
    approved_by: Mapped[str | None] = mapped_column(Text)
    approved_verbally_by: Mapped[str | None] = mapped_column(Text)
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[str | None] = mapped_column(Text)


class LogEntryRow(Base):
    """A hand-written entry of an incident's log; ``at`` when it happened, ``written_at`` when it was said."""

    __tablename__ = "log_entries"
    id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    incident_id: Mapped[str] = mapped_column(ForeignKey("incidents.id"), index=True)
    at: Mapped[datetime]
    written_at: Mapped[datetime]
    written_by: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)


class ReportRow(Base):
    """A report (信息报告) as it was issued: ``content`` is its JSON, byte for byte, and never changed."""

    __tablename__ = "reports"
    __table_args__ = (Index("uq_reports_incident_number", "incident_id", "number", unique=True),)
    id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    incident_id: Mapped[str] = mapped_column(ForeignKey("incidents.id"))
    kind: Mapped[str] = mapped_column(String(20))
    number: Mapped[int]
    issued_at: Mapped[datetime]
    issued_by: Mapped[str] = mapped_column(Text)
    content: Mapped[str] = mapped_column(Text)
    content_hash: Mapped[str] = mapped_column(String(64))


class AlertRow(Base):
    """A message of the Common Alerting Protocol that came in or was given out, as it was sent.

    ``incident_id``: the incident it is about, missing for tests and drafts. ``outcome``: what became of it.
    """

    __tablename__ = "alerts"
    __table_args__ = (Index("uq_alerts_sender_identifier", "sender", "identifier", unique=True),)
    id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    direction: Mapped[str] = mapped_column(String(4))
    sender: Mapped[str] = mapped_column(String(ID))
    identifier: Mapped[str] = mapped_column(String(ID))
    sent: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(20))
    msg_type: Mapped[str] = mapped_column(String(20))
    incident_id: Mapped[str | None] = mapped_column(ForeignKey("incidents.id"), index=True)
    outcome: Mapped[str] = mapped_column(String(20))
    xml: Mapped[str] = mapped_column(Text)
    taken_at: Mapped[datetime]
    taken_by: Mapped[str] = mapped_column(Text)


class RecordRow(Base):
    """A contact, a shift, a responsible unit or a plan document.

    ``content``: values by column of the region's layer. ``origin``: ``region`` for what the files say,
    ``desk`` for what was written here, which files never overwrite. ``listed``: it holds.
    """

    __tablename__ = "records"
    layer: Mapped[str] = mapped_column(String(20), primary_key=True)
    id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    content: Mapped[dict[str, Any]]
    origin: Mapped[str] = mapped_column(String(10))
    listed: Mapped[bool]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(Text)


class PlacementRow(Base):
    """Where somebody placed a record of the region that has no coordinates in the files."""

    __tablename__ = "placements"
    layer: Mapped[str] = mapped_column(String(40), primary_key=True)
    id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    place: Mapped[Point]
    placed_at: Mapped[datetime]
    placed_by: Mapped[str] = mapped_column(Text)
