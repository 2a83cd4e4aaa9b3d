"""How much of a dispatch plan hangs on the depth of a flood, as it stands in the plan file."""

from scenarios.model_base import Strict


class DepthRun(Strict):
    """The question with all water ``factor`` times as deep, answered by an exact plan of its own.

    ``people`` live in the water, ``people_in_danger`` where it is dangerous to life (AIDR class H4 and
    beyond), each counted once. Roads are closed where a vehicle could drive and cannot now: to at least one
    vehicle class of the teams, or to all that could. ``short`` slots stay empty. ``changed`` teams do
    something else than in this plan. ``factor`` 1 is this plan itself.
    """

    factor: float
    people: int
    people_in_danger: int
    closed_to_some_m: float
    closed_to_all_m: float
    short: int
    shortage: int
    last_arrival_s: float | None
    changed: tuple[str, ...]
