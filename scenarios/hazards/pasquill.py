"""Stability class of the air after Pasquill, from wind, sun and cloud."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from scenarios.hazards.figures import table
from scenarios.hazards.sun import is_pasquill_night, sun_elevation_deg
from scenarios.hazards.weather import Weather

Stability = Literal["A", "B", "C", "D", "E", "F"]
Sky = Literal["strong", "moderate", "slight", "night_cloudy", "night_clear", "overcast"]
STABILITIES: tuple[Stability, ...] = get_args(Stability)
_INSOLATIONS: tuple[Sky, ...] = ("slight", "moderate", "strong")


@dataclass(frozen=True, slots=True)
class StabilityReading:
    """The class with what led to it; ``notes`` tell which parts of the weather were not known."""

    stability: Stability
    sky: Sky
    notes: tuple[str, ...] = ()


def stability_class(wind_m_s: float, sky: Sky) -> Stability:
    """Pasquill's class by wind at 10 m and sky (Pasquill 1961; NOAA ARL READY table).

    A wind on the border of two rows belongs to the windier one; of a double class (A-B, B-C, C-D) the more
    stable one is taken, because its plume reaches farther. Overcast is neutral by day and by night.
    """
    rules = table("weather")["pasquill"]
    if sky == "overcast":
        return _checked(rules["overcast"])
    row = max((row for row in rules["rows"] if row["from_m_s"] <= wind_m_s), key=lambda row: row["from_m_s"])
    return _checked(row[sky])


def read_stability(weather: Weather, at: datetime, *, lon: float, lat: float) -> StabilityReading:
    """Class at a time and place; unknown cloud or wind is taken at its worst for the reach of a plume.

    Unknown cloud: clear at night, overcast by day. Unknown or calm wind: the lowest speed of the formula.
    Raises ``InputError`` H106 when ``at`` has no time zone.
    """
    notes = []
    calm_m_s = float(table("weather")["calm"]["below_m_s"])
    if weather.wind_m_s is None:
        notes.append(f"wind unknown: {calm_m_s:g} m/s taken")
    wind_m_s = max(calm_m_s, weather.wind_m_s or 0.0)
    night = is_pasquill_night(at, lon, lat)
    cloud_tenths = weather.cloud_tenths
    if cloud_tenths is None:
        cloud_tenths = 0.0 if night else 10.0
        notes.append(f"cloud unknown: {'clear' if night else 'overcast'} sky taken")
    sky = _night_sky(cloud_tenths) if night else day_sky(sun_elevation_deg(at, lon, lat), cloud_tenths)
    return StabilityReading(stability_class(wind_m_s, sky), sky, tuple(notes))


def day_sky(elevation_deg: float, cloud_tenths: float) -> Sky:
    """Insolation by elevation of the sun (Turner 1964), one class less under much cloud, overcast at full."""
    rules = table("weather")
    if cloud_tenths >= rules["pasquill"]["overcast_tenths"]:
        return "overcast"
    insolation = rules["insolation"]
    rank = int(elevation_deg > insolation["moderate_above_deg"])
    rank += int(elevation_deg > insolation["strong_above_deg"])
    rank -= int(cloud_tenths >= insolation["cloud_reduces_from_tenths"])
    return _INSOLATIONS[max(rank, 0)]


def _night_sky(cloud_tenths: float) -> Sky:
    rules = table("weather")["pasquill"]
    if cloud_tenths >= rules["overcast_tenths"]:
        return "overcast"
    return "night_cloudy" if cloud_tenths >= rules["night_cloudy_tenths"] else "night_clear"


def _checked(letter: str) -> Stability:
    for stability in STABILITIES:
        if stability == letter:
            return stability
    raise ValueError(f"stability class: want A to F, got {letter!r}")
