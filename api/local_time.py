"""Instants as clocks on the spot show them: UTC inside, local time on paper."""

import re
from datetime import UTC, datetime, timedelta, timezone

from geo.region.region import Region

_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)")


def zone_of(region: Region) -> timezone:
    """The region's zone, ``utc_offset`` of its layer ``about`` as ``+08:00``; UTC without."""
    match = _OFFSET.fullmatch(region.about("utc_offset"))
    if match is None:
        return UTC
    away = timedelta(hours=int(match[2]), minutes=int(match[3]))
    return timezone(-away if match[1] == "-" else away)


def minute(instant: datetime | None, zone: timezone) -> str:
    """Day and minute, empty for none."""
    return "" if instant is None else instant.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def clock(instant: datetime, zone: timezone) -> str:
    """Hour and minute."""
    return instant.astimezone(zone).strftime("%H:%M")
