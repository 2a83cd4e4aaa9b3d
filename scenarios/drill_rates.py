"""How often who calls from where: rates by hour of the week for groups of places and kinds."""

from dataclasses import dataclass

import numpy as np

from geo.errors import Fault, InputError
from geo.region.region import Region
from optimizer.problem import Floats, Int64s
from scenarios.drill_calls_check import hours_of
from scenarios.drill_calls_models import RateRow
from scenarios.drill_models import DrillScenario
from scenarios.drill_places import Places

WEEK_H = 168


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Groups:
    """Groups of calls as ``optimizer.drill.arrivals.Source`` wants them, hours from Monday 0:00 on."""

    rate_per_h: Floats
    kind: Int64s
    place_from: Int64s
    node: Int64s
    share: Floats


def groups_of(region: Region, scenario: DrillScenario, places: Places) -> Groups:
    """Groups of a drill; none where its calls come from a log.

    Raises
    ------
    InputError
        S469 a township of a rate table that the region does not know or nobody calls from.
    """
    calls = scenario.drill.calls
    if calls.per_day is not None:
        rates = [(kind, "", _profile(scenario) * share) for kind, share in enumerate(_kind_shares(scenario))]
    elif calls.rates is not None and calls.read is not None:
        _refuse_unknown(calls.rates, calls.read.rates, places)
        rates = _tabled(scenario, calls.read.rates)
    else:
        rates = []
    where = {name: _shares(places, name) for name in {township for _, township, _ in rates}}
    sizes = [len(where[township][0]) for _, township, _ in rates]
    return Groups(
        rate_per_h=np.stack([rate for _, _, rate in rates], axis=1) if rates else np.zeros((WEEK_H, 0)),
        kind=np.array([kind for kind, _, _ in rates], np.int64),
        place_from=np.cumsum([0, *sizes]).astype(np.int64),
        node=np.concatenate([np.empty(0, np.int64), *(where[township][0] for _, township, _ in rates)]),
        share=np.concatenate([np.empty(0), *(where[township][1] for _, township, _ in rates)]),
    )


def _profile(scenario: DrillScenario) -> Floats:
    """Calls per hour by hour of the week, for a mean of ``per_day``, shape (168,)."""
    calls = scenario.drill.calls
    hours, days = np.array(calls.hours), np.array(calls.weekdays)
    weights = np.outer(days / days.mean(), hours / hours.sum()).ravel()
    return np.asarray(weights * (calls.per_day or 0.0), np.float64)


def _kind_shares(scenario: DrillScenario) -> Floats:
    shares = np.array([kind.share for kind in scenario.drill.kinds])
    return np.asarray(shares / shares.sum(), np.float64)


def _tabled(scenario: DrillScenario, rows: tuple[RateRow, ...]) -> list[tuple[int, str, Floats]]:
    """Kind, township and rate by hour; a row without kind counts for all kinds by their shares."""
    number = {kind.id: at for at, kind in enumerate(scenario.drill.kinds)}
    shares = _kind_shares(scenario)
    found: dict[tuple[int, str], Floats] = {}
    for row in rows:
        for kind in [number[row.kind]] if row.kind else range(len(shares)):
            rate = found.setdefault((kind, row.township), np.zeros(WEEK_H))
            rate[list(hours_of(row))] += row.calls_per_h * (1.0 if row.kind else shares[kind])
    return [(*group, found[group]) for group in sorted(found)]


def _shares(places: Places, township: str) -> tuple[Int64s, Floats]:
    """Places of a township, all of them for "", and their cumulative shares, which end at 1."""
    here = np.arange(len(places.weight))
    if township:
        here = np.flatnonzero(places.township == places.townships.index(township))
    weight = places.weight[here]
    weight = weight if weight.sum() > 0 else np.ones(len(here))
    share = np.cumsum(weight) / weight.sum()
    share[-1] = 1.0
    return here, share


def _refuse_unknown(file: str, rows: tuple[RateRow, ...], places: Places) -> None:
    named = sorted({row.township for row in rows if row.township})
    there = {places.townships[number] for number in np.unique(places.township[places.township >= 0])}
    if unknown := [name for name in named if name not in there]:
        raise InputError(
            Fault(
                code="S469",
                where=f"{file} township_id",
                found=f"{name!r}, from which nobody calls",
                wanted=f"one of {', '.join(sorted(there))}",
                fix="Correct the id, or give the places of the region their township.",
            )
            for name in unknown
        )
