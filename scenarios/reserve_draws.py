"""Any number of emergencies drawn from those that a planner wrote down."""

from collections.abc import Mapping
from typing import TypeVar

import numpy as np

from scenarios.incident_models import FLOODS, RELEASES
from scenarios.reserve_ground import Grounds
from scenarios.reserve_models import Emergency, Suppliers
from scenarios.reserve_people import displaced_by_township
from scenarios.reserve_places import apportioned
from scenarios.reserve_rules import DrawRule

T = TypeVar("T")


def drawn(
    grounds: Grounds, written: tuple[Emergency, ...], *, count: int, seed: int | tuple[int, int]
) -> tuple[Emergency, ...]:
    """Emergencies of equal probability that stand for the written ones.

    Each written one gives as many as its probability asks (systematic sampling, so that a class of events is
    never missed by chance when it is due at least once), with another depth of water or wind, bridges that
    fall, depots that are lost, suppliers that fail and people spread otherwise; ``DrawRule`` says how much.
    The same seed gives the same emergencies.
    """
    chance = np.random.default_rng(seed)
    bridges, depots = _bridges(grounds), tuple(map(str, grounds.region.placed("depots")["id"]))
    edges = np.cumsum([one.probability for one in written])
    at = (chance.random() + np.arange(count)) / count
    kinds = np.minimum(np.searchsorted(edges, at * edges[-1], side="right"), len(written) - 1)
    return tuple(
        _one(grounds, written[int(kind)], number, count, bridges, depots, chance)
        for number, kind in enumerate(kinds)
    )


def _one(
    grounds: Grounds,
    kind: Emergency,
    number: int,
    count: int,
    bridges: tuple[str, ...],
    depots: tuple[str, ...],
    chance: np.random.Generator,
) -> Emergency:
    rule = grounds.rules.draws
    cut = _failing(bridges, rule.bridge_down.get(kind.hazard, 0.0), chance)
    lost = _failing(depots, rule.depot_lost.get(kind.hazard, 0.0), chance)
    other = kind.model_copy(
        update={
            "id": f"{kind.id}-{number + 1}",
            "probability": 1 / count,
            "close_roads": tuple(sorted({*kind.close_roads, *cut})),
            "lost_depots": tuple(sorted({*kind.lost_depots, *lost})),
            "suppliers": _suppliers(grounds, kind, chance),
            "depth_factor": kind.depth_factor * _picked(rule.depth_factors, chance),
            "weather": kind.weather.model_copy(update=_wind(rule, chance)),
        }
    )
    if kind.hazard not in FLOODS:
        other = other.model_copy(update={"depth_factor": kind.depth_factor})
    if kind.hazard not in RELEASES:
        other = other.model_copy(update={"weather": kind.weather})
    return other.model_copy(update={"displaced": _people(grounds, other, rule, chance)})


def _people(
    grounds: Grounds, emergency: Emergency, rule: DrawRule, chance: np.random.Generator
) -> dict[str, int]:
    """The people of the townships, each weighed by a factor of its own; their sum stays."""
    people = displaced_by_township(grounds, emergency)
    weight = np.array(list(people.values())) * chance.lognormal(0.0, rule.spread_of_people, len(people))
    parts = apportioned(grounds.people, weight)
    return {name: int(n) for name, n in zip(people, parts, strict=True) if n}


def _suppliers(grounds: Grounds, kind: Emergency, chance: np.random.Generator) -> Suppliers:
    left = kind.suppliers or grounds.rules.left.after[kind.hazard]
    spread = chance.normal(0.0, grounds.rules.draws.supplier_spread, 2)
    shares = np.clip(np.array([left.agreement, left.capacity]) + spread, 0.0, 1.0).round(3)
    return Suppliers(agreement=float(shares[0]), capacity=float(shares[1]))


def _wind(rule: DrawRule, chance: np.random.Generator) -> dict[str, float]:
    sector = int(chance.integers(rule.wind_sectors))
    return {
        "wind_from_deg": 360.0 * sector / rule.wind_sectors,
        "wind_m_s": float(_picked(rule.wind_m_s, chance)),
    }


def _picked(choices: Mapping[T, float], chance: np.random.Generator) -> T:
    edges = np.cumsum(list(choices.values()))
    return list(choices)[
        min(int(np.searchsorted(edges, chance.random() * edges[-1], side="right")), len(edges) - 1)
    ]


def _failing(names: tuple[str, ...], share: float, chance: np.random.Generator) -> tuple[str, ...]:
    """Names that fail; as many numbers are drawn whatever the share, so that one figure changes one thing."""
    return tuple(name for name, at in zip(names, chance.random(len(names)), strict=True) if at < share)


def _bridges(grounds: Grounds) -> tuple[str, ...]:
    """Records of the roads that are named bridges over rivers."""
    roads = grounds.region.placed("roads")
    return tuple(map(str, roads["id"][roads["bridge"] == "yes"]))
