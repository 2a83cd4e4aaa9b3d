"""What the parts of a reserve plan that need a solver must agree on: nobody changes one of them alone."""

from collections.abc import Iterator

from optimizer.reserve.columns import columns
from optimizer.reserve.first_stage import first_stage
from scenarios.reserve_further import CurvePoint
from scenarios.reserve_plan import ReservePlan
from scenarios.stock_problem import StockInputs

CENTS = 0.03
"""Two figures of two rounded ones each may be so far apart, CNY."""
Difference = tuple[str, str, str]
"""Key, what was found, what was wanted."""


def inconsistencies(plan: ReservePlan, inputs: StockInputs) -> Iterator[Difference]:
    """Where value of knowing, curve and binding limits contradict each other or the question."""
    yield from _knowing(plan)
    yield from _points(plan)
    yield from _convex(plan)
    if plan.status != "infeasible":
        yield from _limits(plan, inputs)


def _knowing(plan: ReservePlan) -> Iterator[Difference]:
    """Both values measure from the cost of one plan: whoever changes one of the four figures parts them."""
    said = plan.further.knowing
    if said is None or None in (said.vss, said.evpi, said.mean_value_plan, said.wait_and_see):
        return
    from_mean = (said.mean_value_plan or 0.0) - (said.vss or 0.0)
    from_foresight = (said.wait_and_see or 0.0) + (said.evpi or 0.0)
    if abs(from_mean - from_foresight) > CENTS:
        found = f"{from_mean:,.2f} by vss, {from_foresight:,.2f} by evpi"
        yield "further.knowing", found, "one cost of the plan"


def _points(plan: ReservePlan) -> Iterator[Difference]:
    asked = plan.inputs.scenario.content["reserve"]["curve"]
    for number, point in enumerate(plan.further.curve):
        key = f"further.curve[{number}]"
        if point.factor not in asked:
            yield f"{key}.factor", f"{point.factor:g}", f"one of {asked}"
        if point.spent < point.first_stage - CENTS:
            yield f"{key}.spent", f"{point.spent:,.2f}", f"at least first_stage {point.first_stage:,.2f}"
        if len(point.met) != len(plan.windows_s) or not all(-CENTS <= met <= 1 for met in point.met):
            yield f"{key}.met", str(point.met), "a share of 0 to 1 for each window"


def _convex(plan: ReservePlan) -> Iterator[Difference]:
    """No point, nor the plan, may cost less at a point's own weight than the point's proven bound."""
    others = [(one.spent, one.penalty) for one in plan.further.curve]
    if plan.cost is not None:
        others.append((plan.cost.total - plan.cost.penalty, plan.cost.penalty))
    for number, point in enumerate(plan.further.curve):
        least = min(spent + point.factor * penalty for spent, penalty in others)
        if least < _bound(point) - CENTS * (1 + point.factor):
            key = f"further.curve[{number}]"
            yield key, f"{_bound(point):,.2f} at least", f"no plan below it, not {least:,.2f}"


def _bound(point: CurvePoint) -> float:
    worth = point.spent + point.factor * point.penalty
    return worth - (point.gap + 1e-9) * max(1.0, abs(worth))


def _limits(plan: ReservePlan, inputs: StockInputs) -> Iterator[Difference]:
    known = {limit for limit in first_stage(inputs.problem, columns(inputs.problem)).limits if limit[0]}
    for number, one in enumerate(plan.binding):
        if (one.kind, one.place) not in known and one.kind != "service":
            yield f"binding[{number}]", f"{one.kind} {one.place}", "a limit of the question"
