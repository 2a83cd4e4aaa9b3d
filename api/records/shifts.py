"""Who is on duty at an instant, by the rosters."""

import re
from datetime import UTC, datetime, time, timezone

_CLOCK = re.compile(r"(\d{1,2})[:：](\d{2})(?:[:：]00)?")
WANTED = "HH:MM of every day for both, or date and time for both, the end after the begin"


def on_duty(begin: str, end: str, at: datetime, zone: timezone) -> bool | None:
    """Whether a shift holds at an instant, begin inclusive, end exclusive; ``None`` if nobody can tell.

    Begin and end are both ``HH:MM`` of every day (a shift may pass midnight) or both a date and a time.
    """
    daily = _clock(begin), _clock(end)
    if daily[0] is not None and daily[1] is not None:
        now = at.astimezone(zone).time()
        if daily[0] < daily[1]:
            return daily[0] <= now < daily[1]
        return now >= daily[0] or now < daily[1]
    first, last = _instant(begin, zone), _instant(end, zone)
    return None if first is None or last is None else first <= at < last


def is_shift(begin: str, end: str) -> bool:
    """Whether somebody can tell when a shift holds: both as ``on_duty`` reads them, the end not before."""
    clocks = _clock(begin), _clock(end)
    if None not in clocks:
        return True
    first, last = _instant(begin, UTC), _instant(end, UTC)
    return first is not None and last is not None and first < last


def _clock(text: str) -> time | None:
    match = _CLOCK.fullmatch(text.strip())
    if match is None or int(match[2]) > 59 or 60 * int(match[1]) + int(match[2]) > 24 * 60:
        return None
    return time(int(match[1]) % 24, int(match[2]))


def _instant(text: str, zone: timezone) -> datetime | None:
    try:
        found = datetime.fromisoformat(text.strip().replace("/", "-"))
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=zone)
