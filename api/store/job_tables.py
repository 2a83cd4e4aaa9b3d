"""Tables of the jobs, and of the events that the live feed tells."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from api.store.tables import ID, Base


class JobRow(Base):
    """A long computation that somebody asked for.

    ``asked``: the request's document, JSON. ``attempts``: processes that took it up; ``handed_back``: times
    that the end of a server took it from one. ``value``, ``bound`` and ``gap``: what the search knew last.
    ``problem``: why it failed, JSON. ``plan_id``: the proposal that came of it, where the process makes one.
    """

    __tablename__ = "jobs"
    id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    process: Mapped[str] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(20), index=True)
    asked: Mapped[str] = mapped_column(Text)
    key_id: Mapped[str] = mapped_column(String(ID), index=True)
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    handed_back: Mapped[int] = mapped_column(default=0)
    phase: Mapped[str] = mapped_column(Text, default="")
    done: Mapped[float] = mapped_column(default=0.0)
    value: Mapped[float | None]
    bound: Mapped[float | None]
    gap: Mapped[float | None]
    problem: Mapped[str | None] = mapped_column(Text)
    plan_id: Mapped[str | None] = mapped_column(String(ID))


class JobResultRow(Base):
    """What a job found: the plan file byte for byte, apart from its row because it may be long."""

    __tablename__ = "job_results"
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"), primary_key=True)
    document: Mapped[str] = mapped_column(Text)


class EventRow(Base):
    """One event of the live feed, written with the change it tells of.

    ``number``: that of the change's row in the audit, so numbers grow, with gaps, and are never used again.
    ``data``: the JSON document as it is sent. ``key_id``: who alone hears of it besides an admin, if anybody.
    """

    __tablename__ = "events"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(index=True)
    noun: Mapped[str] = mapped_column(String(40))
    data: Mapped[str] = mapped_column(Text)
    key_id: Mapped[str | None] = mapped_column(String(ID))
