"""A region and a scenario as the question that the optimizer answers."""

from dataclasses import dataclass

import numpy as np

from geo.errors import refuse
from geo.region.region import Region
from geo.vehicle_file import read_vehicle_classes
from optimizer.reserve.reserve_answer import Aim
from optimizer.reserve.reserve_problem import ReserveProblem
from scenarios.items import Item, region_items
from scenarios.plan import PlanWarning
from scenarios.reserve_draws import drawn
from scenarios.reserve_ground import Grounds
from scenarios.reserve_models import ReserveScenario, ReserveSection
from scenarios.reserve_places import homes_of
from scenarios.reserve_rules import ReserveRules, reserve_rules
from scenarios.reserve_scenarios import CaseMaker, Cases
from scenarios.stock_hand import InHand, in_hand
from scenarios.stock_money import depot_arrays, item_arrays, most, penalty, ready_arrays
from scenarios.stock_rules import Least, least_rules

FRESH = 1
"""Second part of the seed of fresh scenarios: another stream of numbers than that of ``generate``."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StockInputs:
    """Everything a reserve plan is computed from."""

    section: ReserveSection
    rules: ReserveRules
    items: tuple[Item, ...]
    hand: InHand
    maker: CaseMaker
    cases: Cases
    least: Least
    problem: ReserveProblem
    aim: Aim
    warnings: tuple[PlanWarning, ...]

    def fresh(self, count: int, seed: int) -> Cases:
        """Cases drawn anew from the written scenarios; no seed gives those that a plan is made for."""
        written = self.section.scenarios
        return self.maker.cases(drawn(self.maker.grounds, written, count=count, seed=(seed, FRESH)))


def stock_inputs(region: Region, scenario: ReserveScenario) -> StockInputs:
    """Read what a reserve plan needs out of a region.

    Raises
    ------
    InputError
        S401 to S404 items, S423 unknown names, S425 depots over their floor, S426 items that the region does
        not know, S427 no depot, S428 no shelter, S433 no truck of that class, S434 depots that cannot be
        opened; and those of the hazards.
    """
    section, rules = scenario.reserve, reserve_rules()
    known = region_items(region)
    items = _asked(section, known)
    _refuse_class(section.trucks.vehicle_class)
    if not len(region.placed("shelters")):
        raise _no_shelter(region)
    hand = in_hand(region, items, known, rules, on=section.counted_on)
    cold = section.season == "winter"
    grounds = Grounds(
        region=region,
        rules=rules,
        homes=homes_of(region),
        depots=hand.sources.lonlat,
        vehicle=section.trucks.vehicle_class,
        people=section.people,
        cold=cold,
    )
    maker = CaseMaker(grounds=grounds, section=section, items=items, sources=hand.sources)
    written, asked = section.scenarios, section.generate
    cases = maker.cases(drawn(grounds, written, count=asked.count, seed=asked.seed) if asked else written)
    least = least_rules(region, section, items, hand.sources, cases, rules)
    return StockInputs(
        section=section,
        rules=rules,
        items=items,
        hand=hand,
        maker=maker,
        cases=cases,
        least=least,
        problem=_problem(region, section, items, hand, cases, least, rules),
        aim=aim_of(section),
        warnings=(*hand.warnings, *least.warnings, *_beyond(cases)),
    )


def aim_of(section: ReserveSection) -> Aim:
    """What is made least, in the optimizer's words."""
    said = section.objective
    return Aim(
        kind="expected" if said.least == "cost" else said.least,
        service=said.service,
        cvar_level=said.level,
        cvar_weight=said.weight if said.least == "cvar" else 0.0,
    )


def _problem(
    region: Region,
    section: ReserveSection,
    items: tuple[Item, ...],
    hand: InHand,
    cases: Cases,
    least: Least,
    rules: ReserveRules,
) -> ReserveProblem:
    truck = read_vehicle_classes()[section.trucks.vehicle_class]
    largest = cases.scenarios.need[..., -1].sum(axis=1).max(axis=0)
    ready_s, ready_share = ready_arrays(hand, rules)
    return ReserveProblem(
        depots=depot_arrays(region, hand, rules, opening=section.opening),
        items=item_arrays(items, rules),
        scenarios=cases.scenarios,
        in_hand=hand.quantity,
        most=most(region, items, hand, rules, largest=largest, opening=section.opening),
        ready_s=ready_s,
        ready_share=ready_share,
        windows_s=np.array(section.windows, np.float64),
        penalty=penalty(items, section.windows, rules),
        truck_m3=truck.load_m3 or np.inf,
        truck_kg=truck.load_kg or np.inf,
        truck_cost_s=rules.truck_cny_h.value / 3600,
        budget=np.inf if section.budget is None else section.budget,
        agreement_share=section.agreement_share,
        least=least.rules,
    )


def _asked(section: ReserveSection, known: tuple[Item, ...]) -> tuple[Item, ...]:
    """The items of the question, in the order of the region; those that nobody needs are left out of all."""
    if section.items == "all":
        return tuple(item for item in known if item.rule is not None)
    ids = {item.id for item in known}
    unknown = [one for one in section.items if one not in ids]
    if unknown or not section.items:
        raise refuse(
            "S426",
            where="reserve.items",
            found=", ".join(unknown) or "no item",
            wanted="ids of the items of the region, or of the shipped catalogue where it has none",
            fix="Correct the ids, or add the items to the layer items.",
        )
    return tuple(item for item in known if item.id in section.items)


def _refuse_class(name: str) -> None:
    classes = read_vehicle_classes()
    if name not in classes or not (classes[name].load_kg or 0) > 0:
        raise refuse(
            "S433",
            where="reserve.trucks.vehicle_class",
            found=repr(name),
            wanted=", ".join(sorted(one for one, told in classes.items() if (told.load_kg or 0) > 0)),
            fix="Use the name of a class that carries goods.",
        )


def _no_shelter(region: Region) -> Exception:
    return refuse(
        "S428",
        where=f"region {region.name}, layer shelters",
        found="no shelter with a place on the map",
        wanted="at least one",
        fix="Add shelters, or place those that have no coordinates.",
    )


def _beyond(cases: Cases) -> tuple[PlanWarning, ...]:
    """S429 for scenarios in which the shelters do not have places for all."""
    full = [
        (one.id, gone.beyond)
        for one, gone in zip(cases.emergencies, cases.displaced, strict=True)
        if gone.beyond
    ]
    if not full:
        return ()
    return (
        PlanWarning(
            code="S429",
            text_zh="避难场所容量不足的情景，多出者按最近场所计",
            text_en="scenarios in which shelters lack places; the others count at the nearest",
            records=tuple(name for name, _ in full),
            people=max(beyond for _, beyond in full),
        ),
    )
