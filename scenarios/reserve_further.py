"""What a reserve plan says beside its decisions: curve, rules compared, fresh scenarios, renewal."""

from scenarios.model_base import Strict
from scenarios.plan import Status


class CurvePoint(Strict):
    """What is spent against how well needs are met, for one weight of the penalties.

    ``met``: share of the needs met by the end of each window, mean over items; ``spent``: before the event,
    use and driving, CNY; ``penalty``: expected, at its own weight; ``gap``: of the point's own question.
    """

    factor: float
    met: tuple[float, ...]
    first_stage: float
    spent: float
    penalty: float
    gap: float


class Compared(Strict):
    """Another plan under the same scenarios: what it costs and how much it leaves short.

    ``rule``: ``present`` (what is in hand), ``county`` (all in the county depot), ``equal`` (the same to
    every depot), ``without_MODE`` (the best without a way of holding, with its proven ``bound``).
    ``met``: share of the needs met in each window, mean over items.
    """

    rule: str
    status: Status
    first_stage: float | None
    total: float | None
    penalty: float | None
    met: tuple[float, ...]
    bound: float | None = None


class Knowing(Strict):
    """What planning for all scenarios is worth, CNY: over the plan for their mean, and short of foresight."""

    vss: float | None
    evpi: float | None
    mean_value_plan: float | None
    wait_and_see: float | None


class Estimate(Strict):
    """A mean over scenarios with its 95 % confidence interval; ``None`` where they are all that there are."""

    mean: float
    low: float | None = None
    high: float | None = None


class Validation(Strict):
    """The plan on the scenarios it was made for, and on fresh ones.

    ``served``: people who have all vital and basic items by the end of the relief window; ``everybody``:
    probability that these are all; ``met``: share of the needs met by the end of each window.
    """

    scenarios: int
    seed: int
    in_cost: Estimate
    out_cost: Estimate
    in_penalty: Estimate
    out_penalty: Estimate
    in_served: Estimate
    out_served: Estimate
    in_everybody: Estimate
    out_everybody: Estimate
    in_met: tuple[Estimate, ...]
    out_met: tuple[Estimate, ...]


class Renewal(Strict):
    """Units of an item bought, given away or written off in one month (its first day)."""

    month: str
    item_id: str
    name_zh: str
    name_en: str
    bought: int
    donated: int
    written_off: int


class Rotation(Strict):
    """First-expiry-first-out calendar of the shelves, CNY by budget year and in all, at today's prices.

    ``dearest_just_in_time_cny``: dearest year when everything is bought when it lacks.
    """

    start: str
    months: int
    years_cny: tuple[float, ...]
    years_donated_cny: tuple[float, ...]
    years_written_off_cny: tuple[float, ...]
    dearest_just_in_time_cny: float
    bought_cny: float
    donated_cny: float
    written_off_cny: float
    renewals: tuple[Renewal, ...]


class ReserveFurther(Strict):
    """Each part is empty where it was not asked or the clock ran out."""

    curve: tuple[CurvePoint, ...] = ()
    compared: tuple[Compared, ...] = ()
    knowing: Knowing | None = None
    validation: Validation | None = None
    rotation: Rotation | None = None
