"""Vehicle classes: what a vehicle may use, how fast it goes there, what it carries."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleClass:
    """A kind of vehicle, as far as roads and loads are concerned.

    Parameters
    ----------
    speed_factor
        Factor on the free speed by road class; ``default_factor`` where a class is not named.
    priority_factor
        Factor on the free speed for driving with priority (lights and siren), 1 = none.
    max_speed_kmh
        The vehicle never goes faster.
    wading_limit_m
        Water depth at and beyond which the vehicle cannot pass.
    weight_t, height_m
        Compared with the limits of roads and bridges.
    may_contraflow
        May drive one-way roads (motorways excepted) against the traffic, at ``contraflow_factor``.
    may_use_private, may_pass_barriers, may_use_ferries
        Other ways that ordinary traffic may not or need not use. Whoever may pass barriers also uses roads
        that are closed to everybody.
    may_ignore_turns
        Turn restrictions do not bind it.
    off_road_kmh
        Speed between a place and the nearest road.
    load_kg, load_m3, seats
        What it carries.
    """

    id: str
    name_zh: str
    name_en: str
    source: str
    speed_factor: Mapping[str, float] = field(default_factory=dict)
    default_factor: float = 1.0
    priority_factor: float = 1.0
    max_speed_kmh: float = 120.0
    wading_limit_m: float = 0.3
    weight_t: float = 2.0
    height_m: float = 2.0
    may_contraflow: bool = False
    contraflow_factor: float = 0.5
    may_use_private: bool = False
    may_pass_barriers: bool = False
    may_use_ferries: bool = True
    may_ignore_turns: bool = False
    off_road_kmh: float = 5.0
    load_kg: float = 0.0
    load_m3: float = 0.0
    seats: int = 0

    def __post_init__(self) -> None:
        positive = (
            "default_factor",
            "priority_factor",
            "max_speed_kmh",
            "contraflow_factor",
            "off_road_kmh",
        )
        if wrong := [name for name in positive if not getattr(self, name) > 0]:
            raise ValueError(f"vehicle class {self.id}: want > 0 for {', '.join(wrong)}")
        if wrong := [name for name, factor in self.speed_factor.items() if not factor > 0]:
            raise ValueError(f"vehicle class {self.id}: want speed factors > 0 for {', '.join(wrong)}")
