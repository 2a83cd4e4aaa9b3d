"""The further parts of a siting plan, from what the solver found; nothing here searches."""

from dataclasses import dataclass

from geo.region.region import Region
from optimizer.problem import SitingAnswer
from optimizer.siting.frontier import Frontier
from optimizer.siting.frontier import measured as measured_aims
from optimizer.siting.frontier_solve import Measure as Aimed
from optimizer.siting.pool import Pool
from optimizer.siting.robust import RobustAnswer, covered_by_state, measured, price_of_robustness
from scenarios.plan_further import (
    Conflict,
    FrontOfPlans,
    FrontPoint,
    Further,
    OtherPlan,
    PhaseServed,
    PoolOfPlans,
    RobustServed,
    StateServed,
)
from scenarios.site_asked import road_problems
from scenarios.site_choice import Choice, standing
from scenarios.site_drawn import drawn_plan
from scenarios.site_inputs import SitingInputs
from scenarios.site_problem import closing_all, priced
from scenarios.siting_rules import Aim

AIMS: dict[Aim, Aimed] = {
    "covered": "coverage",
    "mean": "mean_time",
    "worst": "worst_time",
    "cost": "cost",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FurtherSolved:
    """What the solver found beside the answer, in columns of the problem.

    Parameters
    ----------
    nominal
        The best answer on the first state of the roads alone; robust questions only.
    pool
        The answer and others that are nearly as good and different.
    front
        Plans of which none is better in every aim.
    conflicts
        Why nothing keeps all rules, where nothing does.
    """

    nominal: SitingAnswer | None = None
    pool: Pool | None = None
    front: Frontier | None = None
    conflicts: tuple[Conflict, ...] = ()
    stopped_by: str | None = None


def further(region: Region, inputs: SitingInputs, answer: SitingAnswer, solved: FurtherSolved) -> Further:
    """All further parts that the scenario asks for."""
    choice = inputs.choice(answer) if answer.objective is not None else None
    return Further(
        robust=_robust(inputs, answer, solved.nominal),
        phases=() if choice is None else _phases(inputs, choice),
        pool=_pool(inputs, answer, solved.pool),
        front=_front(inputs, solved.front),
        drawn=drawn_plan(region, inputs),
        conflicts=solved.conflicts,
    )


def _robust(inputs: SitingInputs, answer: SitingAnswer, nominal: SitingAnswer | None) -> RobustServed | None:
    rule, states = inputs.ground.section.robust, road_problems(inputs)
    if rule is None:
        return None
    before = covered_by_state(states, inputs.layout.columns(_kept(inputs)))
    with_plan = covered_by_state(states, answer.chosen) if answer.objective is not None else None
    known = nominal is not None and nominal.objective is not None
    with_nominal = covered_by_state(states, nominal.chosen) if nominal and known else None
    price = None
    if nominal and known and with_plan is not None:
        robust = RobustAnswer(answer=answer, measure=rule.measure, tail=rule.tail, covered=with_plan)
        price = price_of_robustness(states, robust, nominal)
    named = _named(inputs, inputs.layout.choice(nominal.chosen if nominal and known else answer.chosen))
    return RobustServed(
        measure=rule.measure,
        tail=rule.tail,
        states=tuple(
            StateServed(
                name_zh=state.name_zh,
                name_en=state.name_en,
                probability=state.probability,
                before=before[number],
                covered=None if with_plan is None else with_plan[number],
                nominal=None if with_nominal is None else with_nominal[number],
            )
            for number, state in enumerate(inputs.states)
        ),
        nominal_sites=named["sites"],
        nominal_closed=named["closed"],
        nominal_measure=measured(states, nominal.chosen, measure=rule.measure, tail=rule.tail)
        if nominal and known
        else None,
        price=None if price is None else price.price,
        gain=None if price is None else round(price.gain, 6),
    )


def _kept(inputs: SitingInputs) -> Choice:
    """Existing sites that the scenario lets stand."""
    usable = set(inputs.ground.usable.tolist())
    return Choice(opened=tuple(number for number in standing(inputs.sites).opened if number in usable))


def _pool(inputs: SitingInputs, answer: SitingAnswer, found: Pool | None) -> PoolOfPlans | None:
    """Plans beside the answer, which the pool has first."""
    if found is None or answer.objective is None:
        return None
    rule = inputs.ground.section.pool
    assert rule is not None
    mine = set(inputs.choice(answer).new(inputs.sites))
    plans = []
    for other in found.plans[1:]:
        assert other.objective is not None
        choice = inputs.choice(other)
        new = set(choice.new(inputs.sites))
        worse = abs(other.objective - answer.objective) / max(1.0, abs(answer.objective))
        plans.append(
            OtherPlan(
                **_named(inputs, choice),
                objective=other.objective,
                bound=other.bound,
                gap=round(worse, 9),
                differs=max(len(mine - new), len(new - mine)),
                units=choice.units_at(inputs.sites),
            )
        )
    return PoolOfPlans(
        within=rule.within, least_difference=found.differ, plans=tuple(plans), complete=found.complete
    )


def _front(inputs: SitingInputs, found: Frontier | None) -> FrontOfPlans | None:
    """Points of the front with their values."""
    rule = inputs.ground.section.front
    if rule is None or found is None:
        return None
    points = []
    spent = {"cost": closing_all(inputs.ground)}
    for point in found.points:
        values = aims_of(inputs, point.chosen)
        points.append(
            FrontPoint(
                **_named(inputs, inputs.layout.choice(point.chosen)),
                values={aim: round(values[AIMS[aim]] + spent.get(aim, 0.0), 6) for aim in rule.aims},
                limits={
                    aim: round(point.limits[AIMS[aim]] + spent.get(aim, 0.0), 6)
                    for aim in rule.aims
                    if AIMS[aim] in point.limits
                },
                bound=point.bound,
                exact=point.exact,
            )
        )
    lead = next(aim for aim, name in AIMS.items() if name == found.lead)
    return FrontOfPlans(aims=rule.aims, optimized=lead, points=tuple(points))


def aims_of(inputs: SitingInputs, chosen: tuple[int, ...]) -> dict[Aimed, float]:
    """All aims of a choice; the cost as ``priced`` counts it."""
    return measured_aims(priced(inputs.ground, inputs.problem), chosen)


def _named(inputs: SitingInputs, choice: Choice) -> dict[str, tuple[str, ...]]:
    """New sites and closed ones by id."""
    usable = set(inputs.ground.usable.tolist())
    places = inputs.sites.places
    return {
        "sites": tuple(places[number].id for number in choice.new(inputs.sites)),
        "closed": tuple(places[n].id for n in choice.closed(inputs.sites) if n in usable),
    }


def _phases(inputs: SitingInputs, choice: Choice) -> tuple[PhaseServed, ...]:
    """What stands and serves at the end of each year."""
    found = []
    people = int(inputs.points.people[inputs.points.row_point].sum())
    for phase in inputs.ground.section.phases:
        opened = tuple(n for n in choice.opened if choice.year.get(n, phase.year) <= phase.year)
        new = [n for n in opened if choice.year.get(n) == phase.year]
        found.append(
            PhaseServed(
                year=phase.year,
                weight=phase.weight,
                opened=tuple(inputs.sites.places[number].id for number in new),
                covered=inputs.covered(Choice(opened=opened)),
                people=people,
            )
        )
    return tuple(found)
