"""A chemical release as it is reported."""

from collections.abc import Iterator
from dataclasses import dataclass

from geo.errors import Fault, InputError
from scenarios.hazards.erg import ErgDistances, SpillSize
from scenarios.hazards.substances import Substance


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What leaked, where and how much; only substance and place must be known.

    Parameters
    ----------
    lon, lat
        WGS84 degrees.
    size
        Spill size of the guidebook; ``large`` unless known to be at most 208 litres.
    container
        A word of the container list, e.g. ``rail_car``; ``None`` if unknown.
    rate_kg_s, duration_s
        Steady release; an unknown duration counts as without end.
    mass_kg
        All at once; doubles the guidebook's protective distance. Not together with a rate.
    height_m
        Of the release above ground, >= 0.
    distances
        Distances entered by hand; they replace the guidebook's.

    Raises
    ------
    InputError
        H111 for every amount that makes no sense.
    """

    substance: Substance
    lon: float
    lat: float
    size: SpillSize = "large"
    container: str | None = None
    rate_kg_s: float | None = None
    duration_s: float | None = None
    mass_kg: float | None = None
    height_m: float = 0.0
    distances: ErgDistances | None = None

    def __post_init__(self) -> None:
        if faults := list(_faults(self)):
            raise InputError(faults)


def _faults(release: Release) -> Iterator[Fault]:
    for name in ("rate_kg_s", "duration_s", "mass_kg"):
        value = getattr(release, name)
        if value is not None and not 0 < value < float("inf"):
            yield _fault(name, f"{value}", "a number above 0, or nothing if unknown")
    if not 0 <= release.height_m <= 500:
        yield _fault("height_m", f"{release.height_m}", "0 to 500 m above ground")
    if release.rate_kg_s is not None and release.mass_kg is not None:
        yield _fault("rate_kg_s, mass_kg", "both", "a rate or a mass, not both")
    if release.size not in ("small", "large"):
        yield _fault("size", repr(release.size), "small or large")


def _fault(name: str, found: str, wanted: str) -> Fault:
    return Fault(
        code="H111",
        where=f"release, {name}",
        found=found,
        wanted=wanted,
        fix="Correct the amount, or leave it out.",
    )
