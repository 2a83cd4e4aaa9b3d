"""Tables of live drills: the exercise itself, and everything that happens inside it as one closed world."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from api.store.tables import ID, Base


class DrillRow(Base):
    """A live drill: its script and its clock.

    ``digest`` of the region it was made for. ``starts_at``: the instant that the exercise plays at its start,
    missing before unless it was named. ``elapsed_s`` of exercise time had passed at the real instant
    ``ran_from``, missing while the clock stands. ``next_due_s``: exercise time of the next inject.
    """

    __tablename__ = "drills"
    id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    region: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    script: Mapped[list[Any]]
    status: Mapped[str] = mapped_column(String(20), index=True)
    starts_at: Mapped[datetime | None]
    elapsed_s: Mapped[float]
    ran_from: Mapped[datetime | None]
    speed: Mapped[float]
    next_due_s: Mapped[float | None]
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(Text)
    began_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class DrillWorldRow(Base):
    """The world of a drill: a whole command center of its own, as the packed image of an SQLite database.

    No query of a real list can meet what is in it. ``revision`` of its tables.
    """

    __tablename__ = "drill_worlds"
    drill_id: Mapped[str] = mapped_column(ForeignKey("drills.id"), primary_key=True)
    revision: Mapped[str] = mapped_column(String(20))
    image: Mapped[bytes]
