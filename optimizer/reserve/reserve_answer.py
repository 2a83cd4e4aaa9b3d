"""What to keep where and how, what that costs, and how much is short in which scenario."""

from dataclasses import dataclass
from typing import Literal

from optimizer.problem import Bools, Floats, Int64s, Status

AimKind = Literal["expected", "service", "cvar"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What is made least.

    Parameters
    ----------
    kind
        ``expected``: cost of the first stage plus expected cost of use, driving and penalties. ``service``:
        the same without penalties, so that at least ``service`` is met. ``cvar``: ``expected`` plus
        ``cvar_weight`` times the conditional value at risk of the whole cost at ``cvar_level``, the mean of
        the dearest 1 - ``cvar_level`` of the outcomes (Rockafellar & Uryasev 2000, 10.21314/JOR.2000.038).
    service
        For each window the least expected share of needs met by its end, 0 to 1, mean over the items that
        anybody needs by then (``service_met``); empty = none asked.
    """

    kind: AimKind = "expected"
    service: tuple[float, ...] = ()
    cvar_level: float = 0.8
    cvar_weight: float = 0.0

    def __post_init__(self) -> None:
        if any(not 0 <= share <= 1 for share in self.service):
            raise ValueError(f"service: want shares 0 to 1, got {self.service}")
        if self.kind == "service" and not self.service:
            raise ValueError("service: want a share for each window")
        if not 0 <= self.cvar_level < 1 or not 0 <= self.cvar_weight < float("inf"):
            raise ValueError("want cvar_level from 0 to below 1 and cvar_weight >= 0")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Holding:
    """A plan: the choices of the first stage.

    Parameters
    ----------
    quantity
        Units held, shape (d, k, m).
    steps
        Steps of enlargement, shape (d,).
    opened
        Depots opened at a cost, shape (d,); those that cost nothing to open are open.
    """

    quantity: Floats
    steps: Int64s
    opened: Bools


@dataclass(frozen=True, slots=True, kw_only=True)
class CostSplit:
    """What a plan costs: the first four before anything happens, the rest as expected over the scenarios."""

    holding: float
    moving: float
    enlarging: float
    opening: float
    use: float
    driving: float
    penalty: float

    @property
    def first_stage(self) -> float:
        """What the budget limits."""
        return self.holding + self.moving + self.enlarging + self.opening

    @property
    def total(self) -> float:
        """First stage and expected second stage, penalties included."""
        return self.first_stage + self.use + self.driving + self.penalty


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """One limit that a plan runs into.

    Parameters
    ----------
    kind, place
        ``budget``, ``agreement_share``, ``floor``, ``volume``, ``load``, ``opening``, ``least`` or
        ``service``; depot, rule or window that it is about, empty where there is one of the kind.
    price
        What one unit more of the limit (CNY, m2, kg, unit, share) would save.
    """

    kind: str
    place: str
    price: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Delivered:
    """What is brought where, one entry for each kind of delivery; arrays of one length.

    Parameters
    ----------
    scenario, depot, item, mode, batch, shelter, window
        Numbers; ``window`` is the one in which it is handed over.
    units
        > 0.
    """

    scenario: Int64s
    depot: Int64s
    item: Int64s
    mode: Int64s
    batch: Int64s
    shelter: Int64s
    window: Int64s
    units: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outcome:
    """What becomes of a plan in each scenario.

    Parameters
    ----------
    use, driving, penalty
        Cost by scenario, shape (n,).
    shortage
        Units short at the end of each window, shape (n, j, k, w).
    delivered
        What makes it so.
    """

    use: Floats
    driving: Floats
    penalty: Floats
    shortage: Floats
    delivered: Delivered

    @property
    def cost(self) -> Floats:
        """Cost of the second stage by scenario, shape (n,)."""
        return self.use + self.driving + self.penalty


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReserveAnswer:
    """A plan with its proof.

    Parameters
    ----------
    status
        ``optimal`` within the gap asked for, ``feasible``, ``infeasible`` or ``cancelled`` (nothing found).
    held, cost, outcome
        ``None`` without a plan.
    objective, bound
        In the aim's measure; ``bound`` is what no plan can go below.
    binding
        Limits that hold the plan back, dearest first; when infeasible those that exclude each other.
    stopped_by
        ``time`` or ``user`` when the search ended before its proof.
    """

    status: Status
    held: Holding | None
    objective: float | None
    bound: float | None
    cost: CostSplit | None = None
    outcome: Outcome | None = None
    binding: tuple[Binding, ...] = ()
    stopped_by: str | None = None

    @property
    def gap(self) -> float | None:
        """Distance of bound and objective over the objective (over 1 below that)."""
        if self.objective is None or self.bound is None:
            return None
        return abs(self.objective - self.bound) / max(1.0, abs(self.objective))
