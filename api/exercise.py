"""Which world a session is in: real life, or an exercise beside it with a clock of its own."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from api.clock import now
from scenarios.report.text import Text

EXERCISE = Text("演练", "Exercise")
"""What every paper of a drill says."""
_KEY = "exercise"


@dataclass(frozen=True, slots=True)
class Exercise:
    """A drill at an instant of its own clock."""

    drill_id: str
    at: datetime


def enter(session: Session, exercise: Exercise) -> None:
    """Say that what a session reads and writes is an exercise."""
    session.info[_KEY] = exercise


def exercise_of(session: Session) -> Exercise | None:
    """The exercise that a session belongs to; none in real life."""
    found: Exercise | None = session.info.get(_KEY)
    return found


def instant_of(session: Session) -> datetime:
    """The present instant of a session's world."""
    exercise = exercise_of(session)
    return now() if exercise is None else exercise.at
