"""Free speed of an ordinary car on a piece of road: the tables of ``data/speeds.yaml`` and one rule.

The rule, in km/h: ``min(signed limit, most_kmh of the class)`` where a limit is signed, else ``kmh`` of the
class; then times the factor of the surface. A list of surfaces (``asphalt;gravel``) counts as its slowest.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from geo.errors import refuse

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeedTable:
    """Free speeds of one preset.

    Parameters
    ----------
    preset
        Name of the table, e.g. ``china``.
    kmh
        Free speed by road class where no limit is signed, km/h.
    most_kmh
        Highest free speed by road class where a limit is signed, km/h, inclusive.
    surface_factor
        Factor by OpenStreetMap surface value; 1 where a value is not named.
    """

    preset: str
    kmh: Mapping[str, float]
    most_kmh: Mapping[str, float]
    surface_factor: Mapping[str, float]

    def factor_of(self, surface: str) -> float:
        """Factor of a surface value or of a list of them."""
        return min((self.surface_factor.get(one.strip(), 1.0) for one in surface.split(";")), default=1.0)


def speed_presets() -> tuple[str, ...]:
    """Names of the speed tables that exist, sorted."""
    return tuple(sorted(_tables()["presets"]))


@cache
def speed_table(preset: str) -> SpeedTable:
    """The speed table of that name.

    Raises
    ------
    InputError
        N107 for a name that no table has.
    """
    if preset not in speed_presets():
        raise refuse(
            "N107",
            where="speed preset",
            found=repr(preset),
            wanted=f"one of {', '.join(speed_presets())}",
            fix="Name a preset that exists; the tables stand in geo/data/speeds.yaml.",
        )
    classes = _tables()["presets"][preset]["classes"]
    return SpeedTable(
        preset=preset,
        kmh={name: float(row["kmh"]) for name, row in classes.items()},
        most_kmh={name: float(row["most_kmh"]) for name, row in classes.items()},
        surface_factor={name: float(f) for name, f in _tables()["surfaces"]["factor"].items()},
    )


def free_speed_kmh(
    table: SpeedTable, road_class: Iterable[str], *, maxspeed_kmh: Floats, surface: Iterable[str]
) -> Floats:
    """Free speed of pieces of road by the rule of this module, km/h, shape (n,).

    ``road_class`` are names that the table has; ``maxspeed_kmh`` has shape (n,), NaN where no limit is
    signed; ``surface`` may be ``""``.
    """
    names, at = np.unique(np.asarray(list(road_class), dtype=object).astype(str), return_inverse=True)
    kmh = np.array([table.kmh[name] for name in names], np.float64)[at]
    most_kmh = np.array([table.most_kmh[name] for name in names], np.float64)[at]
    surfaces, on = np.unique(np.asarray(list(surface), dtype=object).astype(str), return_inverse=True)
    factor = np.array([table.factor_of(one) for one in surfaces], np.float64)[on]
    return np.where(np.isnan(maxspeed_kmh), kmh, np.fmin(maxspeed_kmh, most_kmh)) * factor


@cache
def _tables() -> dict[str, Any]:
    text = (files("geo") / "data" / "speeds.yaml").read_text(encoding="utf-8")
    tables: dict[str, Any] = yaml.safe_load(text)
    return tables
