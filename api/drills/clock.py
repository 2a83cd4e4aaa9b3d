"""The clock of an exercise: it stands, runs, and may run faster than real time."""

from datetime import datetime, timedelta

from api.store.drill_tables import DrillRow


def elapsed_s(drill: DrillRow, at: datetime) -> float:
    """Exercise time that has passed at a real instant, seconds; a real clock set back never takes it back."""
    if drill.ran_from is None:
        return drill.elapsed_s
    return drill.elapsed_s + max(0.0, (at - drill.ran_from).total_seconds()) * drill.speed


def instant(drill: DrillRow, at: datetime) -> datetime:
    """The instant that the exercise plays at a real instant."""
    return (drill.starts_at or at) + timedelta(seconds=elapsed_s(drill, at))


def stop(drill: DrillRow, at: datetime) -> None:
    """Let the clock stand."""
    drill.elapsed_s, drill.ran_from = elapsed_s(drill, at), None


def run(drill: DrillRow, at: datetime, speed: float) -> None:
    """Let the clock run from where it stands, at ``speed`` exercise seconds a real second."""
    drill.elapsed_s, drill.ran_from, drill.speed = elapsed_s(drill, at), at, speed
