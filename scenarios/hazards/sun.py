"""Where the sun stands: elevation by date and place, day and night."""

from datetime import UTC, datetime, timedelta
from math import asin, atan2, cos, degrees, radians, sin

from geo.errors import refuse
from scenarios.hazards.figures import table


def sun_elevation_deg(at: datetime, lon: float, lat: float) -> float:
    """Elevation of the sun's centre above the horizon without refraction, degrees.

    Low-precision solar coordinates of the Astronomical Almanac (Michalsky 1988,
    doi:10.1016/0038-092X(88)90045-X), good to about 0.02 degrees from 1950 to 2050.
    ``at`` carries its time zone. Raises ``InputError`` H106 otherwise.
    """
    days = _days_since_2000(at)
    mean_longitude = 280.460 + 0.9856474 * days
    anomaly = radians(357.528 + 0.9856003 * days)
    ecliptic = radians(mean_longitude + 1.915 * sin(anomaly) + 0.020 * sin(2 * anomaly))
    obliquity = radians(23.439 - 0.0000004 * days)
    right_ascension = atan2(cos(obliquity) * sin(ecliptic), cos(ecliptic))
    declination = asin(sin(obliquity) * sin(ecliptic))
    sidereal = radians(280.46061837 + 360.98564736629 * days + lon)
    hour_angle = sidereal - right_ascension
    phi = radians(lat)
    return degrees(asin(sin(phi) * sin(declination) + cos(phi) * cos(declination) * cos(hour_angle)))


def is_day(at: datetime, lon: float, lat: float) -> bool:
    """The sun is up: from sunrise to sunset, both included."""
    return sun_elevation_deg(at, lon, lat) >= float(table("weather")["horizon_deg"])


def is_pasquill_night(at: datetime, lon: float, lat: float) -> bool:
    """Night in Pasquill's sense: from an hour before sunset to an hour after sunrise."""
    margin = timedelta(seconds=float(table("weather")["pasquill"]["night_margin_s"]))
    return not all(is_day(moment, lon, lat) for moment in (at - margin, at, at + margin))


def _days_since_2000(at: datetime) -> float:
    if at.tzinfo is None:
        raise refuse(
            "H106",
            where="time of the hazard",
            found=f"{at.isoformat()} without a time zone",
            wanted="a date and time with its zone, e.g. 2026-01-15T02:10:00+08:00",
            fix="Add the offset from UTC.",
        )
    return (at - datetime(2000, 1, 1, 12, tzinfo=UTC)) / timedelta(days=1)
