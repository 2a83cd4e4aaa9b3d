"""The reserve plan as a file: what each depot holds and how, proof, scenarios, shortages. No clock in it."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from scenarios.model_base import Strict
from scenarios.plan import (
    EXIT_CODES,
    Assumption,
    Figure,
    Inputs,
    LayerProvenance,
    PlanWarning,
    Status,
)
from scenarios.plan_file import plan_of, plan_text
from scenarios.reserve_further import ReserveFurther
from scenarios.reserve_simulation import ReserveSimulation

Mode = Literal["physical", "agreement", "capacity"]
Action = Literal["add", "keep", "move_in", "move_out", "lapse"]


class ItemLine(Strict):
    """An item of the plan, with the row of the catalogue that its need follows from.

    ``need``: units for all people and, by incident, for the gravest scenario. ``per``, ``quantity_per``:
    ``None`` where the catalogue states no need; ``winter_factor`` counts in winter only. ``in_hand``,
    ``held``: units over all depots by way of holding, now and in the plan.
    """

    id: str
    name_zh: str
    name_en: str
    unit: str
    weight: str
    due: str
    need: float
    per: str | None
    quantity_per: float | None
    winter_factor: float
    hazards: tuple[str, ...]
    mass_kg: float
    volume_m3: float
    shelf_life_d: int | None
    storage_class: str
    gb38565_code: str
    unit_cost: float | None
    source: str
    certainty: str
    in_hand: dict[Mode, float]
    held: dict[Mode, float]


class Move(Strict):
    """What to do about one item at one depot in one way of holding; ``units`` > 0.

    ``lead_s``: from the order until the first is ready for loading, 0 for shelves.
    """

    action: Action
    depot_id: str
    item_id: str
    mode: Mode
    lead_s: float
    units: float


class Held(Strict):
    """What a depot holds of an item in one way, before and after; ``source`` is its row in the question."""

    source: str
    depot_id: str
    item_id: str
    mode: Mode
    lead_s: float
    before: float
    after: float


class DepotLine(Strict):
    """A depot; floor and room with what is enlarged, taken by all goods before and after.

    ``opened``: ``None`` for a depot that stands, else whether the plan opens it, for ``opening_cny``.
    """

    id: str
    name_zh: str
    name_en: str
    level: str
    township_id: str
    lon: float
    lat: float
    enlarged_steps: int
    enlarged_m2: float
    enlarged_cny: float
    opened: bool | None
    opening_cny: float
    floor_m2: float | None
    taken_before_m2: float
    taken_after_m2: float
    physical_m3: float
    agreement_m3: float
    capacity_m3: float


class CostLines(Strict):
    """CNY: the first four before anything happens, the rest as expected over the scenarios."""

    holding: float
    moving: float
    enlarging: float
    opening: float
    use: float
    driving: float
    penalty: float
    first_stage: float
    total: float


class PlaceServed(Strict):
    """A shelter, or the place of work, in one scenario.

    ``met``: mean share of the needs met by the end of each window; ``whole``: people who have all vital and
    basic items by the end of the relief window; ``first_s``: soonest hand-over after the event, any depot;
    ``None`` = cut off.
    """

    place_id: str
    lon: float
    lat: float
    people: int
    met: tuple[float, ...]
    whole: int
    first_s: float | None


class Sheltered(Strict):
    """People of one township who go to one shelter."""

    township_id: str
    shelter_id: str
    people: int


class Short(Strict):
    """Units short of an item at the end of a window, over all places."""

    item_id: str
    window_s: float
    needed: float
    short: float


class ScenarioResult(Strict):
    """What becomes of the plan in one scenario; ``kind`` is the written one that it is drawn from."""

    id: str
    kind: str
    name_zh: str
    name_en: str
    hazard: str
    probability: float
    displaced: dict[str, int]
    sheltered: tuple[Sheltered, ...]
    close_roads: tuple[str, ...]
    lost_depots: tuple[str, ...]
    suppliers: dict[str, float]
    use: float
    driving: float
    penalty: float
    served_whole: int
    met: tuple[float, ...]
    places: tuple[PlaceServed, ...]
    short: tuple[Short, ...]


class NamedShortage(Strict):
    """A shortage that a person must know, with what it hangs on.

    X401: nobody reaches a place with people within any window; X402: no plan keeps every rule; X403: an item
    is short in the relief window of some scenario.
    """

    code: str
    text_zh: str
    text_en: str
    scenarios: tuple[str, ...] = ()
    place_id: str = ""
    item_id: str = ""
    people: int | None = None
    units: float | None = None


class TownshipLeast(Strict):
    """What a township must hold on shelves, and why more than others."""

    id: str
    name_zh: str
    name_en: str
    share: float
    poor_roads: bool
    high_risk: bool
    drive_s: float | None
    risk: float


class Binding(Strict):
    """A limit that the plan runs into; ``price``: CNY that one unit more of it would save."""

    kind: str
    place: str
    price: float


class Decisions(Strict):
    """What to do, and what lies where before and after."""

    moves: tuple[Move, ...]
    held: tuple[Held, ...]
    depots: tuple[DepotLine, ...]


class ReservePlan(Strict):
    """A reserve plan; the same inputs give the same plan, byte for byte, unless ``stopped_by`` says time.

    ``service``: expected share of the needs met by the end of each window, mean over items.
    """

    muster: Literal[1] = 1
    kind: Literal["reserve"] = "reserve"
    name_zh: str
    name_en: str
    objective_kind: Literal["cost", "service", "cvar"]
    status: Status
    objective: Figure | None
    bound: Figure | None
    gap: float | None
    stopped_by: str | None
    seed: int
    inputs: Inputs
    people: int
    windows_s: tuple[float, ...]
    relief_window_s: float
    items: tuple[ItemLine, ...]
    decisions: Decisions
    cost: CostLines | None
    service: tuple[float, ...]
    townships: tuple[TownshipLeast, ...]
    scenarios: tuple[ScenarioResult, ...]
    binding: tuple[Binding, ...]
    further: ReserveFurther = Field(default_factory=ReserveFurther)
    simulation: Annotated[
        ReserveSimulation | None,
        Field(description="the test by simulation, where asked for", exclude_if=lambda one: one is None),
    ] = None
    shortages: tuple[NamedShortage, ...]
    warnings: tuple[PlanWarning, ...]
    provenance: tuple[LayerProvenance, ...]
    assumptions: tuple[Assumption, ...]

    @property
    def exit_code(self) -> int:
        """0 for a plan, 1 where there is none."""
        return EXIT_CODES[self.status]


def reserve_json(plan: ReservePlan) -> str:
    """The plan as JSON text, the same bytes for the same plan."""
    return plan_text(plan)


def read_reserve_plan(path: Path | str) -> ReservePlan:
    """Read a reserve plan; raises ``InputError`` P101 to P103 as ``plan_of``."""
    return plan_of(path, ReservePlan)
