"""The world of a drill: opened, read, changed and put back, in the transaction of whoever changes it.

A world is a whole command center: the tables, the audit and the rules are those of real life, and so are the
functions that work on them. It lives in one row of the real store, so a change of it is kept or lost as a
whole, and nothing that reads or writes real records can meet what is in it.
"""

import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.clock import now
from api.drills.clock import instant
from api.drills.script import give_due
from api.exercise import Exercise, enter
from api.problems import Problem
from api.region_taken import take_region
from api.store.drill_tables import DrillRow, DrillWorldRow
from api.store.engine import Store, image_of, open_image
from api.store.migrate import newest, upgrade
from api.store.tables import AuditRow, HeadRow, RegionRow
from api.writing import Writing
from geo.region.region import Region

SEED = "seed"
"""Request of the rows with which a world begins: what the region says, before anything happens."""


@dataclass(slots=True)
class ExerciseWriting(Writing):
    """The only writer of a world; ids of its records begin with that of the drill."""

    drill_id: str

    def next_id(self, kind: str) -> str:
        """The next id, as ``drill-000001-order-000002``: nobody can take it for one of real life."""
        return f"{self.drill_id}-{Writing.next_id(self, kind)}"


def new_image(region: Region, at: datetime) -> bytes:
    """A packed world in which nothing has happened: every team at its base, stock as the region says."""
    store = Store(open_image(None))
    try:
        upgrade(store.engine)
        with store.writing() as (session, head):
            take_region(_writing(session, head, "", SEED, SEED, at), region)
        return zlib.compress(image_of(store.engine))
    finally:
        store.close()


def drill_of(session: Session, drill_id: str) -> DrillRow:
    """A drill; raises ``Problem`` A118."""
    row = session.get(DrillRow, drill_id)
    if row is None:
        raise Problem("A118", 404, f"no drill {drill_id}")
    return row


def drills_of(session: Session) -> Sequence[DrillRow]:
    """All drills, newest first."""
    return session.scalars(select(DrillRow).order_by(DrillRow.id.desc())).all()


@contextmanager
def reading_world(session: Session, drill_id: str) -> Iterator[Session]:
    """The world of a drill as it is; nothing written inside is kept. Raises ``Problem`` A118."""
    drill = drill_of(session, drill_id)
    store = _opened(session.get_one(DrillWorldRow, drill_id))
    try:
        with store.reading() as world:
            enter(world, Exercise(drill_id, instant(drill, now())))
            yield world
    finally:
        store.close()


@contextmanager
def acting(writing: Writing, region: Region, drill_id: str) -> Iterator[ExerciseWriting]:
    """A change of the world by somebody who takes part; what was due before has happened before.

    Raises
    ------
    Problem
        A118 no such drill, A302 its clock does not run, A303 the region is another one by now.
    """
    drill = drill_of(writing.session, drill_id)
    if drill.status != "running":
        raise Problem("A302", 409, f"{drill_id} is {drill.status}", drill_status=drill.status)
    refuse_other_region(writing.session, drill)
    with step(writing, region, drill) as world:
        yield world


def refuse_other_region(session: Session, drill: DrillRow) -> None:
    """Raise ``Problem`` A303 where the server took its region anew since the drill was made."""
    if session.scalars(select(RegionRow.digest)).one() != drill.digest:
        raise Problem("A303", 409, f"the region was taken anew since {drill.id} was made")


@contextmanager
def step(writing: Writing, region: Region, drill: DrillRow) -> Iterator[ExerciseWriting]:
    """Change the world at this instant of its clock, and say in the real audit that it was changed."""
    kept = writing.session.get_one(DrillWorldRow, drill.id, populate_existing=True)
    store = _opened(kept)
    try:
        with store.writing() as (session, head):
            before, at = head.number, instant(drill, writing.at)
            world = _writing(session, head, drill.id, writing.actor, writing.request_id, at)
            drill.next_due_s = give_due(world, region, drill)
            enter(session, Exercise(drill.id, at))
            yield world
            session.flush()
            query = select(AuditRow).where(AuditRow.number > before).order_by(AuditRow.number)
            steps = [[row.number, row.action, row.subject] for row in session.scalars(query)]
        kept.image, kept.revision = zlib.compress(image_of(store.engine)), newest_revision()
    finally:
        store.close()
    writing.record("drill.step", drill.id, exercise=True, steps=steps)


def _writing(
    session: Session, head: HeadRow, drill_id: str, actor: str, request_id: str, at: datetime
) -> ExerciseWriting:
    return ExerciseWriting(session, head, actor, request_id, at, drill_id)


def _opened(row: DrillWorldRow) -> Store:
    """A world with the tables of this version."""
    store = Store(open_image(zlib.decompress(row.image)))
    if row.revision != newest_revision():
        upgrade(store.engine)
    return store


@cache
def newest_revision() -> str:
    """The revision of worlds that are written now."""
    return newest()
