"""What time it is, to the microsecond, in UTC."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present instant."""
    return datetime.now(UTC)


def written(instant: datetime) -> str:
    """An instant as text, always with microseconds, so that texts sort as instants do."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds")
