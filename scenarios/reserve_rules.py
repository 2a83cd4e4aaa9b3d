"""What a reserve plan assumes beyond catalogue and scenario file: ``scenarios/data/reserve_rules.yaml``."""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Literal

import yaml
from pydantic import Field

from scenarios.durations import Duration
from scenarios.incident_models import IncidentHazard
from scenarios.model_base import Id, Strict
from scenarios.shipped import DATA

Share = Annotated[float, Field(ge=0, le=1)]
AtLeast0 = Annotated[float, Field(ge=0)]
Above0 = Annotated[float, Field(gt=0)]
Weight = Literal["vital", "basic", "useful"]


class Sourced(Strict):
    """Figures and where they come from."""

    source: Id
    note: str = ""


class SourcedDuration(Sourced):
    """Seconds."""

    value: Duration


class SourcedNumber(Sourced):
    """A number in the unit of its name."""

    value: AtLeast0


class Fees(Sourced):
    """Share of the price paid for the promise, over the years of the plan."""

    agreement: Share
    capacity: Share


class PriceAtUse(Sourced):
    """Share of the price paid for what is handed over."""

    physical: AtLeast0
    agreement: AtLeast0
    capacity: AtLeast0


class ShortageRule(Sourced):
    """Penalty of a unit short: prices, and how they are spread over the ends of windows."""

    times_price: AtLeast0
    windows: Mapping[Duration, AtLeast0]


class Counts(Sourced):
    """What a shortage counts by the weight of its item."""

    vital: AtLeast0
    basic: AtLeast0
    useful: AtLeast0


class DueRule(Sourced):
    """Share of the need due by a time after the event, inclusive."""

    shares: Mapping[Duration, Share]

    def by(self, window_s: float) -> float:
        """Share due by the end of a window."""
        return max((share for at, share in self.shares.items() if at <= window_s), default=0.0)


class StorageRule(Sourced):
    """How goods lie: heights in m by storage class, share of floor used, kg a m2 bears, m2 of a step."""

    stack_m: Mapping[str, Above0]
    used_floor: Annotated[float, Field(gt=0, le=1)]
    load_kg_m2: Above0
    enlarge_step_m2: Above0
    height_m: Above0


class AgreementRule(Sourced):
    """Which new agreements suppliers would sign: share of the largest need by level, items by lead time."""

    levels: Mapping[Literal["county", "township", "village"], AtLeast0]
    soonest_only: tuple[Literal["county", "township", "village"], ...]
    lead: Mapping[Duration, tuple[Id, ...]]

    def share(self, level: str, lead: int | None) -> float:
        """Share of the largest need that suppliers at depots of a level can promise in a lead class."""
        if lead is None or (lead > 0 and level in self.soonest_only):
            return 0.0
        return {str(name): share for name, share in self.levels.items()}.get(level, 0.0)


class CapacityRule(Sourced):
    """How makers deliver: ``growth`` over what they promise now, in ``batches`` ready by ``until``."""

    growth: Annotated[float, Field(ge=1)]
    batches: Annotated[int, Field(ge=1, le=24)]
    until: Duration


class LeadClasses(Sourced):
    """Lead times that are told apart, ascending."""

    value: tuple[Duration, ...]


class Left(Strict):
    """Share of what is held that is there after an event."""

    agreement: Share
    capacity: Share
    shelves: Share


class LeftRule(Sourced):
    """What is left, by kind of event."""

    after: Mapping[IncidentHazard, Left]


class ItemRule(Sourced):
    """Items by their weight and by the name of their rule of ``due``."""

    weights: Mapping[Weight, Mapping[Id, tuple[Id, ...]]]


class LevelRule(Sourced):
    """When a township's least share is strengthened: by the drive from the county depot, or by risk."""

    poor_roads_beyond: Duration
    high_risk_times: Above0
    strengthened: Annotated[float, Field(ge=1)]


class DrawRule(Sourced):
    """How scenarios are drawn; probabilities by value, spreads as standard deviation of the logarithm."""

    depth_factors: Mapping[Above0, Share]
    wind_sectors: Annotated[int, Field(ge=1, le=36)]
    wind_m_s: Mapping[AtLeast0, Share]
    bridge_down: Mapping[IncidentHazard, Share]
    depot_lost: Mapping[IncidentHazard, Share]
    spread_of_people: AtLeast0
    quake_decay_km: Above0
    supplier_spread: AtLeast0


class ReserveRules(Strict):
    """All of them; the file says what each means."""

    muster_reserve: Literal[1]
    order: SourcedDuration
    relief_within: SourcedDuration
    loading: SourcedDuration
    unloading: SourcedDuration
    years: SourcedNumber
    upkeep_a_year: SourcedNumber
    reserve_fee: Fees
    price_at_use: PriceAtUse
    moving_cny_m3: SourcedNumber
    truck_cny_h: SourcedNumber
    shortage: ShortageRule
    counts: Counts
    due: Mapping[Id, DueRule]
    items: ItemRule
    storage: StorageRule
    agreement: AgreementRule
    capacity: CapacityRule
    lead_classes: LeadClasses
    left: LeftRule
    levels: LevelRule
    draws: DrawRule

    def kind_of(self, item_id: str) -> tuple[Weight, str]:
        """Weight of an item and the name of its rule of ``due``."""
        for weight, told in self.items.weights.items():
            for due, items in told.items():
                if item_id in items:
                    return weight, due
        return "useful", "relief"

    def lead_s(self, item_id: str) -> float | None:
        """Lead time of a new agreement about an item, s; ``None`` = nobody would sign one."""
        return next((lead for lead, items in self.agreement.lead.items() if item_id in items), None)

    def lead_class(self, lead_s: float) -> int | None:
        """Number of the lead class that a lead time counts as; ``None`` beyond the last."""
        return next((number for number, one in enumerate(self.lead_classes.value) if lead_s <= one), None)


@cache
def reserve_rules() -> ReserveRules:
    """The rules as shipped with the program."""
    return ReserveRules.model_validate(yaml.safe_load((DATA / "reserve_rules.yaml").read_text("utf-8")))
