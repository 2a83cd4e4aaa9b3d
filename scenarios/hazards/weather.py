"""Weather at a release: wind, cloud, temperature, surroundings."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from geo.errors import Fault, InputError
from scenarios.hazards.figures import table

Terrain = Literal["rural", "urban"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """Wind, cloud and temperature at one time and place; what is not known is ``None``.

    Parameters
    ----------
    wind_m_s
        Speed at 10 m, >= 0.
    wind_from_deg
        Direction the wind comes from, degrees clockwise from north, 0 to 360.
    wind_spread_deg
        How far the wind may turn either side, 0 to 180; ``None`` takes the shipped assumption.
    cloud_tenths
        Cloud cover, 0 (clear) to 10 (overcast).
    temperature_c
        Air temperature, -60 to 60.
    terrain
        ``rural`` or ``urban`` (many obstacles); sets dispersion and wind profile.
    """

    wind_m_s: float | None = None
    wind_from_deg: float | None = None
    wind_spread_deg: float | None = None
    cloud_tenths: float | None = None
    temperature_c: float = 15.0
    terrain: Terrain = "rural"

    def __post_init__(self) -> None:
        if faults := list(_faults(self)):
            raise InputError(faults)

    @property
    def calm(self) -> bool:
        """The wind is unknown or too light to have a direction."""
        below = float(table("weather")["calm"]["below_m_s"])
        return self.wind_m_s is None or self.wind_from_deg is None or self.wind_m_s < below

    @property
    def spread_deg(self) -> float:
        """Degrees either side of the reported direction that a zone must cover."""
        if self.wind_spread_deg is not None:
            return self.wind_spread_deg
        spread = table("weather")["spread"]
        light = self.wind_m_s is not None and self.wind_m_s < spread["light_below_m_s"]
        return float(spread["light_deg"] if light else spread["other_deg"])


_LIMITS: dict[str, tuple[float, float]] = {
    "wind_m_s": (0.0, 75.0),
    "wind_from_deg": (0.0, 360.0),
    "wind_spread_deg": (0.0, 180.0),
    "cloud_tenths": (0.0, 10.0),
    "temperature_c": (-60.0, 60.0),
}


def _faults(weather: Weather) -> Iterator[Fault]:
    for name, (low, high) in _LIMITS.items():
        value = getattr(weather, name)
        if value is not None and not low <= value <= high:
            yield Fault(
                code="H104",
                where=f"weather, {name}",
                found=f"{value}",
                wanted=f"a number from {low:g} to {high:g}, or nothing if unknown",
                fix="Correct the value, or leave it out.",
            )
    if weather.terrain not in ("rural", "urban"):
        yield Fault(
            code="H105",
            where="weather, terrain",
            found=f"{weather.terrain!r}",
            wanted="rural or urban",
            fix="Write rural for open country, urban for built-up land.",
        )
