"""What becomes of a plan in each scenario: who is served when, what is short where."""

from collections.abc import Iterator

import numpy as np

from geo.region.region import Region
from optimizer.problem import Floats
from optimizer.reserve.reserve_answer import Outcome
from scenarios.reserve_models import Emergency
from scenarios.reserve_people import Displaced
from scenarios.reserve_plan import PlaceServed, ScenarioResult, Sheltered, Short
from scenarios.reserve_rules import ReserveRules
from scenarios.reserve_scenarios import Cases
from scenarios.stock_problem import StockInputs

_DUST = 1e-6
MUST = ("vital", "basic")
"""Weights of the items that people must have to count as served."""


def relief_window(windows_s: tuple[float, ...], rules: ReserveRules) -> int:
    """Number of the last window that ends within the time for relief; the first where none does."""
    within = [number for number, end in enumerate(windows_s) if end <= rules.relief_within.value]
    return within[-1] if within else 0


def scenario_results(
    region: Region, inputs: StockInputs, cases: Cases, outcome: Outcome
) -> tuple[ScenarioResult, ...]:
    """One result a scenario, in their order."""
    spots = _spots(region)
    soonest = inputs.problem.ready_s.min(axis=(1, 2))
    written = {one.id: one for one in inputs.section.scenarios}
    found = []
    for number, one in enumerate(cases.emergencies):
        need, short = cases.scenarios.need[number], outcome.shortage[number]
        met = _met(need, short)
        first = (cases.scenarios.door_s[number] + soonest[:, None]).min(axis=0)
        site = inputs.maker.grounds.of(one).site
        lonlat = [*(spots[name] for name in cases.places[:-1]), (round(site[0], 7), round(site[1], 7))]
        whole = served_whole(inputs, cases, outcome, number)
        asked = np.flatnonzero(need[..., -1].any(axis=1) | (cases.people[number] > 0))
        found.append(
            ScenarioResult(
                id=one.id,
                kind=_kind(one, written),
                name_zh=one.name_zh,
                name_en=one.name_en,
                hazard=one.hazard,
                probability=round(float(cases.scenarios.probability[number]), 12),
                displaced=dict(cases.displaced[number].by_township),
                sheltered=tuple(_sheltered(inputs, one, cases.displaced[number])),
                close_roads=one.close_roads,
                lost_depots=_lost(inputs, one),
                suppliers=_suppliers(inputs, one),
                use=_money(outcome.use[number]),
                driving=_money(outcome.driving[number]),
                penalty=_money(outcome.penalty[number]),
                served_whole=int(whole.sum()),
                met=_rounded(_met(need.sum(axis=0)[None], short.sum(axis=0)[None])[0]),
                places=tuple(
                    PlaceServed(
                        place_id=cases.places[j],
                        lon=lonlat[j][0],
                        lat=lonlat[j][1],
                        people=int(cases.people[number, j]),
                        met=_rounded(met[j]),
                        whole=int(whole[j]),
                        first_s=round(float(first[j]), 1) if np.isfinite(first[j]) else None,
                    )
                    for j in asked.tolist()
                ),
                short=tuple(_short(inputs, need.sum(axis=0), short.sum(axis=0))),
            )
        )
    return tuple(found)


def served_whole(inputs: StockInputs, cases: Cases, outcome: Outcome, number: int) -> Floats:
    """People at each place who have all vital and basic items by the end of the relief window, shape (j,)."""
    must = np.array([inputs.rules.kind_of(item.id)[0] in MUST for item in inputs.items])
    at = relief_window(inputs.section.windows, inputs.rules)
    need, short = cases.scenarios.need[number], outcome.shortage[number]
    return _whole(cases.people[number], need[:, must, at], short[:, must, at])


def _met(need: Floats, short: Floats) -> Floats:
    """Mean share of the needs met by place and window, over the items needed there by then; 1 without any."""
    asked = need > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(asked, 1 - short / need, 0.0)
    count = asked.sum(axis=1)
    return np.asarray(np.where(count > 0, share.sum(axis=1) / np.maximum(count, 1), 1.0))


def _whole(people: Floats, need: Floats, short: Floats) -> Floats:
    """People at each place who have all of what they must, shape (j,)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(need > 0, 1 - short / need, 1.0)
    least = share.min(axis=1, initial=1.0)
    return np.asarray(np.floor(people * least + 1e-6), np.float64)


def _short(inputs: StockInputs, need: Floats, short: Floats) -> Iterator[Short]:
    for k, w in np.argwhere(short > _DUST).tolist():
        yield Short(
            item_id=inputs.items[k].id,
            window_s=inputs.section.windows[w],
            needed=round(float(need[k, w]), 6),
            short=round(float(short[k, w]), 6),
        )


def _kind(one: Emergency, written: dict[str, Emergency]) -> str:
    """The written emergency that a drawn one stands for; drawn ones carry its id and a number."""
    return one.id if one.id in written else one.id.rsplit("-", 1)[0]


def _sheltered(inputs: StockInputs, one: Emergency, gone: Displaced) -> Iterator[Sheltered]:
    shelters, townships = inputs.maker.grounds.of(one).shelters, list(gone.by_township)
    for home, place in np.argwhere(gone.to_shelter > 0).tolist():
        yield Sheltered(
            township_id=townships[home],
            shelter_id=shelters[place].id,
            people=int(gone.to_shelter[home, place]),
        )


def _lost(inputs: StockInputs, one: Emergency) -> tuple[str, ...]:
    ids = inputs.hand.sources.depot_ids
    inside = {ids[number] for number in np.flatnonzero(inputs.maker.grounds.of(one).inside).tolist()}
    return tuple(sorted(inside | set(one.lost_depots)))


def _suppliers(inputs: StockInputs, one: Emergency) -> dict[str, float]:
    delivers = one.suppliers or inputs.rules.left.after[one.hazard]
    return {"agreement": delivers.agreement, "capacity": delivers.capacity}


def _spots(region: Region) -> dict[str, tuple[float, float]]:
    """Longitude and latitude of each shelter."""
    table = region.placed("shelters")
    return {
        str(name): (round(float(x), 7), round(float(y), 7))
        for name, x, y in zip(table["id"], table.geometry.x, table.geometry.y, strict=True)
    }


def _money(value: float) -> float:
    return round(float(value), 2)


def _rounded(values: Floats) -> tuple[float, ...]:
    return tuple(round(float(one), 9) for one in values)
